/* SPDX-License-Identifier: MIT */
#include "answer_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "core/fact_code.h"

#define TEXT_CAP 128

/* Text of a stranger for a terminal: control characters (C0, DEL, C1) are shown, not sent. */
static void print_text(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < ' ' || c == 0x7f)
			printf("\\x%02x", c);
		else if (c == 0xc2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xa0)
			printf("\\u%04x", (unsigned char)text.ptr[++i]);
		else
			putchar(c);
	}
}

/* A fact's value as people write it. */
static void print_value(enum fact_id fact, int64_t value)
{
	char mem[TEXT_CAP];
	struct buf out;

	buf_init(&out, mem, sizeof(mem));
	switch (fact_unit(fact)) {
	case UNIT_MONEY:
		if (value < 0)
			buf_char(&out, '-');
		buf_u64(&out, value < 0 ? (uint64_t)-value / 100 : (uint64_t)value / 100);
		buf_char(&out, '.');
		buf_char(&out, (char)('0' + (value < 0 ? -value : value) % 100 / 10));
		buf_char(&out, (char)('0' + (value < 0 ? -value : value) % 10));
		buf_cstr(&out, " EUR");
		break;
	case UNIT_RATIO:
		buf_millionths(&out, value, 6);
		break;
	case UNIT_DATE:
		date_put(&out, (int32_t)value);
		break;
	case UNIT_CODE:
		if (fact_code_name(fact, value))
			buf_cstr(&out, fact_code_name(fact, value));
		else
			buf_i64(&out, value);
		break;
	case UNIT_DAYS:
	case UNIT_YEARS:
	case UNIT_COUNT:
		buf_i64(&out, value);
		break;
	}
	printf("%.*s", (int)out.len, out.ptr);
}

static void print_field(const struct provider_field *field)
{
	printf("  %-18s %-32.*s ", field->name, (int)field->pointer.len, field->pointer.ptr ? field->pointer.ptr : "");
	if (field->text.ptr)
		print_text(field->text);
	else
		putchar('-');
	if (field->fault) {
		printf("  (not used: %s)", field->fault);
	} else if (field->fact != FACT_NONE) {
		fputs("  = ", stdout);
		print_value(field->fact, field->value);
	}
	putchar('\n');
}

void answer_print(const struct provider_config *config, const struct provider_answer *answer)
{
	char mem[TEXT_CAP];
	struct buf out;

	printf("provider   %s %s\n", config->id, config->url);
	printf("outcome    %s: %s\n", source_state_name(answer->outcome), answer->detail);
	printf("call       %s", http_end_name(answer->end));
	if (answer->http_code)
		printf(", code %d", answer->http_code);
	printf(", tries %" PRIu32 ", %" PRId64 " ms\n", answer->tries, answer->took_ns / 1000000);
	if (answer->raw.ptr) {
		buf_init(&out, mem, sizeof(mem));
		buf_hex(&out, answer->raw_sha256, sizeof(answer->raw_sha256));
		printf("sha256     %.*s (%zu bytes)\n", (int)out.len, out.ptr, answer->raw.len);
	}
	if (answer->field_count)
		printf("company    %s\n", subject_verdict_name(answer->verdict));
	if (answer->as_of != DATE_NONE) {
		buf_init(&out, mem, sizeof(mem));
		date_put(&out, answer->as_of);
		printf("as of      %.*s\n", (int)out.len, out.ptr);
	}
	if (answer->reference[0]) {
		fputs("reference  ", stdout);
		print_text(slice_cstr(answer->reference));
		putchar('\n');
	}
	if (answer->attachment.ptr) {
		fputs("report     ", stdout);
		print_text(answer->attachment_type);
		printf(" (%zu bytes)\n", answer->attachment.len);
	}
	for (size_t i = 0; i < answer->field_count; i++)
		print_field(&answer->fields[i]);
}
