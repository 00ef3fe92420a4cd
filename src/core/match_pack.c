/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/match_image.h"

/*
 * What names are full of, each as one byte that no UTF-8 text has: control
 * characters and the bytes UTF-8 forbids. Saves two fifths. Part of the
 * format: another list is another MATCH_IMAGE_VERSION.
 */
#define PART(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct part {
	const char *text;
	size_t len;
} PARTS[] = {
        PART("esellschaft mit beschränkter Haftung"),
        PART(" GmbH & Co. KG"),
        PART(" (haftungsbeschränkt)"),
        PART("Grundstücks"),
        PART("Verwaltungs"),
        PART("esellschaft"),
        PART("Immobilien"),
        PART("Vermögens"),
        PART("ommandit"),
        PART(" & Co. "),
        PART("technik"),
        PART(" GmbH"),
        PART(" und "),
        PART(" für "),
        PART("trieb"),
        PART(" mbH"),
        PART("ung"),
        PART("sch"),
        PART("er "),
        PART("en "),
        PART("er"),
        PART("en"),
        PART("ch"),
        PART("an"),
        PART("ei"),
        PART("in"),
        PART("st"),
        PART("el"),
        PART("or"),
        PART("ie"),
        PART("au"),
        PART("al"),
        PART("on"),
        PART("ar"),
        PART("it"),
        PART("te"),
        PART("ge"),
        PART("le"),
        PART("es"),
        PART("de"),
        PART(" S"),
        PART(" B"),
        PART(" K"),
        PART(" H"),
};

#define PART_COUNT  (sizeof(PARTS) / sizeof(PARTS[0]))
#define CONTROLS    31 /* codes 1 to 31; the others stand below */
#define OTHER_CODES "\xc0\xc1\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff"

static unsigned char code_of(size_t part)
{
	return part < CONTROLS ? (unsigned char)(part + 1) : (unsigned char)OTHER_CODES[part - CONTROLS];
}

/* The part a byte stands for, PART_COUNT when it stands for itself. */
static size_t part_of(unsigned char code)
{
	if (code == 0 || (code > CONTROLS && code < 0xc0) || (code > 0xc1 && code < 0xf5))
		return PART_COUNT;
	return code <= CONTROLS ? code - 1u : CONTROLS + (code <= 0xc1 ? code - 0xc0u : code - 0xf5u + 2u);
}

/* The longest part the text goes on with: the list is sorted by length. */
static size_t find_part(struct slice text)
{
	for (size_t i = 0; i < PART_COUNT; i++) {
		const struct part *part = &PARTS[i];
		if (text.ptr[0] == part->text[0] && part->len <= text.len &&
		    memcmp(text.ptr, part->text, part->len) == 0)
			return i;
	}
	return PART_COUNT;
}

size_t match_image_pack(struct slice name, char *ret_packed, size_t cap)
{
	size_t n = 0;
	while (name.len > 0 && n < cap) {
		size_t part = find_part(name);
		unsigned char c = (unsigned char)name.ptr[0];
		size_t taken = part < PART_COUNT ? PARTS[part].len : 1;
		if (part < PART_COUNT)
			c = code_of(part);
		else if (part_of(c) < PART_COUNT || c == 0)
			c = ' ';
		ret_packed[n++] = (char)c;
		name.ptr += taken;
		name.len -= taken;
	}
	return n;
}

size_t match_image_unpack(struct slice packed, char *ret_name, size_t cap)
{
	size_t n = 0;
	for (size_t i = 0; i < packed.len; i++) {
		size_t part = part_of((unsigned char)packed.ptr[i]);
		size_t len = part < PART_COUNT ? PARTS[part].len : 1;
		if (len > cap - n)
			break;
		memcpy(ret_name + n, part < PART_COUNT ? PARTS[part].text : packed.ptr + i, len);
		n += len;
	}
	return n;
}

size_t match_image_name(const struct match_image *image, uint32_t row, char *ret_name, size_t cap)
{
	struct match_row read;
	return match_image_row(image, row, &read) ? match_image_unpack(read.packed, ret_name, cap) : 0;
}
