/* SPDX-License-Identifier: MIT */
#include "core/country.h"

#include <string.h>

/* Row = first letter, each capital of its text = a second letter that exists (ISO 3166-1 alpha-2). */
static const char *const second_letters[26] = {
        "DEFGILMOQRSTUWXZ",        /* A */
        "ABDEFGHIJLMNOQRSTVWYZ",   /* B */
        "ACDFGHIKLMNORUVWXYZ",     /* C */
        "EJKMOZ",                  /* D */
        "CEGHRST",                 /* E */
        "IJKMOR",                  /* F */
        "ABDEFGHILMNPQRSTUWY",     /* G */
        "KMNRTU",                  /* H */
        "DELMNOQRST",              /* I */
        "EMOP",                    /* J */
        "EGHIMNPRWYZ",             /* K */
        "ABCIKRSTUVY",             /* L */
        "ACDEFGHKLMNOPQRSTUVWXYZ", /* M */
        "ACEFGILOPRUZ",            /* N */
        "M",                       /* O */
        "AEFGHKLMNRSTWY",          /* P */
        "A",                       /* Q */
        "EOSUW",                   /* R */
        "ABCDEGHIJKLMNORSTVXYZ",   /* S */
        "CDFGHJKLMNORTVWZ",        /* T */
        "AGMSYZ",                  /* U */
        "ACEGINU",                 /* V */
        "FS",                      /* W */
        "",                        /* X */
        "ET",                      /* Y */
        "AMW",                     /* Z */
};

static const char eu_members[][3] = {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
};

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

enum identity_fault country_normalise(struct slice text, char ret_country[3])
{
	text = slice_trim(text);
	if (text.len != 2)
		return IDENTITY_FAULT_FORMAT;
	char first = upper(text.ptr[0]);
	char second = upper(text.ptr[1]);
	if (first < 'A' || first > 'Z' || second < 'A' || second > 'Z')
		return IDENTITY_FAULT_FORMAT;
	if (first == 'E' && second == 'L') {
		first = 'G';
		second = 'R';
	} else if (first == 'U' && second == 'K') {
		first = 'G';
		second = 'B';
	}
	if (!strchr(second_letters[first - 'A'], second))
		return IDENTITY_FAULT_UNKNOWN;
	ret_country[0] = first;
	ret_country[1] = second;
	ret_country[2] = '\0';
	return IDENTITY_FAULT_NONE;
}

bool country_in_eu(const char *country)
{
	for (size_t i = 0; i < sizeof(eu_members) / sizeof(eu_members[0]); i++)
		if (strcmp(eu_members[i], country) == 0)
			return true;
	return false;
}
