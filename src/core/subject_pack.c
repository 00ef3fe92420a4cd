/* SPDX-License-Identifier: MIT */
#include "core/subject.h"

#include <string.h>

#include "core/court.h"
#include "pack.h"

/*
 * The bytes, numbers little-endian:
 *   u16 SUBJECT_FORMAT
 *   texts, u16 length and bytes each: the fields of TEXTS in their order
 *   u8 register type; unless it is REGISTER_NONE: text court code, u32 number, text suffix
 * A court stands there by its code: its index is another one in another build.
 */
#define SUBJECT_FORMAT 1

#define LARGEST_NUMBER 999999
#define COURT_CODE     32

#define TEXT(member)                                                                    \
	{                                                                               \
		offsetof(struct subject, member), sizeof(((struct subject *)0)->member) \
	}

static const struct {
	size_t offset;
	size_t cap;
} TEXTS[] = {
        TEXT(typed_name),  TEXT(typed_street), TEXT(typed_city), TEXT(country), TEXT(vat_id), TEXT(lei),
        TEXT(economic_id), TEXT(postal_code),  TEXT(name),       TEXT(core),    TEXT(city),
};

#define TEXT_COUNT (sizeof(TEXTS) / sizeof(TEXTS[0]))

_Static_assert(sizeof(struct subject) + 2 * TEXT_COUNT + COURT_CODE + 16 <= MAX_SUBJECT_PACKED,
               "a packed subject may outgrow its maximum");

enum status subject_pack(const struct subject *subject, struct buf *out)
{
	unsigned char bytes[MAX_SUBJECT_PACKED];
	unsigned char *to = pack_put_u16(bytes, SUBJECT_FORMAT);

	for (size_t i = 0; i < TEXT_COUNT; i++)
		to = pack_put_text(to, (const char *)subject + TEXTS[i].offset);
	*to++ = (unsigned char)subject->reg.type;
	if (subject->reg.type != REGISTER_NONE) {
		to = pack_put_text(to, court_code(subject->reg.court));
		to = pack_put_u32(to, subject->reg.number);
		to = pack_put_text(to, subject->reg.suffix);
	}
	buf_bytes(out, bytes, (size_t)(to - bytes));
	return out->overflow ? STATUS_TOO_LARGE : STATUS_OK;
}

static void take_register(struct pack_reader *reader, struct register_number *reg)
{
	unsigned type = pack_take_u8(reader);
	char code[COURT_CODE] = "";
	const unsigned char *number;

	reg->type = (enum register_type)type;
	if (type >= REGISTER_TYPE_COUNT)
		reader->ok = false;
	if (type == REGISTER_NONE || !reader->ok)
		return;
	pack_take_text(reader, code, sizeof(code));
	number = pack_take(reader, 4);
	pack_take_text(reader, reg->suffix, sizeof(reg->suffix));
	if (!reader->ok)
		return;
	reg->court = court_find(slice_cstr(code));
	reg->number = pack_get_u32(number);
	/* A court is found by its names as well; here only the code is one. */
	if (strcmp(court_code(reg->court), code) != 0 || reg->number == 0 || reg->number > LARGEST_NUMBER)
		reader->ok = false;
}

enum status subject_unpack(struct slice bytes, struct subject *ret_subject)
{
	struct pack_reader reader = {(const unsigned char *)bytes.ptr, bytes.len, bytes.ptr != NULL};
	const unsigned char *head = pack_take(&reader, 2);
	struct subject subject;

	if (!head || ((unsigned)head[0] | (unsigned)head[1] << 8) != SUBJECT_FORMAT)
		return STATUS_CORRUPT;
	memset(&subject, 0, sizeof(subject));
	for (size_t i = 0; i < TEXT_COUNT; i++)
		pack_take_text(&reader, (char *)&subject + TEXTS[i].offset, TEXTS[i].cap);
	take_register(&reader, &subject.reg);
	if (!reader.ok || reader.left != 0)
		return STATUS_CORRUPT;
	*ret_subject = subject;
	return STATUS_OK;
}
