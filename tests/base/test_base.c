/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/base32.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/deadline.h"
#include "base/hash.h"
#include "base/json_out.h"
#include "base/money.h"
#include "base/slice.h"
#include "base/status.h"

static bool view_is(const struct buf *buf, const char *text)
{
	return slice_eq_cstr(buf_view(buf), text);
}

Test(status, every_status_has_a_name)
{
	for (int i = 0; i < STATUS_COUNT; i++)
		cr_assert_neq(status_name((enum status)i)[0], '\0', "status %d", i);
	cr_assert_str_eq(status_name((enum status)STATUS_COUNT), "unknown");
}

Test(slice, cut_leaves_the_rest_and_tells_the_last)
{
	struct slice rest = SLICE_LIT("a,,b");

	cr_assert(slice_eq_cstr(slice_cut(&rest, ','), "a"));
	cr_assert(slice_eq_cstr(slice_cut(&rest, ','), ""));
	cr_assert(slice_eq_cstr(slice_cut(&rest, ','), "b"));
	cr_assert_null(rest.ptr);
}

Test(slice, numbers_are_digits_only_and_in_range)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} cases[] = {
	        {"0", true, 0},
	        {"-9223372036854775808", true, INT64_MIN},
	        {"9223372036854775807", true, INT64_MAX},
	        {"9223372036854775808", false, 0},
	        {"-9223372036854775809", false, 0},
	        {"18446744073709551616", false, 0},
	        {"", false, 0},
	        {"-", false, 0},
	        {"+1", false, 0},
	        {" 1", false, 0},
	        {"1x", false, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t value = 0;

		cr_assert_eq(slice_to_i64(slice_cstr(cases[i].text), &value), cases[i].ok, "%s", cases[i].text);
		cr_assert_eq(value, cases[i].value, "%s", cases[i].text);
	}
}

Test(slice, copy_refuses_what_does_not_fit)
{
	char dst[4];

	cr_assert(slice_copy(SLICE_LIT("abc"), dst, sizeof(dst)));
	cr_assert_str_eq(dst, "abc");
	cr_assert_not(slice_copy(SLICE_LIT("abcd"), dst, sizeof(dst)));
	cr_assert_str_eq(dst, "");
	cr_assert_not(slice_copy(SLICE_NONE, dst, 0));
}

Test(slice, comparison_and_trimming)
{
	cr_assert(slice_eq_nocase(SLICE_LIT("BeArEr"), SLICE_LIT("bearer")));
	cr_assert_not(slice_eq_nocase(SLICE_LIT("Ä"), SLICE_LIT("ä")));
	cr_assert(slice_eq_cstr(slice_trim(SLICE_LIT(" \t a b \r\n")), "a b"));
	cr_assert(slice_is_blank(SLICE_NONE));
	cr_assert(slice_is_blank(SLICE_LIT(" \v\f")));
	cr_assert(slice_starts(SLICE_LIT("bg_live_x"), SLICE_LIT("bg_live_")));
	cr_assert_not(slice_starts(SLICE_LIT("bg"), SLICE_LIT("bg_live_")));
	cr_assert_null(slice_cstr(NULL).ptr);
}

Test(arena, never_hands_out_more_than_its_block)
{
	_Alignas(16) char mem[256];
	struct arena arena;

	arena_init(&arena, mem, sizeof(mem));
	cr_assert_not_null(arena_alloc(&arena, 100));
	char *second = arena_alloc(&arena, 100);
	cr_assert_not_null(second);
	cr_assert_eq((uintptr_t)second % 16, 0);
	cr_assert_null(arena_alloc(&arena, 100));
	cr_assert_null(arena_alloc(&arena, SIZE_MAX));
	cr_assert_null(arena_array(&arena, SIZE_MAX / 2, 4));
	cr_assert_null(arena_copy(&arena, (struct slice){mem, SIZE_MAX}).ptr);
	arena_reset(&arena);
	struct slice copy = arena_copy(&arena, SLICE_LIT("abc"));
	cr_assert_str_eq(copy.ptr, "abc");
	cr_assert_geq(arena.peak, 200);
}

Test(buf, drops_whole_appends_and_remembers)
{
	char mem[8];
	struct buf buf;

	buf_init(&buf, mem, sizeof(mem));
	buf_cstr(&buf, "12345");
	buf_cstr(&buf, "6789");
	buf_char(&buf, 'x');
	cr_assert(view_is(&buf, "12345"));
	cr_assert(buf.overflow);
	buf_reset(&buf);
	buf_i64(&buf, -1);
	cr_assert(view_is(&buf, "-1"));
}

