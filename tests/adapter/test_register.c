/* SPDX-License-Identifier: MIT */
/* Who is found, who is ambiguous, who is nobody: the contract of port/register.h on the real register and the fake. */
#include <criterion/criterion.h>
#include <string.h>

#include "adapter/sqlite_register.h"
#include "base/deadline.h"
#include "fake_register.h"
#include "temp_dir.h"

struct stage {
	struct register_port port;
	struct fake_register *fake; /* or: */
	struct temp_dir dir;
	struct sqlite_register *reg;
	struct register_writer *writer;
};

static char memory[1 << 18] __attribute__((aligned(16)));
static struct arena arena;

static struct identity_norm normalise(const struct identity *raw)
{
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	struct identity_norm norm;
	size_t count = 0;

	cr_assert_eq(identity_normalise(raw, &arena, &norm, errors, IDENTITY_FIELD_COUNT, &count), STATUS_OK, "%s: %s",
	             identity_field_name(errors[0].field), identity_fault_code(errors[0].fault));
	return norm;
}

/* ---- the companies of the stage ---- */

struct entry {
	struct identity identity;
	const char *previous;
	enum register_status status;
	int64_t employees; /* tells them apart */
};

#define DE(name_, postal_, vat_, number_)                                                                \
	{                                                                                                \
		.name = SLICE_LIT(name_), .postal_code = SLICE_LIT(postal_), .country = SLICE_LIT("DE"), \
		.vat_id = vat_, .court = SLICE_LIT("Düsseldorf"), .register_type = SLICE_LIT("HRB"),     \
		.register_number = SLICE_LIT(number_)                                                    \
	}

static const struct entry entries[] = {
        {DE("Schmidt Industrie GmbH", "40213", SLICE_LIT("DE136695976"), "12345"), NULL, REGISTER_STATUS_ACTIVE, 1},
        {DE("Schmidt Industrie Verwaltungs GmbH", "40213", SLICE_NONE, "12346"), NULL, REGISTER_STATUS_ACTIVE, 2},
        {DE("Zwilling Handel GmbH", "50667", SLICE_NONE, "20001"), NULL, REGISTER_STATUS_ACTIVE, 3},
        {DE("Zwilling Handel GmbH", "50667", SLICE_NONE, "20002"), NULL, REGISTER_STATUS_ACTIVE, 4},
        {DE("Umgezogen AG", "60311", SLICE_NONE, "30001"), NULL, REGISTER_STATUS_DELETED, 5},
        {DE("Umgezogen AG", "60311", SLICE_NONE, "30002"), NULL, REGISTER_STATUS_ACTIVE, 6},
        {DE("Neuer Name GmbH", "10115", SLICE_NONE, "40001"), "Alter Name GmbH", REGISTER_STATUS_ACTIVE, 7},
        {DE("Gelöscht UG (haftungsbeschränkt)", "20095", SLICE_NONE, "50001"), NULL, REGISTER_STATUS_DELETED, 8},
        {DE("Beaufort 8 GmbH", "70173", SLICE_NONE, "60008"), NULL, REGISTER_STATUS_ACTIVE, 9},
        {{.name = SLICE_LIT("Nur Name e.K."), .postal_code = SLICE_LIT("80331"), .country = SLICE_LIT("DE")},
         NULL,
         REGISTER_STATUS_ACTIVE,
         10},
        {DE("Erste Kollision GmbH", "90402", SLICE_LIT("DE811569869"), "70001"), NULL, REGISTER_STATUS_ACTIVE, 11},
};

#define ENTRY_COUNT (sizeof(entries) / sizeof(*entries))

static struct facts facts_of(const struct entry *entry)
{
	struct facts facts;
	int source;

	facts_init(&facts);
	slice_copy(entry->identity.name, facts.name, sizeof(facts.name));
	slice_copy(entry->identity.postal_code, facts.postal_code, sizeof(facts.postal_code));
	source = facts_source(&facts, "register", SOURCE_ANSWER, 20000);
	facts_set(&facts, FACT_REGISTER_STATUS, entry->status, 20000, (uint8_t)source);
	facts_set(&facts, FACT_EMPLOYEES, entry->employees, 20000, (uint8_t)source);
	return facts;
}

static void add(struct stage *stage, const struct entry *entry)
{
	struct identity_norm norm = normalise(&entry->identity), previous;
	struct identity old = {.name = slice_cstr(entry->previous), .country = SLICE_LIT("DE")};
	struct facts facts = facts_of(entry);
	struct register_company company = {&norm, &previous, entry->previous != NULL ? 1 : 0, &facts};

	if (entry->previous != NULL)
		previous = normalise(&old);
	if (stage->fake != NULL)
		fake_register_add(stage->fake, &norm, entry->previous != NULL ? &previous : NULL, &facts);
	else
		cr_assert_eq(register_writer_company(stage->writer, &company), STATUS_OK);
}

