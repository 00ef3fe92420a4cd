/* SPDX-License-Identifier: MIT */
#include "check_digit.h"

#include <string.h>

bool code_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool code_is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

size_t code_compress(struct slice text, char *ret_code, size_t cap)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (code_is_digit(c) || code_is_letter(c) || c == '+' || c == '*') {
			if (len + 1 >= cap)
				return 0;
			ret_code[len++] = c;
		} else if (!c || !strchr(" .-/_'", c)) {
			return 0;
		}
	}
	ret_code[len] = '\0';
	return len;
}

bool code_all_digits(const char *code, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!code_is_digit(code[i]))
			return false;
	return true;
}

unsigned code_value(const char *digits, size_t len)
{
	unsigned value = 0;

	for (size_t i = 0; i < len; i++)
		value = value * 10 + (unsigned)(digits[i] - '0');
	return value;
}

unsigned check_weighted(const char *digits, const uint8_t *weights, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += weights[i] * (unsigned)(digits[i] - '0');
	return sum;
}

unsigned check_descending(const char *digits, unsigned first, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += (first - (unsigned)i) * (unsigned)(digits[i] - '0');
	return sum;
}

bool check_luhn(const char *digits, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned d = (unsigned)(digits[len - 1 - i] - '0');
		if (i % 2)
			d = d < 5 ? 2 * d : 2 * d - 9;
		sum += d;
	}
	return sum % 10 == 0;
}

bool check_mod11_10(const char *digits, size_t len)
{
	unsigned check = 5;

	for (size_t i = 0; i < len; i++)
		check = ((check ? check : 10) * 2 % 11 + (unsigned)(digits[i] - '0')) % 10;
	return check == 1;
}

unsigned check_mod97(const char *code, size_t len, unsigned start)
{
	unsigned rest = start;

	for (size_t i = 0; i < len; i++) {
		if (code_is_digit(code[i]))
			rest = (rest * 10 + (unsigned)(code[i] - '0')) % 97;
		else
			rest = (rest * 100 + (unsigned)(code[i] - 'A') + 10) % 97;
	}
	return rest;
}
