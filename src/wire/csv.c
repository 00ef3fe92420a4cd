/* SPDX-License-Identifier: MIT */
#include "wire/csv.h"

#include <string.h>

#include "text.h"

static const char not_utf8[] = "not valid UTF-8";
static const char nul_byte[] = "a NUL byte";
static const char too_long[] = "a record longer than the maximum";
static const char too_many[] = "more fields than the maximum";
static const char open_quote[] = "a quote is opened and never closed";
static const char after_quote[] = "text behind a closing quote";
static const char not_like_header[] = "not as many fields as the header has";

/* What a look for the end of the record at csv->start found. */
enum found { FOUND_RECORD, FOUND_MORE, FOUND_FAULT };

struct extent {
	size_t len;   /* without the line end */
	size_t total; /* with it */
};

static const uint64_t each_byte = UINT64_C(0x0101010101010101);
static const uint64_t high_bits = UINT64_C(0x8080808080808080);

static const char *text_fault(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t i = 0;

	while (i < len) {
		uint64_t word;
		if (len - i >= sizeof(word)) {
			memcpy(&word, p + i, sizeof(word));
			/* a byte with its high bit set, or a NUL: borrow of the subtraction */
			if (!((word | (word - each_byte)) & high_bits)) {
				i += sizeof(word);
				continue;
			}
		}
		if (p[i] == '\0')
			return nul_byte;
		size_t step = text_sequence(p + i, len - i);
		if (step == 0)
			return not_utf8;
		i += step;
	}
	return NULL;
}

/* One more read behind what is there, the current record moved to the front. False when the source failed. */
static bool fill(struct csv *csv)
{
	if (csv->start > 0) {
		memmove(csv->block, csv->block + csv->start, csv->end - csv->start);
		csv->end -= csv->start;
		csv->gone += csv->start;
		csv->start = 0;
	}
	long got = csv->source.read(csv->source.ctx, csv->block + csv->end, csv->cap - csv->end);
	if (got < 0 || (size_t)got > csv->cap - csv->end)
		return false;
	if (got == 0)
		csv->ended = true;
	csv->end += (size_t)got;
	return true;
}

static void extent_set(struct extent *extent, const char *record, size_t line_feed, bool has_line_feed)
{
	extent->total = line_feed + has_line_feed;
	extent->len = line_feed;
	if (extent->len > 0 && record[extent->len - 1] == '\r')
		extent->len--;
}

/*
 * What is known of the record at csv->start. A look that is inside quotes at a
 * line feed goes on as an earlier one did that was inside them there: however
 * many records have no end, it is looked for but once.
 */
static struct csv_look begin_look(const struct csv *csv)
{
	uint64_t from = csv->gone + csv->start;

	if (csv->look.from == from)
		return csv->look;
	return (struct csv_look){.from = from, .inside_to = from, .at = from, .at_start = true};
}

/* At a line feed within quotes. */
static void cross_line(const struct csv *csv, struct csv_look *look)
{
	if (look->at < csv->look.inside_to) {
		look->inside_to = csv->look.inside_to;
		look->at = csv->look.at;
		look->inside = csv->look.inside;
		look->at_start = csv->look.at_start;
	} else {
		look->at++;
		look->inside_to = look->at;
	}
}

/* Goes on to the line feed that ends the record, or to the end of what there is. True: at that line feed. */
static bool go_on(const struct csv *csv, struct csv_look *look)
{
	const char *record = csv->block + csv->start;
	size_t left = csv->end - csv->start;

	for (size_t i; (i = (size_t)(look->at - look->from)) < left;) {
		char c = record[i];

		if (look->inside && c == '\n') {
			cross_line(csv, look);
			continue;
		}
		if (look->inside && c == '"') {
			bool last = i + 1 == left;

			if (last && !csv->ended)
				return false; /* one of two? */
			look->inside = !last && record[i + 1] == '"';
			look->at += look->inside ? 2 : 1;
			continue;
		}
		if (!look->inside) {
			if (c == '\n')
				return true;
			look->inside = c == '"' && look->at_start;
			look->at_start = c == csv->separator;
		}
		look->at++;
	}
	return false;
}

/* The record holds a quote: find its end, quoted line feeds being text. */
static enum found find_quoted(struct csv *csv, struct extent *ret_extent)
{
	struct csv_look look = begin_look(csv);
	bool ends = go_on(csv, &look);
	const char *record = csv->block + csv->start;

