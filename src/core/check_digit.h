/* SPDX-License-Identifier: MIT */
#ifndef CORE_CHECK_DIGIT_H
#define CORE_CHECK_DIGIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * Identifiers as people type them: copies the ASCII letters (raised) and
 * digits of text, drops blanks and " . - / _ ' ", keeps "+" and "*". 0 when
 * there is any other character, nothing, or more than cap - 1 characters;
 * otherwise the length. Terminated.
 */
size_t code_compress(struct slice text, char *ret_code, size_t cap);
bool code_is_digit(char c);
bool code_is_letter(char c); /* A-Z */
bool code_all_digits(const char *code, size_t len);
unsigned code_value(const char *digits, size_t len); /* at most nine digits */

/* digits[0..len) are '0' to '9'. */
unsigned check_weighted(const char *digits, const uint8_t *weights, size_t len); /* sum of weight * digit */
unsigned check_descending(const char *digits, unsigned first, size_t len);       /* weights first, first-1, .. */
bool check_luhn(const char *digits, size_t len);
/* ISO 7064 mod 11,10: the last digit checks the others. */
bool check_mod11_10(const char *digits, size_t len);
/* ISO 7064 mod 97-10 over digits and capitals (A = 10 .. Z = 35): the remainder. */
unsigned check_mod97(const char *code, size_t len, unsigned start);

#endif
