/* SPDX-License-Identifier: MIT */
/* A form's bytes: any of them end in a request or in named faults, and in a page whose markup is ours alone. */
#include <stdlib.h>
#include <string.h>

#include "wire/form_page.h"
#include "wire/sandbox_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_of(struct slice text, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == c ? 1 : 0;
	return count;
}

/* The page a visitor of a public form may see. */
static void check_public(struct slice body, struct arena *arena, char *mem, size_t cap)
{
	struct public_form form, empty = {0};
	struct form_page page = {.form = &form, .action = SLICE_LIT("/v1/forms/x"), .token = SLICE_LIT("t")};
	struct field_errors errors;
	struct lead_req req;
	enum status status = form_page_read(body, arena, &form, &req, &errors);
	struct buf out;
	size_t tags;

	if (status != STATUS_OK && status != STATUS_INVALID)
		return;
	if ((status == STATUS_INVALID) != (errors.count > 0) || (status == STATUS_OK && !req.company.name.ptr))
		abort();
	empty.company.customer_ref = form.company.customer_ref.ptr ? SLICE_LIT("x") : SLICE_NONE;
	buf_init(&out, mem, cap);
	form_page_put(&out, &page, LANG_EN);
	tags = count_of(buf_view(&out), '<');
	page.form = &empty;
	buf_init(&out, mem, cap);
	form_page_put(&out, &page, LANG_EN);
	if (tags != count_of(buf_view(&out), '<'))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char memory[MAX_REQUEST_ARENA] __attribute__((aligned(16)));
	static char answer[2 * MAX_REQUEST_ARENA];
	struct sandbox_ask ask = {.green_from = 70, .yellow_from = 40};
	struct sandbox_form form, empty = {0};
	struct sandbox_page page = {.form = &form};
	struct field_errors errors;
	struct arena arena;
	enum status status;
	struct buf out;
	size_t tags;

	arena_init(&arena, memory, sizeof(memory));
	status = sandbox_page_read((struct slice){(const char *)data, size}, &arena, &form, &ask, &errors);
	if (status != STATUS_OK && status != STATUS_INVALID)
		return 0;
	if (status == STATUS_OK && (errors.count || ask.req.order.amount <= 0 || ask.yellow_from >= ask.green_from))
		abort();
	if (status == STATUS_INVALID && (!errors.count || errors.count > MAX_ERRORS))
		abort();
	/* As many tags as with nothing filled in. */
	buf_init(&out, answer, sizeof(answer));
	sandbox_page_put(&out, &page, LANG_DE);
	tags = count_of(buf_view(&out), '<');
	page.form = &empty;
	buf_init(&out, answer, sizeof(answer));
	sandbox_page_put(&out, &page, LANG_DE);
	if (tags != count_of(buf_view(&out), '<'))
		abort();
	arena_reset(&arena);
	check_public((struct slice){(const char *)data, size}, &arena, answer, sizeof(answer));
	return 0;
}
