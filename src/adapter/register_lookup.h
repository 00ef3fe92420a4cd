/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_REGISTER_LOOKUP_H
#define SRC_ADAPTER_REGISTER_LOOKUP_H

#include "match_service.h"
#include "port/register.h"
#include "register_match.h"
#include "sqlite_db.h"

/*
 * What is read from a register file within one transaction of a connection
 * that has these statements, in this order. REGISTER_READ_NAMES may be left on
 * its row: reset it before the transaction ends.
 */
enum register_statement {
	REGISTER_BEGIN,
	REGISTER_END,
	REGISTER_FIND_HASH,
	REGISTER_READ_NAMES,
	REGISTER_READ_FACTS,
	REGISTER_READ_REVISION
};

/* First of all: the file's numbers of facts, as of this revision. */
enum status register_lookup_facts_map(struct sqlite_db *db, uint64_t revision) MUST_CHECK;
/* By identifiers and exact name. ret_open: neither decided, or only a name that the company no longer has did. */
enum status register_lookup_answer(struct sqlite_db *db, const struct register_question *question, struct facts *facts,
                                   bool *ret_open) MUST_CHECK;
/*
 * A safe match of the index: used if it is of the country asked for and
 * nothing known of it contradicts, else facts stay without a company.
 */
enum status register_lookup_use(struct sqlite_db *db, const struct register_question *question,
                                const struct match_copy *copy, struct facts *facts) MUST_CHECK;
/* By key; port/register.h: find_key. question NULL: nothing can contradict. */
enum status register_lookup_key(struct sqlite_db *db, const struct company_key *key,
                                const struct register_question *question, struct facts *facts) MUST_CHECK;
/* Hits as the register shows them; facts is working memory, hits->hits has room for all of them. */
enum status register_lookup_hits(struct sqlite_db *db, const struct match_answer *found, struct facts *facts,
                                 struct register_hits *hits) MUST_CHECK;

#endif