Test(buf, numbers)
{
	char mem[128];
	struct buf buf;

	buf_init(&buf, mem, sizeof(mem));
	buf_i64(&buf, INT64_MIN);
	buf_char(&buf, ' ');
	buf_u64(&buf, UINT64_MAX);
	buf_char(&buf, ' ');
	buf_millionths(&buf, -1234567, 6);
	buf_char(&buf, ' ');
	buf_millionths(&buf, 2400, 6);
	buf_char(&buf, ' ');
	buf_millionths(&buf, 1999999, 2);
	buf_char(&buf, ' ');
	buf_millionths(&buf, 1999999, 0);
	buf_char(&buf, ' ');
	buf_hex(&buf, "\x00\xfe", 2);
	cr_assert(view_is(&buf, "-9223372036854775808 18446744073709551615 -1.234567 0.002400 1.99 1 00fe"));
}

/* Around every power of ten and of two: as many digits as the number has, no more room than that. */
Test(buf, numbers_of_every_length)
{
	uint64_t power = 1;

	for (int i = 0; i < 64; i++, power *= i < 20 ? 10 : 1) {
		uint64_t around = i < 20 ? power : UINT64_C(1) << i;

		for (uint64_t value = around - 2; value != around + 3; value++) {
			char mem[24];
			char expected[24];
			size_t len = (size_t)snprintf(expected, sizeof(expected), "%" PRIu64, value);
			struct buf buf;

			buf_init(&buf, mem, len);
			buf_u64(&buf, value);
			cr_assert(view_is(&buf, expected), "%s: %.*s", expected, (int)buf.len, buf.ptr);
			buf_init(&buf, mem, len - 1);
			buf_u64(&buf, value);
			cr_assert(buf.overflow && !buf.len, "%s", expected);
		}
	}
}

Test(json_out, places_commas_and_escapes)
{
	char mem[512];
	struct buf buf;
	struct json_out out;

	buf_init(&buf, mem, sizeof(mem));
	json_out_init(&out, &buf);
	json_out_object(&out, NULL);
	json_out_string(&out, "s", SLICE_LIT("a\"\\\n\r\t\x01\x7f\0ü"));
	json_out_string(&out, "absent", SLICE_NONE);
	json_out_string(&out, "empty", SLICE_LIT(""));
	json_out_array(&out, "list");
	json_out_i64(&out, NULL, -1);
	json_out_bool(&out, NULL, true);
	json_out_object(&out, NULL);
	json_out_object_end(&out);
	json_out_array_end(&out);
	json_out_millionths(&out, "pd", 2400);
	json_out_raw(&out, "raw", SLICE_LIT("[]"));
	json_out_cstr(&out, "none", NULL);
	json_out_object_end(&out);
	cr_assert(view_is(&buf, "{\"s\":\"a\\\"\\\\\\n\\r\\t\\u0001\\u007f\\u0000ü\",\"absent\":null,\"empty\":\"\","
	                        "\"list\":[-1,true,{}],\"pd\":0.002400,\"raw\":[],\"none\":null}"),
	          "%.*s", (int)buf.len, buf.ptr);
}

Test(date, every_day_of_the_range_survives_the_round_trip)
{
	int32_t first, last;

	cr_assert(date_from_ymd(1, 1, 1, &first));
	cr_assert(date_from_ymd(9999, 12, 31, &last));
	for (int32_t day = first; day <= last; day++) {
		int y, m, d;
		int32_t back = DATE_NONE;

		date_to_ymd(day, &y, &m, &d);
		if (!date_from_ymd(y, m, d, &back) || back != day)
			cr_assert_fail("day %d became %d", day, back);
	}
}

