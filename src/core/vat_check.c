/* SPDX-License-Identifier: MIT */
#include "vat_check.h"

#include <stdbool.h>
#include <string.h>

#include "check_digit.h"

static enum identity_fault verdict(bool sound)
{
	return sound ? IDENTITY_FAULT_NONE : IDENTITY_FAULT_CHECK_DIGIT;
}

static unsigned digit(char c)
{
	return (unsigned)(c - '0');
}

/* Day of a month whose number may carry a century; 29 February always passes. */
static bool is_day(unsigned month, unsigned day)
{
	static const uint8_t days[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

enum identity_fault vat_check_at(const char *number, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 1; i < len - 1; i++) {
		unsigned d = digit(number[i]);
		if (i % 2 == 0)
			d = d / 5 + 2 * d % 10;
		sum += d;
	}
	return verdict((sum + 4 + digit(number[len - 1])) % 10 == 0);
}

enum identity_fault vat_check_be(const char *number, size_t len)
{
	(void)len;
	if (number[0] > '1')
		return IDENTITY_FAULT_FORMAT;
	return verdict((code_value(number, 8) + code_value(number + 8, 2)) % 97 == 0);
}

/* Bulgarian persons: month + 20 means 1800s, + 40 means 2000s. */
static bool is_bulgarian_person(const char *number)
{
	static const uint8_t weights[9] = {2, 4, 8, 5, 10, 9, 7, 3, 6};

	return is_day(code_value(number + 2, 2) % 20, code_value(number + 4, 2)) && number[2] < '6' &&
	       check_weighted(number, weights, 9) % 11 % 10 == digit(number[9]);
}

enum identity_fault vat_check_bg(const char *number, size_t len)
{
	static const uint8_t legal[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	static const uint8_t legal_again[8] = {3, 4, 5, 6, 7, 8, 9, 10};
	static const uint8_t foreigner[9] = {21, 19, 17, 13, 11, 9, 7, 3, 1};
	static const uint8_t other[9] = {4, 3, 2, 7, 6, 5, 4, 3, 2};
	unsigned check;

	if (len == 9) {
		check = check_weighted(number, legal, 8) % 11;
		if (check == 10)
			check = check_weighted(number, legal_again, 8) % 11 % 10;
		return verdict(check == digit(number[8]));
	}
	check = (11 - check_weighted(number, other, 9) % 11) % 11;
	return verdict(is_bulgarian_person(number) || check == digit(number[9]) ||
	               check_weighted(number, foreigner, 9) % 10 == digit(number[9]));
}

enum identity_fault vat_check_ch(const char *number, size_t len)
{
	static const uint8_t weights[9] = {5, 4, 3, 2, 7, 6, 5, 4, 1};

	(void)len;
	return verdict(check_weighted(number + 1, weights, 9) % 11 == 0);
}

enum identity_fault vat_check_cy(const char *number, size_t len)
{
	static const uint8_t odd[10] = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
	unsigned sum = 0;

	if (number[0] == '1' && number[1] == '2')
		return IDENTITY_FAULT_FORMAT;
	for (size_t i = 0; i < len - 1; i++)
		sum += i % 2 ? digit(number[i]) : odd[digit(number[i])];
	return verdict(number[len - 1] == (char)('A' + sum % 26));
}

/* Rodné číslo: women's months + 50, and + 20 once a day's numbers were used up. */
static enum identity_fault check_birth_number(const char *number, size_t len)
{
	unsigned month = code_value(number + 2, 2) % 50;

	if (len == 10 && month > 20)
		month -= 20;
	if (!is_day(month, code_value(number + 4, 2)))
		return IDENTITY_FAULT_FORMAT;
	if (len == 9) /* before 1954, no check digit */
		return number[0] > '5' || (number[0] == '5' && number[1] > '3') ? IDENTITY_FAULT_FORMAT
		                                                                : IDENTITY_FAULT_NONE;
	return verdict(code_value(number, 9) % 11 % 10 == digit(number[9]));
}

enum identity_fault vat_check_cz(const char *number, size_t len)
{
	if (len == 8) {
		if (number[0] == '9')
			return IDENTITY_FAULT_FORMAT;
		unsigned check = (11 - check_descending(number, 8, 7) % 11) % 11;
		return verdict((check ? check : 1) % 10 == digit(number[7]));
	}
	if (len == 9 && number[0] == '6') {
		unsigned rest = check_descending(number + 1, 8, 7) % 11;
		return verdict((8 + 10 - (10 - rest) % 11) % 10 == digit(number[8]));
	}
	return check_birth_number(number, len);
}

enum identity_fault vat_check_de(const char *number, size_t len)
{
	return verdict(check_mod11_10(number, len));
}

enum identity_fault vat_check_dk(const char *number, size_t len)
{
	static const uint8_t weights[8] = {2, 7, 6, 5, 4, 3, 2, 1};

	return verdict(check_weighted(number, weights, len) % 11 == 0);
}

enum identity_fault vat_check_ee(const char *number, size_t len)
{
	static const uint8_t weights[9] = {3, 7, 1, 3, 7, 1, 3, 7, 1};

	return verdict(check_weighted(number, weights, len) % 10 == 0);
}

enum identity_fault vat_check_el(const char *number, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len - 1; i++)
		sum = sum * 2 + digit(number[i]);
	return verdict(sum * 2 % 11 % 10 == digit(number[len - 1]));
}

/* CIF: the control is a digit for some kinds of entity, a letter for others; practice differs, so both pass. */
static bool is_spanish_entity(const char *number)
{
	unsigned sum = 0;

	for (size_t i = 1; i < 8; i++) {
		unsigned d = digit(number[i]);
		sum += i % 2 ? d / 5 + 2 * d % 10 : d;
	}
	unsigned check = (10 - sum % 10) % 10;
	return number[8] == (char)('0' + check) || number[8] == "JABCDEFGHI"[check];
}

enum identity_fault vat_check_es(const char *number, size_t len)
{
	static const char letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";
	const char *foreigner = memchr("XYZ", number[0], 3);

	(void)len;
	if (!code_all_digits(number + 1, 7))
		return IDENTITY_FAULT_FORMAT;
	if (code_is_digit(number[0])) /* DNI */
		return verdict(number[8] == letters[code_value(number, 8) % 23]);
	if (foreigner) /* NIE */
		return verdict(number[8] ==
		               letters[((unsigned)(*foreigner - 'X') * 10000000 + code_value(number + 1, 7)) % 23]);
	if (memchr("KLM", number[0], 3))
		return verdict(number[8] == letters[code_value(number + 1, 7) % 23]);
	if (!memchr("ABCDEFGHJNPQRSUVW", number[0], 17))
		return IDENTITY_FAULT_FORMAT;
	return verdict(is_spanish_entity(number));
}

enum identity_fault vat_check_fi(const char *number, size_t len)
{
	static const uint8_t weights[8] = {7, 9, 10, 5, 8, 4, 2, 1};

	return verdict(check_weighted(number, weights, len) % 11 == 0);
}

/* The key's letters have no published rule; the SIREN behind any key has one (Monaco's 000... has none). */
enum identity_fault vat_check_fr(const char *number, size_t len)
{
	if (strpbrk(number, "IO"))
		return IDENTITY_FAULT_FORMAT;
	if (memcmp(number + 2, "000", 3) != 0 && !check_luhn(number + 2, len - 2))
		return IDENTITY_FAULT_CHECK_DIGIT;
	if (!code_all_digits(number, 2))
		return IDENTITY_FAULT_NONE;
	return verdict((code_value(number + 2, 9) % 97 * 100 + 12) % 97 == code_value(number, 2));
}

enum identity_fault vat_check_hr(const char *number, size_t len)
{
	return verdict(check_mod11_10(number, len));
}

enum identity_fault vat_check_hu(const char *number, size_t len)
{
	static const uint8_t weights[8] = {9, 7, 3, 1, 9, 7, 3, 1};

	return verdict(check_weighted(number, weights, len) % 10 == 0);
}

/* Old numbers carry a letter, "+" or "*" in second place and their first digit is counted last. */
enum identity_fault vat_check_ie(const char *number, size_t len)
{
	static const char letters[] = "WABCDEFGHIJKLMNOPQRSTUV";
	unsigned sum;

	if (code_is_digit(number[1])) {
		const char *second = len == 9 ? strchr(letters, number[8]) : letters;
		if (!second)
			return IDENTITY_FAULT_FORMAT;
		sum = check_descending(number, 8, 7) + 9 * (unsigned)(second - letters);
	} else {
		sum = check_descending(number + 2, 7, 5) + 2 * digit(number[0]);
	}
	return verdict(number[7] == letters[sum % 23]);
}

enum identity_fault vat_check_it(const char *number, size_t len)
{
	unsigned province = code_value(number + 7, 3);

	if (code_value(number, 7) == 0)
		return IDENTITY_FAULT_FORMAT;
	if (!(province >= 1 && province <= 100) && province != 120 && province != 121 && province != 888 &&
	    province != 999)
		return IDENTITY_FAULT_FORMAT;
	return verdict(check_luhn(number, len));
}

static unsigned lithuanian_sum(const char *number, size_t len, unsigned shift)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += (1 + ((unsigned)i + shift) % 9) * digit(number[i]);
	return sum % 11;
}

