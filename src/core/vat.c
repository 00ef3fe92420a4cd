/* SPDX-License-Identifier: MIT */
#include "core/vat.h"

#include <string.h>

#include "check_digit.h"
#include "vat_check.h"

#define MAX_FORMATS 4

/*
 * Formats behind the prefix: 9 digit, 1 digit but not 0, @ letter, X letter or
 * digit, * also "+" and "*"; a capital stands for itself. "..." in front: the
 * places behind may be cut short, to two.
 */
struct vat_rule {
	char prefix[3];
	char country[3];
	const char *formats[MAX_FORMATS];
	vat_check *check;
	size_t keep; /* places that belong to the number; 0 = all */
};

static const struct vat_rule rules[] = {
        {"AT", "AT", {"U99999999"}, vat_check_at, 0},
        {"BE", "BE", {"9999999999"}, vat_check_be, 0},
        {"BG", "BG", {"999999999", "9999999999"}, vat_check_bg, 0},
        {"CH", "CH", {"E999999999", "E999999999MWST", "E999999999TVA", "E999999999IVA"}, vat_check_ch, 10},
        {"CY", "CY", {"99999999@"}, vat_check_cy, 0},
        {"CZ", "CZ", {"99999999", "999999999", "9999999999"}, vat_check_cz, 0},
        {"DE", "DE", {"199999999"}, vat_check_de, 0},
        {"DK", "DK", {"19999999"}, vat_check_dk, 0},
        {"EE", "EE", {"999999999"}, vat_check_ee, 0},
        {"EL", "GR", {"999999999"}, vat_check_el, 0},
        {"ES", "ES", {"X9999999X"}, vat_check_es, 0},
        {"FI", "FI", {"99999999"}, vat_check_fi, 0},
        {"FR", "FR", {"XX999999999"}, vat_check_fr, 0},
        {"GB", "GB", {"999999999", "999999999999", "GD999", "HA999"}, vat_check_xi, 0},
        {"HR", "HR", {"99999999999"}, vat_check_hr, 0},
        {"HU", "HU", {"99999999"}, vat_check_hu, 0},
        {"IE", "IE", {"9999999@", "9999999@@", "9*99999@"}, vat_check_ie, 0},
        {"IT", "IT", {"99999999999"}, vat_check_it, 0},
        {"LT", "LT", {"999999999", "999999999999"}, vat_check_lt, 0},
        {"LU", "LU", {"99999999"}, vat_check_lu, 0},
        {"LV", "LV", {"99999999999"}, vat_check_lv, 0},
        {"MT", "MT", {"19999999"}, vat_check_mt, 0},
        {"NL", "NL", {"999999999B99"}, vat_check_nl, 0},
        {"NO", "NO", {"999999999", "999999999MVA"}, vat_check_no, 9},
        {"PL", "PL", {"9999999999"}, vat_check_pl, 0},
        {"PT", "PT", {"199999999"}, vat_check_pt, 0},
        {"RO", "RO", {"...1999999999", "1999999999999"}, vat_check_ro, 0},
        {"SE", "SE", {"999999999999"}, vat_check_se, 0},
        {"SI", "SI", {"19999999"}, vat_check_si, 0},
        {"SK", "SK", {"9999999999"}, vat_check_sk, 0},
        {"XI", "", {"999999999", "999999999999", "GD999", "HA999"}, vat_check_xi, 0},
};

static const struct vat_rule *by_prefix(const char *code)
{
	if (code[0] == 'G' && code[1] == 'R')
		code = "EL";
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (memcmp(rules[i].prefix, code, 2) == 0)
			return &rules[i];
	return NULL;
}

static const struct vat_rule *by_country(const char *country)
{
	for (size_t i = 0; country[0] && i < sizeof(rules) / sizeof(rules[0]); i++)
		if (memcmp(rules[i].country, country, 2) == 0)
			return &rules[i];
	return NULL;
}

static bool fits_place(char place, char c)
{
	switch (place) {
	case '9':
		return code_is_digit(c);
	case '1':
		return c >= '1' && c <= '9';
	case 'X':
		return code_is_digit(c) || code_is_letter(c);
	case '*':
		return code_is_letter(c) || c == '+' || c == '*';
	case '@':
		return code_is_letter(c);
	default:
		return c == place;
	}
}

static bool fits(const char *format, const char *number, size_t len)
{
	bool may_be_short = format[0] == '.';

	if (may_be_short)
		format += 3;
	size_t places = strlen(format);
	if (may_be_short ? len < 2 || len > places : len != places)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!fits_place(format[i], number[i]))
			return false;
	return true;
}

static bool fits_rule(const struct vat_rule *rule, const char *number, size_t len)
{
	for (size_t i = 0; rule && i < MAX_FORMATS && rule->formats[i]; i++)
		if (fits(rule->formats[i], number, len))
			return true;
	return false;
}

enum identity_fault vat_normalise(struct slice text, const char *country, char ret_vat[MAX_VAT_ID + 1])
{
	char code[MAX_VAT_ID + 1];
	size_t len = code_compress(text, code, sizeof(code));
	const char *number = code + 2;

	if (len < 3)
		return IDENTITY_FAULT_FORMAT;
	bool has_prefix = code_is_letter(code[0]) && code_is_letter(code[1]);
	const struct vat_rule *rule = has_prefix ? by_prefix(code) : NULL;
	const struct vat_rule *home = by_country(country);
	if (fits_rule(rule, number, len - 2)) {
		len -= 2;
	} else if (fits_rule(home, code, len)) {
		rule = home;
		number = code;
	} else {
		return has_prefix && !rule ? IDENTITY_FAULT_UNKNOWN : IDENTITY_FAULT_FORMAT;
	}
	if (rule->keep)
		len = rule->keep;
	if (len + 2 > MAX_VAT_ID)
		return IDENTITY_FAULT_FORMAT;
	enum identity_fault fault = rule->check(number, len);
	if (fault != IDENTITY_FAULT_NONE)
		return fault;
	memcpy(ret_vat, rule->prefix, 2);
	memcpy(ret_vat + 2, number, len);
	ret_vat[len + 2] = '\0';
	return IDENTITY_FAULT_NONE;
}