static void fill(struct stage *stage)
{
	arena_init(&arena, memory, sizeof(memory));
	for (size_t i = 0; i < ENTRY_COUNT; i++)
		add(stage, &entries[i]);
}

static void begin_sqlite(struct stage *stage)
{
	const char *file;

	memset(stage, 0, sizeof(*stage));
	stage->dir = temp_dir_make();
	file = temp_dir_path(&stage->dir, "register.db");
	cr_assert_eq(register_writer_open(file, &stage->writer), STATUS_OK);
	fill(stage);
	cr_assert_eq(register_writer_commit(stage->writer, SLICE_LIT("test"), ENTRY_COUNT), STATUS_OK);
	cr_assert_eq(sqlite_register_open(file, &stage->reg), STATUS_OK);
	stage->port = sqlite_register_port(stage->reg);
}

static void begin_fake(struct stage *stage)
{
	memset(stage, 0, sizeof(*stage));
	stage->fake = fake_register_create();
	stage->port = fake_register_port(stage->fake);
	fill(stage);
}

static void end(struct stage *stage)
{
	if (stage->fake != NULL) {
		fake_register_destroy(stage->fake);
		return;
	}
	sqlite_register_close(stage->reg);
	register_writer_close(stage->writer);
	temp_dir_remove(&stage->dir);
}

#define CONTRACT(name)                         \
	static void name(struct stage *stage); \
	Test(register_sqlite, name)            \
	{                                      \
		struct stage stage;            \
		begin_sqlite(&stage);          \
		name(&stage);                  \
		end(&stage);                   \
	}                                      \
	Test(register_fake, name)              \
	{                                      \
		struct stage stage;            \
		begin_fake(&stage);            \
		name(&stage);                  \
		end(&stage);                   \
	}                                      \
	static void name(struct stage *stage)

/* ---- who is found ---- */

struct question {
	const char *why;
	const char *name, *postal_code, *vat_id, *number;
	enum match_kind match;
	int32_t probability;
	int64_t employees;
};

static const struct question questions[] = {
        {"register number", "", "", "", "12345", MATCH_EXACT, REGISTER_BY_IDENTIFIER, 1},
        {"VAT id", "", "", "DE136695976", "", MATCH_EXACT, REGISTER_BY_IDENTIFIER, 1},
        {"name and postal code", "Schmidt Industrie GmbH", "40213", "", "", MATCH_EXACT, REGISTER_BY_NAME, 1},
        {"spelling folds", "SCHMIDT  INDUSTRIE G.m.b.H.", "40213", "", "", MATCH_EXACT, REGISTER_BY_NAME, 1},
        {"all of it", "Schmidt Industrie GmbH", "40213", "DE136695976", "12345", MATCH_EXACT, REGISTER_BY_IDENTIFIER,
         1},
        {"another postal code", "Schmidt Industrie GmbH", "40212", "", "", MATCH_NONE, 0, 0},
        {"no postal code", "Schmidt Industrie GmbH", "", "", "", MATCH_NONE, 0, 0},
        {"unknown number", "", "", "", "99999", MATCH_NONE, 0, 0},
        {"unknown name", "Niemand GmbH", "40213", "", "", MATCH_NONE, 0, 0},
        {"identifiers of two companies", "", "", "DE136695976", "20001", MATCH_AMBIGUOUS, 500000, 0},
        {"a VAT id that is not this company's", "", "", "DE811569869", "12345", MATCH_AMBIGUOUS, 500000, 0},
        {"an unknown VAT id beside a number", "", "", "DE129274202", "12345", MATCH_AMBIGUOUS, 500000, 0},
        {"a VAT id where none is known", "", "", "DE129274202", "20001", MATCH_EXACT, REGISTER_BY_IDENTIFIER, 3},
        {"a stranger's name beside a number", "Beaufort 8 GmbH", "", "", "12345", MATCH_AMBIGUOUS, 500000, 0},
        {"the sister's name beside a number", "Schmidt Industrie Verwaltungs GmbH", "", "", "12345", MATCH_AMBIGUOUS,
         500000, 0},
        {"the sister's name and address", "Schmidt Industrie Verwaltungs GmbH", "40213", "", "12345", MATCH_AMBIGUOUS,
         500000, 0},
        {"another legal form", "Schmidt Industrie GmbH & Co. KG", "", "", "12345", MATCH_AMBIGUOUS, 500000, 0},
        {"no legal form", "Schmidt Industrie", "", "", "12345", MATCH_EXACT, REGISTER_BY_IDENTIFIER, 1},
        {"a typing error", "Schmitd Industrie GmbH", "40213", "", "12345", MATCH_EXACT, REGISTER_BY_IDENTIFIER, 1},
        {"another number in the name", "Beaufort 9 GmbH", "70173", "", "60008", MATCH_AMBIGUOUS, 500000, 0},
        {"two of one name", "Zwilling Handel GmbH", "50667", "", "", MATCH_AMBIGUOUS, 500000, 0},
        {"two of one name, told apart", "Zwilling Handel GmbH", "50667", "", "20002", MATCH_EXACT,
         REGISTER_BY_IDENTIFIER, 4},
        {"a name known, its number another", "Beaufort 8 GmbH", "70173", "", "60009", MATCH_AMBIGUOUS, 500000, 0},
        {"the living one of two", "Umgezogen AG", "60311", "", "", MATCH_EXACT, REGISTER_BY_LIVING_NAME, 6},
        {"the deleted one by number", "", "", "", "30001", MATCH_EXACT, REGISTER_BY_IDENTIFIER, 5},
        {"deleted, and the only one", "Gelöscht UG (haftungsbeschränkt)", "20095", "", "", MATCH_EXACT,
         REGISTER_BY_NAME, 8},
        {"previous name", "Alter Name GmbH", "10115", "", "", MATCH_EXACT, REGISTER_BY_PREVIOUS_NAME, 7},
        {"previous name beside a number", "Alter Name GmbH", "", "", "40001", MATCH_EXACT, REGISTER_BY_IDENTIFIER, 7},
        {"no identifier known", "Nur Name e.K.", "80331", "", "", MATCH_EXACT, REGISTER_BY_NAME, 10},
        {"no identifier known, one told", "Nur Name e.K.", "80331", "DE129274202", "", MATCH_EXACT, REGISTER_BY_NAME,
         10},
};

