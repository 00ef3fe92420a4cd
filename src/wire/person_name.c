/* SPDX-License-Identifier: MIT */
#include "person_name.h"

#include "core/legal_form.h"

#define MOST_WORDS 5

static bool is_title(struct slice word)
{
	return slice_eq_cstr(word, "Dr.") || slice_eq_cstr(word, "Dr") || slice_eq_cstr(word, "Prof.") ||
	       slice_eq_cstr(word, "Prof");
}

/* From the first byte of one slice to the last of another. */
static struct slice span(struct slice from, struct slice to)
{
	return (struct slice){from.ptr, (size_t)(to.ptr + to.len - from.ptr)};
}

static size_t split_words(struct slice text, struct slice words[MOST_WORDS + 1])
{
	size_t count = 0;

	while (text.len && count <= MOST_WORDS) {
		struct slice word = slice_cut(&text, ' ');

		if (word.len)
			words[count++] = word;
	}
	return count;
}

static bool has_digit(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
			return true;
	}
	return false;
}

bool person_name_read(const struct subject *subject, struct person_name *ret_person)
{
	struct slice words[MOST_WORDS + 1], name = slice_cstr(subject->typed_name);
	size_t count = split_words(name, words), first = 0, end = count;
	struct person_name person = {.title = SLICE_NONE};

	for (size_t i = 1; i < count && !person.form.ptr; i++) {
		struct slice tail = span(words[i], words[count - 1]);
		enum legal_form form = legal_form_parse(tail);

		if (form == LEGAL_FORM_NONE)
			continue;
		if (!legal_form_natural_person(form))
			return false;
		person.form = tail;
		end = i;
	}
	while (first < end && is_title(words[first]))
		first++;
	if (count > MOST_WORDS || end < first + 2 || has_digit(span(words[first], words[end - 1])))
		return false;
	if (first)
		person.title = span(words[0], words[first - 1]);
	person.first = span(words[first], words[end - 2]);
	person.last = words[end - 1];
	*ret_person = person;
	return true;
}
