/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "core/court.h"
#include "core/subject.h"
#include "provider_world.h"

static char mem[MAX_SUBJECT_PACKED];

static struct slice pack(const struct subject *subject)
{
	struct buf out;

	buf_init(&out, mem, sizeof(mem));
	cr_assert_eq(subject_pack(subject, &out), STATUS_OK);
	return buf_view(&out);
}

static void expect_same(const struct subject *subject)
{
	struct subject back;

	memset(&back, 0xaa, sizeof(back));
	cr_assert_eq(subject_unpack(pack(subject), &back), STATUS_OK);
	cr_expect_str_eq(back.typed_name, subject->typed_name);
	cr_expect_str_eq(back.typed_street, subject->typed_street);
	cr_expect_str_eq(back.typed_city, subject->typed_city);
	cr_expect_str_eq(back.country, subject->country);
	cr_expect_str_eq(back.vat_id, subject->vat_id);
	cr_expect_str_eq(back.lei, subject->lei);
	cr_expect_str_eq(back.economic_id, subject->economic_id);
	cr_expect_str_eq(back.postal_code, subject->postal_code);
	cr_expect_str_eq(back.name, subject->name);
	cr_expect_str_eq(back.core, subject->core);
	cr_expect_str_eq(back.city, subject->city);
	cr_expect_eq(back.reg.type, subject->reg.type);
	cr_expect(subject->reg.type == REGISTER_NONE || register_number_eq(&back.reg, &subject->reg));
}

Test(subject_pack, comes_back_as_it_was)
{
	struct subject subject = provider_world_schmidt();
	struct subject empty = {.reg.type = REGISTER_NONE};

	expect_same(&subject);
	memcpy(subject.reg.suffix, "HU", 3);
	expect_same(&subject);
	expect_same(&empty);
}

Test(subject_pack, every_court_comes_back)
{
	struct subject subject = provider_world_schmidt();

	for (uint16_t court = COURT_NONE; court == COURT_NONE || court_code(court)[0]; court++) {
		subject.reg.court = court;
		expect_same(&subject);
	}
}

Test(subject_pack, the_largest_fits)
{
	struct subject subject = provider_world_schmidt();

	memset(subject.typed_name, 'n', sizeof(subject.typed_name) - 1);
	memset(subject.typed_street, 's', sizeof(subject.typed_street) - 1);
	memset(subject.typed_city, 'c', sizeof(subject.typed_city) - 1);
	memset(subject.vat_id, 'v', sizeof(subject.vat_id) - 1);
	memset(subject.lei, 'l', sizeof(subject.lei) - 1);
	memset(subject.economic_id, 'e', sizeof(subject.economic_id) - 1);
	memset(subject.postal_code, 'p', sizeof(subject.postal_code) - 1);
	memset(subject.name, 'N', sizeof(subject.name) - 1);
	memset(subject.core, 'C', sizeof(subject.core) - 1);
	memset(subject.city, 'Y', sizeof(subject.city) - 1);
	expect_same(&subject);
}

Test(subject_pack, a_cut_or_longer_text_is_refused)
{
	const struct subject subject = provider_world_schmidt();
	struct slice whole = pack(&subject);
	struct subject back;

	for (size_t len = 0; len < whole.len; len++)
		cr_expect_eq(subject_unpack((struct slice){whole.ptr, len}, &back), STATUS_CORRUPT, "%zu bytes", len);
	mem[whole.len] = '\0';
	cr_expect_eq(subject_unpack((struct slice){whole.ptr, whole.len + 1}, &back), STATUS_CORRUPT);
	cr_expect_eq(subject_unpack(SLICE_NONE, &back), STATUS_CORRUPT);
}

Test(subject_pack, what_is_no_subject_is_refused)
{
	const struct subject subject = provider_world_schmidt();
	struct slice whole = pack(&subject);
	char *name = memmem(mem, whole.len, "Schmidt", 7), *number = mem + whole.len - 6;
	struct subject back;

	mem[0]++;
	cr_expect_eq(subject_unpack(whole, &back), STATUS_CORRUPT, "another format");
	mem[0]--;
	name[3] = '\0';
	cr_expect_eq(subject_unpack(whole, &back), STATUS_CORRUPT, "a NUL within a text");
	name[3] = 'm';
	cr_expect_eq(subject_unpack(whole, &back), STATUS_OK);
	number[3] = 0x7f;
	cr_expect_eq(subject_unpack(whole, &back), STATUS_CORRUPT, "a number no register has");
}

Test(subject_pack, needs_its_room)
{
	const struct subject subject = provider_world_schmidt();
	struct buf out;

	buf_init(&out, mem, 16);
	cr_expect_eq(subject_pack(&subject, &out), STATUS_TOO_LARGE);
}