static struct slice given(const char *text)
{
	return text[0] != '\0' ? slice_cstr(text) : SLICE_NONE;
}

static struct identity_norm question_norm(const struct question *question)
{
	struct identity raw = {
	        .name = given(question->name),
	        .postal_code = given(question->postal_code),
	        .country = SLICE_LIT("DE"),
	        .vat_id = given(question->vat_id),
	        .register_number = given(question->number),
	};

	if (raw.register_number.ptr != NULL) {
		raw.court = SLICE_LIT("Düsseldorf");
		raw.register_type = SLICE_LIT("HRB");
	}
	return normalise(&raw);
}

static void expect_answer(struct stage *stage, const struct question *question)
{
	struct identity_norm norm = question_norm(question);
	struct facts facts;
	int64_t employees = 0;

	cr_assert_eq(stage->port.vtable->find(stage->port.self, &norm, DEADLINE_NEVER, &facts), STATUS_OK);
	cr_expect_eq(facts.match, question->match, "%s: %s", question->why, match_kind_name(facts.match));
	cr_expect_eq(facts.match_probability, question->probability, "%s: %d", question->why, facts.match_probability);
	(void)facts_get(&facts, FACT_EMPLOYEES, &employees);
	cr_expect_eq(employees, question->employees, "%s: company %ld", question->why, (long)employees);
	if (question->match != MATCH_EXACT) {
		cr_expect_eq(facts.source_count, 0, "%s: no facts of a stranger", question->why);
		cr_expect_str_eq(facts.key.text, "", "%s", question->why);
	}
}

CONTRACT(finds_by_what_is_given)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++)
		expect_answer(stage, &questions[i]);
}

CONTRACT(tells_key_and_aliases_of_the_found)
{
	static const struct question by_vat = {.name = "", .postal_code = "", .vat_id = "DE136695976", .number = ""};
	static const struct question by_name = {
	        .name = "Nur Name e.K.", .postal_code = "80331", .vat_id = "", .number = ""};
	struct identity_norm norm = question_norm(&by_vat);
	struct facts facts;

	cr_assert_eq(stage->port.vtable->find(stage->port.self, &norm, DEADLINE_NEVER, &facts), STATUS_OK);
	cr_expect_str_eq(facts.key.text, "reg:R1101:HRB:12345");
	cr_expect_eq(facts.alias_count, 1);
	cr_expect_str_eq(facts.aliases[0].text, "vat:DE136695976");
	cr_expect_str_eq(facts.name, "Schmidt Industrie GmbH");
	cr_expect_str_eq(facts.postal_code, "40213");
	cr_expect_str_eq(facts.sources[0].id, "register");
	cr_expect_eq(facts.sources[0].as_of, 20000);
	norm = question_norm(&by_name);
	cr_assert_eq(stage->port.vtable->find(stage->port.self, &norm, DEADLINE_NEVER, &facts), STATUS_OK);
	cr_expect(strncmp(facts.key.text, "name:DE:80331:", 14) == 0, "%s", facts.key.text);
}

CONTRACT(the_revision_changes_with_the_content)
{
	static const struct entry more = {DE("Später GmbH", "40213", SLICE_NONE, "777"), NULL, REGISTER_STATUS_ACTIVE,
	                                  77};
	uint64_t before = stage->port.vtable->revision(stage->port.self);

	cr_expect_eq(stage->port.vtable->revision(stage->port.self), before);
	add(stage, &more);
	if (stage->writer != NULL)
		cr_assert_eq(register_writer_commit(stage->writer, SLICE_LIT("test"), 1), STATUS_OK);
	cr_expect_neq(stage->port.vtable->revision(stage->port.self), before);
}