Test(date, known_days)
{
	static const struct {
		const char *text;
		bool ok;
		int32_t day;
	} cases[] = {
	        {"1970-01-01", true, 0},   {"2000-02-29", true, 11016}, {"2026-11-21", true, 20778},
	        {"1900-02-29", false, 0},  {"2026-00-10", false, 0},    {"2026-13-01", false, 0},
	        {"2026-04-31", false, 0},  {"0000-01-01", false, 0},    {"2026-1-1", false, 0},
	        {"2026-11-21 ", false, 0}, {"20261121", false, 0},      {"", false, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int32_t day = 0;

		cr_assert_eq(date_parse(slice_cstr(cases[i].text), &day), cases[i].ok, "%s", cases[i].text);
		cr_assert_eq(day, cases[i].day, "%s", cases[i].text);
	}
}

Test(date, instants)
{
	int64_t ms;
	char mem[64];
	struct buf buf;

	cr_assert(date_parse_instant(SLICE_LIT("2026-11-21T18:00:01.25Z"), &ms));
	buf_init(&buf, mem, sizeof(mem));
	date_put_instant(&buf, ms);
	date_put_instant_ms(&buf, ms);
	cr_assert(view_is(&buf, "2026-11-21T18:00:01Z2026-11-21T18:00:01.250Z"));
	cr_assert_not(date_parse_instant(SLICE_LIT("2026-11-21T24:00:00Z"), &ms));
	cr_assert_not(date_parse_instant(SLICE_LIT("2026-11-21T18:00:00+01:00"), &ms));
	cr_assert_not(date_parse_instant(SLICE_LIT("2026-11-21T18:00:00.Z"), &ms));
	cr_assert_eq(date_of_instant(-1), -1);
	cr_assert_eq(date_of_instant(DATE_MS_PER_DAY), 1);
}

Test(money, currencies_and_minor_digits)
{
	struct currency currency;
	unsigned digits;

	cr_assert(money_currency(SLICE_LIT("EUR"), &currency, &digits));
	cr_assert_str_eq(currency.code, "EUR");
	cr_assert_eq(digits, 2);
	cr_assert(money_currency(SLICE_LIT("JPY"), &currency, &digits));
	cr_assert_eq(digits, 0);
	cr_assert_not(money_currency(SLICE_LIT("eur"), &currency, NULL));
	cr_assert_not(money_currency(SLICE_LIT("XXX"), &currency, NULL));
	cr_assert_not(money_currency(SLICE_LIT("UR "), &currency, NULL));
}

Test(money, arithmetic_clamps_and_never_wraps)
{
	int64_t ratio;

	cr_assert_eq(money_scale(12345, 500000), 6172);
	cr_assert_eq(money_scale(-12345, 500000), -6172);
	cr_assert_eq(money_scale(INT64_MAX, 2000000), INT64_MAX);
	cr_assert(money_ratio(1, 3, &ratio));
	cr_assert_eq(ratio, 333333);
	cr_assert(money_ratio(INT64_MIN, 1, &ratio));
	cr_assert_eq(ratio, INT64_MIN);
	cr_assert_not(money_ratio(1, 0, &ratio));
	cr_assert_not(money_ratio(1, -5, &ratio));
	cr_assert_eq(money_add(INT64_MAX, 1), INT64_MAX);
	cr_assert_eq(money_sub(INT64_MIN, 1), INT64_MIN);
}

Test(deadline, rounds_up_and_never_below_zero)
{
	cr_assert_eq(deadline_left_ms((struct deadline){1500000}, 0), 2);
	cr_assert_eq(deadline_left_ms((struct deadline){5}, 10), 0);
	cr_assert_eq(deadline_left_ms(DEADLINE_NEVER, 10), INT32_MAX);
}

/* Test values of draft-eastlake-fnv and of the ULID specification's alphabet. */
Test(hash, published_values)
{
	uint8_t digest[16];
	char mem[33];
	struct buf buf;

	cr_assert_eq(hash_fnv64(SLICE_LIT("foobar")), UINT64_C(0x85944171f73967e8));
	hash_fnv128(SLICE_LIT("foobar"), digest);
	buf_init(&buf, mem, sizeof(mem));
	buf_hex(&buf, digest, sizeof(digest));
	cr_assert(view_is(&buf, "343e1662793c64bf6f0d3597ba446f18"), "%.*s", (int)buf.len, buf.ptr);
}

Test(base32, extremes)
{
	uint8_t bytes[16] = {0};
	char text[27];

	base32_ulid(bytes, text);
	cr_assert_str_eq(text, "00000000000000000000000000");
	memset(bytes, 0xff, sizeof(bytes));
	base32_ulid(bytes, text);
	cr_assert_str_eq(text, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
}

/* RFC 4648 section 10; without the padding, and in the other alphabet with it. */
Test(base64, published_values)
{
	static const char *const cases[][3] = {
	        {"", "", ""},
	        {"f", "Zg", "Zg=="},
	        {"fo", "Zm8", "Zm8="},
	        {"foo", "Zm9v", "Zm9v"},
	        {"foob", "Zm9vYg", "Zm9vYg=="},
	        {"fooba", "Zm9vYmE", "Zm9vYmE="},
	        {"\xfb\xff", "-_8", "+/8="},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char mem[16];
		struct buf buf;

		buf_init(&buf, mem, sizeof(mem));
		base64_url_put(&buf, cases[i][0], strlen(cases[i][0]));
		cr_assert(view_is(&buf, cases[i][1]), "%s", cases[i][1]);
		buf_reset(&buf);
		base64_put(&buf, cases[i][0], strlen(cases[i][0]));
		cr_assert(view_is(&buf, cases[i][2]), "%s", cases[i][2]);
	}
}

Test(json_out, words_days_and_instants)
{
	char mem[256];
	struct buf buf;
	struct json_out out;

	buf_init(&buf, mem, sizeof(mem));
	json_out_init(&out, &buf);
	json_out_array(&out, NULL);
	json_out_word(&out, NULL, "Kauf auf Rechnung möglich");
	json_out_word(&out, NULL, "");
	json_out_word(&out, NULL, NULL);
	json_out_day(&out, NULL, 0);
	json_out_day(&out, NULL, DATE_NONE);
	json_out_instant(&out, NULL, -1, true);
	json_out_instant(&out, NULL, 86399999, false);
	json_out_array_end(&out);
	cr_assert(view_is(&buf, "[\"Kauf auf Rechnung möglich\",\"\",null,\"1970-01-01\",null,"
	                        "\"1969-12-31T23:59:59.999Z\",\"1970-01-01T23:59:59Z\"]"),
	          "%.*s", (int)buf.len, buf.ptr);
}

static void write_sample(struct json_out *out)
{
	json_out_object(out, NULL);
	json_out_word(out, "word", "a word");
	json_out_string(out, "text", SLICE_LIT("a \"text\""));
	json_out_i64(out, "number", -1234567);
	json_out_day(out, "day", 19000);
	json_out_instant(out, "instant", 0, true);
	json_out_bool(out, "bool", false);
	json_out_null(out, "null");
	json_out_array(out, "array");
	json_out_array_end(out);
	json_out_object_end(out);
}

/* Whatever does not fit shows in "overflow", and nothing is written beyond the end. */
Test(json_out, never_writes_beyond_its_room)
{
	char whole[256];
	char mem[256];
	struct buf buf;
	struct json_out out;
	size_t len;

	buf_init(&buf, whole, sizeof(whole));
	json_out_init(&out, &buf);
	write_sample(&out);
	cr_assert_not(buf.overflow);
	len = buf.len;
	for (size_t cap = 0; cap <= len; cap++) {
		memset(mem, '#', sizeof(mem));
		buf_init(&buf, mem, cap);
		json_out_init(&out, &buf);
		write_sample(&out);
		cr_assert_eq(buf.overflow, cap < len, "%zu", cap);
		cr_assert(buf.len <= cap && memcmp(mem, whole, buf.len) == 0, "%zu", cap);
		for (size_t i = cap; i < sizeof(mem); i++)
			cr_assert_eq(mem[i], '#', "%zu: %zu", cap, i);
	}
}

/* RFC 4648 section 10, and what base64Binary allows between. */
Test(base64, is_undone)
{
	static const char *const cases[][2] = {
	        {"", ""},
	        {"Zg==", "f"},
	        {"Zm8=", "fo"},
	        {"Zm9v", "foo"},
	        {"Zm9vYg==", "foob"},
	        {" Zm9\r\nvYm E=\n", "fooba"},
	        {"+/8=", "\xfb\xff"},
	};
	static const char *const none[] = {
	        "Z", "Zg", "Zg=", "Zg===", "=", "====", "Zm9v=", "Zg==Zg==", "Zm=v", "Z-8=", "Zm9\xc3"};
	char mem[16];
	struct buf buf;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_init(&buf, mem, sizeof(mem));
		cr_assert(base64_get(&buf, slice_cstr(cases[i][0])), "%s", cases[i][0]);
		cr_assert(view_is(&buf, cases[i][1]), "%s", cases[i][0]);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		buf_init(&buf, mem, sizeof(mem));
		cr_assert(!base64_get(&buf, slice_cstr(none[i])), "%s", none[i]);
	}
	buf_init(&buf, mem, 2);
	cr_assert(!base64_get(&buf, SLICE_LIT("Zm9v")));
}

/* Eight bytes are looked at together: what needs an escape gets it wherever it stands. */
Test(json_out, escapes_wherever_it_stands)
{
	for (int c = 0; c < 256; c++) {
		for (size_t at = 0; at < 17; at++) {
			char text[17], mem[160];
			bool special = c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
			struct buf buf;
			struct json_out out;

			memset(text, 0xc3, sizeof(text));
			text[at] = (char)c;
			buf_init(&buf, mem, sizeof(mem));
			json_out_init(&out, &buf);
			json_out_string(&out, NULL, (struct slice){text, sizeof(text)});
			cr_assert_eq(memchr(buf.ptr, '\\', buf.len) != NULL, special, "%d at %zu", c, at);
			cr_assert_eq(buf.len == sizeof(text) + 2, !special, "%d at %zu", c, at);
		}
	}
}