	csv->look = look;
	if (!ends && !csv->ended)
		return FOUND_MORE;
	if (look.inside) {
		csv->fault = open_quote;
		return FOUND_FAULT;
	}
	extent_set(ret_extent, record, (size_t)(look.at - look.from), ends);
	return FOUND_RECORD;
}

static enum found find_record(struct csv *csv, struct extent *ret_extent)
{
	const char *record = csv->block + csv->start;
	size_t left = csv->end - csv->start;
	const char *line_feed = memchr(record, '\n', left);
	size_t len = line_feed ? (size_t)(line_feed - record) : left;

	if (csv->quotes && memchr(record, '"', len))
		return find_quoted(csv, ret_extent);
	if (!line_feed && !csv->ended)
		return FOUND_MORE;
	extent_set(ret_extent, record, len, line_feed != NULL);
	return FOUND_RECORD;
}

static void detect_separator(struct csv *csv)
{
	const char *text = csv->block + csv->start;
	const char *line_feed = memchr(text, '\n', csv->end - csv->start);
	size_t len = line_feed ? (size_t)(line_feed - text) : csv->end - csv->start;
	size_t commas = 0;
	size_t semicolons = 0;
	size_t tabs = 0;

	for (size_t i = 0; i < len; i++) {
		commas += text[i] == ',';
		semicolons += text[i] == ';';
		tabs += text[i] == '\t';
	}
	csv->separator = tabs > commas && tabs > semicolons ? '\t' : semicolons > commas ? ';' : ',';
}

/* Reads until the first line is there, cuts the byte order mark, settles separator and quotes. */
static bool begin(struct csv *csv)
{
	while (!csv->ended && csv->end < csv->cap && !memchr(csv->block, '\n', csv->end))
		if (!fill(csv))
			return false;
	if (csv->end >= 3 && memcmp(csv->block, "\xef\xbb\xbf", 3) == 0)
		csv->start = 3;
	csv->separator = csv->options.separator;
	if (!csv->separator)
		detect_separator(csv);
	csv->quotes = csv->options.quotes == CSV_QUOTES_ON ||
	              (csv->options.quotes == CSV_QUOTES_AUTO && csv->separator != '\t');
	csv->begun = true;
	return true;
}

/* Leaves everything up to the next line feed. False when the source failed. */
static bool discard_line(struct csv *csv)
{
	while (csv->discard) {
		char *line_feed = memchr(csv->block + csv->start, '\n', csv->end - csv->start);
		if (line_feed) {
			csv->start = (size_t)(line_feed - csv->block) + 1;
			csv->next_line++;
			csv->discard = false;
			break;
		}
		csv->start = csv->end;
		if (csv->ended)
			break;
		if (!fill(csv))
			return false;
	}
	csv->discard = false;
	return true;
}

static enum csv_result fault(struct csv *csv, const char *why)
{
	csv->fault = why;
	csv->field_count = 0;
	return CSV_FAULT;
}

static bool add_field(struct csv *csv, const char *ptr, size_t len)
{
	if (csv->field_count == MAX_CSV_FIELDS)
		return false;
	csv->fields[csv->field_count++] = (struct slice){ptr, len};
	return true;
}

static bool split_plain(struct csv *csv, const char *record, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		if (record[i] != csv->separator)
			continue;
		if (!add_field(csv, record + from, i - from))
			return false;
		from = i + 1;
	}
	return add_field(csv, record + from, len - from);
}

/* The field whose opening quote is before *at, doubled quotes made single in place; *at ends behind the closing one. */
static size_t unquote(char *record, size_t len, size_t *at)
{
	size_t to = *at;
	size_t i = *at;

	for (; i < len; i++) {
		if (record[i] == '"') {
			if (i + 1 >= len || record[i + 1] != '"')
				break;
			i++;
		}
		record[to++] = record[i];
	}
	*at = i + 1;
	return to;
}

static const char *split_quoted(struct csv *csv, char *record, size_t len)
{
	size_t at = 0;

	for (;;) {
		size_t from = at;
		size_t to;
		if (at < len && record[at] == '"') {
			from = ++at;
			to = unquote(record, len, &at);
			if (at < len && record[at] != csv->separator)
				return after_quote;
		} else {
			while (at < len && record[at] != csv->separator)
				at++;
			to = at;
		}
		if (!add_field(csv, record + from, to - from))
			return too_many;
		if (at >= len)
			return NULL;
		at++;
	}
}

