/* SPDX-License-Identifier: MIT */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "register_pattern.h"

#include <pcre2.h>

/*
 * Read as bytes: the only letters beyond ASCII that matter here are Ö and ö
 * of a suffix ("HRB 12 MÖ").
 *
 * An entry is "HRB 12345 HU" or "12345 HU HRB"; the type may be spelled out
 * ("Handelsregister B"), "Nr." may stand before the number and a blank or dot
 * between thousands. "AG" behind a number is no suffix but a court's.
 */
#define LETTER "(?:[A-Z]|\xC3[\x96\xB6])"
#define EDGE   "(?![A-Z0-9\x80-\xFF])"

static const char pattern[] = "(?(DEFINE)"
                              "(?<t>HR[ \t.-]*[AB]|Ge?n[ .-]?R|PR|VR|GsR"
                              "|Handelsregister[ ,]*(?:Abteilung|Abt\\.?)?[ ]*[AB]"
                              "|(?:Genossenschafts|Partnerschafts|Vereins|Gesellschafts)register)"
                              "(?<n>[0-9]{1,3}[. ][0-9]{3}(?![0-9])|[0-9]{1,9})"
                              "(?<s>(?!AG" EDGE "|HR|PR|VR|Ge?n[ .-]?R|GsR)" LETTER "{1,3}" EDGE "))"
                              "^(?<before>.*?)(?<![A-Z0-9\x80-\xFF])"
                              "(?:(?<type>(?&t))(?![a-z])[ \t.:,/-]*(?:(?:Nr|No|Nummer)(?![a-z])[ .:]*)?"
                              "(?<number>(?&n))(?:[ ./-]*(?<suffix>(?&s)))?"
                              "|(?<number2>(?&n))(?:[ ./-]*(?<suffix2>(?&s)))?[ ,./-]*(?<type2>(?&t))(?![a-z]))" EDGE
                              "(?<behind>.*)$";

static pcre2_code *compiled; /* set once, by whoever comes first */

/* A match block and, where the JIT is forbidden, the interpreter's first frames fit in here. */
#define MATCH_MEMORY (32 * 1024)

struct match_memory {
	pcre2_match_data *data;
	size_t used;
	_Alignas(16) unsigned char bytes[MATCH_MEMORY];
};

static _Thread_local struct match_memory memory;

static void *take(size_t size, void *unused)
{
	size_t start = (memory.used + 15) / 16 * 16;

	(void)unused;
	if (size > MATCH_MEMORY || start > MATCH_MEMORY - size)
		return NULL;
	memory.used = start + size;
	return memory.bytes + start;
}

static void give_back(void *block, void *unused)
{
	(void)block;
	(void)unused;
}

/* Threads that come at once each compile; one result stays, equal to the others. */
static void compile(void)
{
	const uint32_t options = PCRE2_CASELESS | PCRE2_DOTALL | PCRE2_NO_AUTO_CAPTURE;
	int error;
	size_t offset;
	pcre2_code *none = NULL;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &error, &offset, NULL);

	if (!code)
		return;
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it, the interpreter answers alike */
	if (!__atomic_compare_exchange_n(&compiled, &none, code, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		pcre2_code_free(code);
}

bool register_pattern_init(void)
{
	if (!__atomic_load_n(&compiled, __ATOMIC_ACQUIRE))
		compile();
	return __atomic_load_n(&compiled, __ATOMIC_ACQUIRE) != NULL;
}

static bool prepare_thread(void)
{
	if (memory.data)
		return true;
	pcre2_general_context *context = pcre2_general_context_create(take, give_back, NULL);
	if (context)
		memory.data = pcre2_match_data_create_from_pattern(compiled, context);
	return memory.data != NULL;
}

static struct slice group(struct slice text, const char *name)
{
	int number = pcre2_substring_number_from_name(compiled, (PCRE2_SPTR)name);
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(memory.data);

	if (number <= 0 || ends[2 * number] == PCRE2_UNSET)
		return SLICE_NONE;
	return (struct slice){text.ptr + ends[2 * number], ends[2 * number + 1] - ends[2 * number]};
}

static struct slice either(struct slice a, struct slice b)
{
	return a.ptr ? a : b;
}

bool register_pattern_match(struct slice text, struct register_parts *ret_parts)
{
	if (!text.len || !register_pattern_init() || !prepare_thread())
		return false;
	if (pcre2_match(compiled, (PCRE2_SPTR)text.ptr, text.len, 0, 0, memory.data, NULL) <= 0)
		return false;
	*ret_parts = (struct register_parts){
	        .before = group(text, "before"),
	        .type = either(group(text, "type"), group(text, "type2")),
	        .number = either(group(text, "number"), group(text, "number2")),
	        .suffix = either(group(text, "suffix"), group(text, "suffix2")),
	        .behind = group(text, "behind"),
	};
	return true;
}
