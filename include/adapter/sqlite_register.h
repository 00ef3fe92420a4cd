/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_SQLITE_REGISTER_H
#define ADAPTER_SQLITE_REGISTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "core/facts.h"
#include "core/identity.h"
#include "port/register.h"

/*
 * The register port on one SQLite file. A file that is missing, replaced or
 * updated while serving is noticed by itself: find answers
 * STATUS_UNAVAILABLE as long as there is none, a bulk write shows with its
 * next commit, a file renamed into place within a second (at once when its
 * "-hint" file is touched by register_writer).
 *
 * How a company is found (port/register.h), beyond the wording there:
 *   - A name contradicts an identifier when no name of the company has a
 *     compatible legal form and a similar core (two thirds of its letter
 *     pairs in common, or one contains the other).
 *   - Previous names count like names. An entry that was deleted from its
 *     register steps back when exactly one of several is not deleted.
 *   - Whom no identifier and no exact name decides is looked for in the index
 *     beside the file, "<file>-index" (adapter/match_index.h), if there is
 *     one: a safe match of the asked country is used unless an identifier
 *     contradicts it. A name the company no longer has decides only together
 *     with the index. What the index says of a company that the file no
 *     longer has does not count.
 */
struct sqlite_register;

#define SQLITE_REGISTER_INDEX "-index" /* behind the file's name; made by bonigate index --register test|live */

/* Match probabilities in millionths. */
#define REGISTER_BY_IDENTIFIER    1000000
#define REGISTER_BY_NAME          990000 /* the only one with this name and postal code */
#define REGISTER_BY_PREVIOUS_NAME 970000
#define REGISTER_BY_LIVING_NAME   950000 /* others of this name and postal code are deleted */

/* Succeeds whether the file is there or not. */
enum status sqlite_register_open(const char *file, struct sqlite_register **ret_reg) MUST_CHECK;
void sqlite_register_close(struct sqlite_register *reg); /* no slot may be running; NULL is fine */
struct register_port sqlite_register_port(struct sqlite_register *reg);

/*
 * The bulk writer: one thread, one writer per file at a time. What was
 * written since the last commit is kept whole or not at all.
 */
struct register_writer;

/* Creates the file when it is not there. STATUS_UNAVAILABLE: another writer is at it. */
enum status register_writer_open(const char *file, struct register_writer **ret_writer) MUST_CHECK;
void register_writer_close(struct register_writer *writer); /* drops what is not committed; NULL is fine */

struct register_company {
	const struct identity_norm *norm;     /* at least one identifier, or name, country and postal code */
	const struct identity_norm *previous; /* name, core and form of each are used */
	size_t previous_count;
	const struct facts *facts; /* name and address as shown, sources, values; key and match are not read */
};

/*
 * Adds the company or updates the one that carries its strongest identifier
 * (identity_key()). An update keeps identifiers and names that are no longer
 * told (the old name as a previous one), replaces name and address when told,
 * and merges facts by facts_set(). STATUS_INVALID: nothing identifies it;
 * STATUS_TOO_LARGE: more than the row can hold. A refused company leaves no trace.
 */
enum status register_writer_company(struct register_writer *writer, const struct register_company *company) MUST_CHECK;
/*
 * Merges sources and values into the company that carries this identifier.
 * STATUS_NOT_FOUND; STATUS_MISMATCH: several carry it.
 */
enum status register_writer_facts(struct register_writer *writer, const struct company_key *key,
                                  const struct facts *facts) MUST_CHECK;
/*
 * Makes everything so far durable together with the marker, so that an
 * interrupted import goes on there: "source" names the input (at most 255
 * bytes), "position" is the caller's (rows done, say).
 */
enum status register_writer_commit(struct register_writer *writer, struct slice source, uint64_t position) MUST_CHECK;
/* STATUS_NOT_FOUND: this input was never begun. */
enum status register_writer_progress(struct register_writer *writer, struct slice source,
                                     uint64_t *ret_position) MUST_CHECK;
/* Companies in the file, uncommitted ones included. */
enum status register_writer_count(struct register_writer *writer, uint64_t *ret_companies) MUST_CHECK;

#endif