static uint64_t count_lines(const char *record, size_t len)
{
	uint64_t lines = 1;

	for (const char *at = record; (at = memchr(at, '\n', len - (size_t)(at - record))); at++)
		lines++;
	return lines;
}

static enum csv_result split(struct csv *csv, size_t len)
{
	char *record = csv->block + csv->start;
	const char *why = text_fault(record, len);

	csv->field_count = 0;
	if (!why && csv->quotes && memchr(record, '"', len))
		why = split_quoted(csv, record, len);
	else if (!why && !split_plain(csv, record, len))
		why = too_many;
	if (!why && csv->column_count && csv->field_count != csv->column_count)
		why = not_like_header;
	return why ? fault(csv, why) : CSV_ROW;
}

/* Fills until the record at csv->start is whole. */
static enum csv_result complete(struct csv *csv, struct extent *ret_extent)
{
	for (;;) {
		size_t held = csv->end - csv->start;
		enum found found = held || !csv->ended ? find_record(csv, ret_extent) : FOUND_MORE;
		if (held == 0 && csv->ended)
			return CSV_END;
		if (found == FOUND_RECORD && ret_extent->len <= MAX_IMPORT_LINE)
			return CSV_ROW;
		if (found == FOUND_MORE && held <= MAX_IMPORT_LINE) {
			if (!fill(csv))
				return CSV_READ_FAILED;
			continue;
		}
		csv->discard = true;
		return fault(csv, found == FOUND_FAULT ? csv->fault : too_long);
	}
}

void csv_init(struct csv *csv, struct csv_source source, struct csv_options options, void *block, size_t cap)
{
	csv->field_count = 0;
	csv->column_count = 0;
	csv->line = 0;
	csv->next_line = 1;
	csv->fault = NULL;
	csv->separator = options.separator;
	csv->quotes = false;
	csv->begun = csv->ended = csv->discard = false;
	csv->options = options;
	csv->source = source;
	csv->block = block;
	csv->cap = cap;
	csv->start = csv->end = 0;
	csv->gone = 0;
	csv->look = (struct csv_look){.at_start = true};
}

enum csv_result csv_next(struct csv *csv)
{
	struct extent extent;

	if ((!csv->begun && !begin(csv)) || !discard_line(csv))
		return CSV_READ_FAILED;
	for (;;) {
		csv->line = csv->next_line;
		enum csv_result result = complete(csv, &extent);
		if (result != CSV_ROW)
			return result;
		csv->next_line += count_lines(csv->block + csv->start, extent.len);
		if (extent.len > 0)
			result = split(csv, extent.len);
		csv->start += extent.total;
		if (extent.len > 0)
			return result;
	}
}

enum status csv_header(struct csv *csv)
{
	size_t used = 0;
	enum csv_result result = csv_next(csv);

	if (result == CSV_READ_FAILED)
		return STATUS_UNAVAILABLE;
	if (result == CSV_END)
		csv->fault = "no header line";
	if (result != CSV_ROW)
		return STATUS_INVALID;
	for (size_t i = 0; i < csv->field_count; i++) {
		struct slice name = slice_trim(csv->fields[i]);
		if (name.len > 0 && csv_column(csv, name) >= 0) {
			csv->fault = "a column name stands twice";
			csv->column_count = 0;
			return STATUS_INVALID;
		}
		if (name.len > sizeof(csv->names) - used) {
			csv->column_count = 0;
			return STATUS_TOO_LARGE;
		}
		memcpy(csv->names + used, name.ptr, name.len);
		csv->columns[csv->column_count++] = (struct slice){csv->names + used, name.len};
		used += name.len;
	}
	return STATUS_OK;
}

int csv_column(const struct csv *csv, struct slice name)
{
	for (size_t i = 0; i < csv->column_count; i++)
		if (csv->columns[i].len > 0 && slice_eq_nocase(csv->columns[i], name))
			return (int)i;
	return -1;
}

struct slice csv_field(const struct csv *csv, int column)
{
	if (column < 0 || (size_t)column >= csv->field_count)
		return SLICE_NONE;
	return csv->fields[column];
}
