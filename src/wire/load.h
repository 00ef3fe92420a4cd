/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_LOAD_H
#define SRC_WIRE_LOAD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json_in.h"
#include "wire/model_in.h"

/*
 * Reads an operator's file member by member and keeps the first fault with
 * its JSON pointer. After a fault every call still is safe and changes
 * nothing that matters: the caller asks load_failed() once, at the end.
 */
struct load {
	struct load_error *error;
	bool failed;
	struct buf path; /* pointer of the element at hand */
	char mem[MAX_POINTER];
};

void load_init(struct load *load, struct load_error *error);
bool load_failed(const struct load *load);
/* A static English sentence on the element at hand. */
void load_fault(struct load *load, const char *why);
/* The same on one of its members. */
void load_fault_at(struct load *load, const char *name, const char *why);

/* Goes down into a member or an item; the result takes load_leave() back up. */
size_t load_enter(struct load *load, const char *name);
size_t load_enter_item(struct load *load, size_t index);
void load_leave(struct load *load, size_t mark);

/* Faults unless it is an object of no other members than these ("a b c"). */
bool load_object(struct load *load, const json_t *value, const char *names);
bool load_array(struct load *load, const json_t *value, size_t most);
/* Faults unless the member is there. */
void load_require(struct load *load, const json_t *object, const char *name);

/* Faults a file whose member "format" is not this one, or is not there. */
void load_format(struct load *load, const json_t *root, const char *format);
/*
 * Each reads one member if it is there and leaves *value alone otherwise; a
 * fault names the member. Texts are at least one byte and less than cap.
 */
void load_text(struct load *load, const json_t *object, const char *name, char *value, size_t cap);
void load_integer(struct load *load, const json_t *object, const char *name, int64_t *value);
void load_small(struct load *load, const json_t *object, const char *name, int32_t *value);
void load_bool(struct load *load, const json_t *object, const char *name, bool *value);
/* A decimal of at most six places, or a whole number, as millionths; the first reads the element at hand. */
void load_decimal(struct load *load, const json_t *number, int64_t *value);
void load_millionths(struct load *load, const json_t *object, const char *name, int64_t *value);
/* One of these words (NULL-terminated); *value is its place. */
void load_choice(struct load *load, const json_t *object, const char *name, const char *const *words, unsigned *value);
/* Whether the member is there and null. */
bool load_is_null(const json_t *object, const char *name);

/*
 * Parses a file of at most "most" bytes and starts reading it; the tree lives
 * in the arena. STATUS_TOO_LARGE; STATUS_INVALID, no JSON: *error says where; STATUS_NO_MEMORY.
 */
enum status load_open(struct load *load, struct slice json, size_t most, struct arena *arena, json_t **ret_root,
                      struct load_error *error) MUST_CHECK;

/* Fills the error of a file that is refused as a whole; STATUS_INVALID for the caller to pass on. */
enum status load_refuse(struct load_error *error, const char *pointer, const char *why) MUST_CHECK;
enum status load_refuse_json(struct load_error *error, const struct json_in_error *json) MUST_CHECK;

/* The text of a JSON string. */
struct slice load_slice(const json_t *string);

#endif