enum identity_fault vat_check_lt(const char *number, size_t len)
{
	unsigned check = lithuanian_sum(number, len - 1, 0);

	if (number[len - 2] != '1')
		return IDENTITY_FAULT_FORMAT;
	if (check == 10)
		check = lithuanian_sum(number, len - 1, 2) % 10;
	return verdict(check == digit(number[len - 1]));
}

enum identity_fault vat_check_lu(const char *number, size_t len)
{
	(void)len;
	return verdict(code_value(number, 6) % 89 == code_value(number + 6, 2));
}

/* Persons: the birth day and a check digit, or (since 2017) a number from 32 that says nothing. */
static enum identity_fault check_latvian_person(const char *number)
{
	static const uint8_t weights[10] = {10, 5, 8, 4, 2, 1, 6, 3, 7, 9};

	if (number[0] == '3' && number[1] == '2')
		return IDENTITY_FAULT_NONE;
	if (!is_day(code_value(number + 2, 2), code_value(number, 2)) || number[6] > '2')
		return IDENTITY_FAULT_FORMAT;
	return verdict((check_weighted(number, weights, 10) + 1) % 11 % 10 == digit(number[10]));
}

enum identity_fault vat_check_lv(const char *number, size_t len)
{
	static const uint8_t weights[11] = {9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1};

	if (number[0] <= '3')
		return check_latvian_person(number);
	return verdict(check_weighted(number, weights, len) % 11 == 3);
}

enum identity_fault vat_check_mt(const char *number, size_t len)
{
	static const uint8_t weights[8] = {3, 4, 6, 7, 8, 9, 10, 1};

	return verdict(check_weighted(number, weights, len) % 37 == 0);
}

/* Firms carry their fiscal number (eleven test); since 2020 sole traders carry a number checked as a whole. */
enum identity_fault vat_check_nl(const char *number, size_t len)
{
	static const uint8_t weights[8] = {9, 8, 7, 6, 5, 4, 3, 2};

	if (memcmp(number + 10, "00", 2) == 0)
		return IDENTITY_FAULT_FORMAT;
	return verdict(check_weighted(number, weights, 8) % 11 == digit(number[8]) ||
	               check_mod97(number, len, check_mod97("NL", 2, 0)) == 1);
}

enum identity_fault vat_check_no(const char *number, size_t len)
{
	static const uint8_t weights[9] = {3, 2, 7, 6, 5, 4, 3, 2, 1};

	return verdict(check_weighted(number, weights, len) % 11 == 0);
}

enum identity_fault vat_check_pl(const char *number, size_t len)
{
	static const uint8_t weights[9] = {6, 5, 7, 2, 3, 4, 5, 6, 7};

	return verdict(check_weighted(number, weights, len - 1) % 11 == digit(number[len - 1]));
}

enum identity_fault vat_check_pt(const char *number, size_t len)
{
	return verdict((11 - check_descending(number, 9, len - 1) % 11) % 11 % 10 == digit(number[len - 1]));
}

/* 2 to 10 digits for firms, read from the right; 13 for persons (CNP). */
enum identity_fault vat_check_ro(const char *number, size_t len)
{
	static const uint8_t firm[9] = {7, 5, 3, 2, 1, 7, 5, 3, 2};
	static const uint8_t person[12] = {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9};

	if (len == 13) {
		if (!is_day(code_value(number + 3, 2), code_value(number + 5, 2)))
			return IDENTITY_FAULT_FORMAT;
		unsigned check = check_weighted(number, person, 12) % 11;
		return verdict((check == 10 ? 1 : check) == digit(number[12]));
	}
	return verdict(check_weighted(number, firm + (10 - len), len - 1) * 10 % 11 % 10 == digit(number[len - 1]));
}

enum identity_fault vat_check_se(const char *number, size_t len)
{
	if (memcmp(number + len - 2, "01", 2) != 0)
		return IDENTITY_FAULT_FORMAT;
	return verdict(check_luhn(number, len - 2));
}

enum identity_fault vat_check_si(const char *number, size_t len)
{
	unsigned check = 11 - check_descending(number, 8, len - 1) % 11;

	return verdict(check != 11 && check % 10 == digit(number[len - 1]));
}

/* Firms have one of 2 3 4 7 8 9 in third place; persons are taxed by their birth number. */
enum identity_fault vat_check_sk(const char *number, size_t len)
{
	enum identity_fault person = check_birth_number(number, len);

	if (number[0] == '0' || !memchr("234789", number[2], 6))
		return person;
	return verdict(person == IDENTITY_FAULT_NONE || (code_value(number, 9) % 11 * 10 + digit(number[9])) % 11 == 0);
}

/* United Kingdom: departments below 500, health authorities from 500, firms by either mod 97 rule. */
enum identity_fault vat_check_xi(const char *number, size_t len)
{
	if (len == 5) {
		bool department = number[0] == 'G' && number[1] == 'D' && number[2] < '5';
		bool health = number[0] == 'H' && number[1] == 'A' && number[2] >= '5';
		return department || health ? IDENTITY_FAULT_NONE : IDENTITY_FAULT_FORMAT;
	}
	unsigned rest = (check_descending(number, 8, 7) + code_value(number + 7, 2)) % 97;
	if (code_value(number, 7) == 0)
		return IDENTITY_FAULT_FORMAT;
	return verdict(rest == 0 || (rest + 55) % 97 == 0);
}
