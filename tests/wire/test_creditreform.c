/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "provider_world.h"
#include "wire/creditreform.h"
#include "wire/provider_in.h"

#define NUMBER "05190012345678"
#define MIME                                                                             \
	"Multipart/Related; boundary=\"----=_Part_7_1\"; type=\"application/xop+xml\"; " \
	"start-info=\"application/soap+xml\""
#define HEAD "------=_Part_7_1\r\nContent-Type: application/xop+xml; charset=utf-8\r\n\r\n"
#define PDF                                                                                       \
	"\r\n------=_Part_7_1\r\nContent-Type: application/pdf\r\n"                               \
	"Content-ID: <report@onlineservice.creditreform.de>\r\nContent-Transfer-Encoding: binary" \
	"\r\n\r\n"
#define TAIL "\r\n------=_Part_7_1--"

static const struct creditreform ampel = {
        .version = "0600-0021",
        .product = "PRTY-4",
        .interest = "LEIN-101",
        .language = "de",
        .faults = {{"ER-114", CREDITREFORM_NO_REPORT},
                   {"ER-900", CREDITREFORM_REFUSED},
                   {"ER-901", CREDITREFORM_BAD_INPUT}},
        .fault_count = 3,
};
static char body[1 << 20];
static size_t body_len;

static void add(struct slice bytes)
{
	cr_assert_leq(bytes.len, sizeof(body) - body_len);
	memcpy(body + body_len, bytes.ptr, bytes.len);
	body_len += bytes.len;
}

static const struct provider_answer *read_as(uint8_t step, int code, const char *type, const struct subject *subject)
{
	struct provider_question question = provider_world_question(subject, "https://x");
	struct http_reply reply = {
	        .end = HTTP_ANSWERED, .code = code, .content_type = slice_cstr(type), .body = {body, body_len}};

	question.step.number = step;
	if (step)
		memcpy(question.step.ref, NUMBER, sizeof(NUMBER));
	return provider_world_read(creditreform_codec(&ampel), &question, &reply);
}

/* A kept reply as it comes: the envelope and its PDF. */
static const struct provider_answer *read_report(const char *file, struct slice pdf, const char *tail)
{
	struct subject subject = provider_world_schmidt();

	body_len = 0;
	add(SLICE_LIT(HEAD));
	add(provider_world_file(file));
	add(SLICE_LIT(PDF));
	add(pdf);
	add(slice_cstr(tail));
	return read_as(1, 200, MIME, &subject);
}

static const struct provider_answer *read_alone(uint8_t step, int code, struct slice text)
{
	struct subject subject = provider_world_schmidt();

	body_len = 0;
	add(text);
	return read_as(step, code, "application/soap+xml; charset=utf-8", &subject);
}

/* A kept reply with one piece of it replaced. */
static const struct provider_answer *read_bent(uint8_t step, const char *file, const char *from, const char *to)
{
	struct subject subject = provider_world_schmidt();
	struct slice text = provider_world_file(file);
	const char *at = memmem(text.ptr, text.len, from, strlen(from));
	size_t before;

	cr_assert(at, "%s", from);
	before = (size_t)(at - text.ptr);
	body_len = 0;
	add((struct slice){text.ptr, before});
	add(slice_cstr(to));
	add((struct slice){at + strlen(from), text.len - before - strlen(from)});
	return read_as(step, 200, "application/soap+xml", &subject);
}

static int64_t value_of(const struct provider_answer *answer, enum fact_id fact)
{
	int64_t value = -1;

	(void)facts_get(&answer->facts, fact, &value);
	return value;
}

static bool noted(const struct provider_answer *answer, const char *name, const char *text)
{
	const struct provider_field *field = provider_world_field(answer, name);

	return field && slice_eq_cstr(field->text, text);
}

static const struct provider_field *fault_of(const struct provider_answer *answer, const char *name)
{
	const struct provider_field *field = provider_world_field(answer, name);

	return field && field->fault ? field : NULL;
}

/* --- Search ----------------------------------------------------------------------------------------- */

Test(creditreform, goes_on_with_the_one_company_that_is_meant)
{
	const struct provider_answer *answer = read_alone(0, 200, provider_world_file("creditreform/search 40213.xml"));

	cr_assert_eq(answer->turn, PROVIDER_GOES_ON, "%s", answer->detail);
	cr_expect_eq(answer->next.number, 1);
	cr_expect_str_eq(answer->next.ref, NUMBER);
	cr_expect(noted(answer, "identification", NUMBER));
}

Test(creditreform, never_guesses_which_company_is_meant)
{
	static const struct {
		const char *file, *from, *to;
		enum source_state outcome;
	} cases[] = {
	        {"search 40213", "<cr:morehits>false", "<cr:morehits>true", SOURCE_NO_DATA},
	        {"search 40213", "<cr:morehits>false</cr:morehits>", "", SOURCE_NO_DATA},
	        {"search 40213", "Schmidt Industrie Service GmbH", "Schmidt Industrie GmbH", SOURCE_NO_DATA},
	        {"search 40213", "Schmidt Industrie GmbH", "Bäckerei Vogel KG", SOURCE_NO_DATA},
	        {"search 40213", "Schmidt Industrie GmbH", "", SOURCE_NO_DATA},
	        {"search 40213", "40213", "10115", SOURCE_NO_DATA},
	        {"search 40213", "<cr:key>DE", "<cr:key>AT", SOURCE_NO_DATA},
	        {"search none", "false", "true", SOURCE_NO_DATA},
	        {"search 40213", "05190012345678", "0519 0012/../x", SOURCE_UNAVAILABLE},
	        {"search 40213", "05190012345678", "", SOURCE_UNAVAILABLE},
	        {"search 40213", "05190012345678", "1234567890123456789012345", SOURCE_UNAVAILABLE},
	        {"search 40213", "<cr:searchResponse ", "<cr:keylistResponse ", SOURCE_UNAVAILABLE},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char file[64];
		const struct provider_answer *answer;

		snprintf(file, sizeof(file), "creditreform/%s.xml", cases[i].file);
		answer = read_bent(0, file, cases[i].from, cases[i].to);
		cr_expect_eq(answer->turn, PROVIDER_ENDS, "case %zu", i);
		cr_expect_eq(answer->outcome, cases[i].outcome, "case %zu: %s", i, answer->detail);
	}
}

/* --- Reports ---------------------------------------------------------------------------------------- */

Test(creditreform, reads_a_traffic_light)
{
	struct slice pdf = SLICE_LIT("%PDF-1.4\r\n\r\n--\nbinary\n%%EOF\n");
	const struct provider_answer *answer = read_report("creditreform/report " NUMBER " PRTY-4.xml", pdf, TAIL);
	int32_t day;

	cr_assert_eq(answer->outcome, SOURCE_ANSWER, "%s", answer->detail);
	cr_expect_eq(answer->verdict, SUBJECT_SAME);
	cr_expect_str_eq(answer->facts.name, "Schmidt Industrie GmbH");
	cr_expect_str_eq(answer->facts.street, "Hafenstraße 12 a");
	cr_expect_str_eq(answer->facts.country, "DE");
	cr_expect_str_eq(answer->reference, "40200001");
	cr_assert(date_parse(SLICE_LIT("2026-11-20"), &day));
	cr_expect_eq(answer->as_of, day);
	cr_expect_eq(value_of(answer, FACT_REGISTER_STATUS), REGISTER_STATUS_ACTIVE);
	cr_expect_eq(value_of(answer, FACT_BUREAU_PD), 8000);
	cr_expect_eq(value_of(answer, FACT_BUREAU_INDEX), -1);
	cr_expect(noted(answer, "light", "TL-10") && noted(answer, "light_colour", "grün"));
	cr_expect(noted(answer, "light_grade", "10") && noted(answer, "index_range", "100-249"));
	cr_expect(noted(answer, "register_number", "12345") && noted(answer, "court", "Düsseldorf"));
	cr_expect(slice_eq(answer->attachment, pdf));
	cr_expect(slice_eq_cstr(answer->attachment_type, "application/pdf"));
}

Test(creditreform, reads_a_compact_report)
{
	const struct provider_answer *answer = read_report("creditreform/report " NUMBER " PRTY-3.xml",
	                                                   SLICE_LIT("%PDF-1.4\n%%EOF"), TAIL);
	int32_t day, founded;

	cr_assert_eq(answer->outcome, SOURCE_ANSWER, "%s", answer->detail);
	cr_assert(date_parse(SLICE_LIT("2025-12-31"), &day) && date_parse(SLICE_LIT("1998-12-31"), &founded));
	cr_expect_eq(value_of(answer, FACT_BUREAU_INDEX), 187);
	cr_expect_eq(value_of(answer, FACT_BUREAU_SCALE), BUREAU_SCALE_CREDITREFORM_2_0);
	cr_expect(noted(answer, "index_1_0", "239") && noted(answer, "index_2_0", "187"));
	cr_expect_eq(value_of(answer, FACT_BUREAU_PD), 1900);
	cr_expect_eq(value_of(answer, FACT_BUREAU_LIMIT), 5000000);
	cr_expect_eq(value_of(answer, FACT_LEGAL_FORM), LEGAL_FORM_GMBH);
	cr_expect_eq(value_of(answer, FACT_FOUNDED), founded);
	cr_expect_eq(value_of(answer, FACT_BRANCH), 46);
	cr_expect_eq(value_of(answer, FACT_CAPITAL), 25000000);
	cr_expect_eq(value_of(answer, FACT_EMPLOYEES), 42);
	cr_expect_eq(value_of(answer, FACT_REVENUE), 1234560000);
	cr_expect_eq(value_of(answer, FACT_REVENUE_PREVIOUS), 1180000000);
	cr_expect_eq(value_of(answer, FACT_ACCOUNTS_DATE), day);
	cr_expect_eq(value_of(answer, FACT_TOTAL_ASSETS), 990000000);
	cr_expect_eq(value_of(answer, FACT_EQUITY), 396000000);
	cr_expect_eq(value_of(answer, FACT_NET_INCOME), -27500000);
	cr_expect_eq(value_of(answer, FACT_CURRENT_LIABILITIES), 275000000);
	cr_expect_eq(answer->facts.items[FACT_EQUITY].as_of, day);
	cr_expect_eq(answer->facts.items[FACT_REVENUE].as_of, day);
	cr_expect_eq(answer->facts.items[FACT_BUREAU_PD].as_of, answer->as_of);
}

Test(creditreform, takes_numbers_for_what_they_are)
{
	static const struct {
		int product;
		const char *from, *to;
		enum fact_id fact;
		int64_t value; /* -1: unknown */
	} cases[] = {
	        {4, "0,0 % - 0,8 %", "0,8 % - 7,1 %", FACT_BUREAU_PD, 71000},
	        {4, "0,0 % - 0,8 %", "7,1 % - 100,0 %", FACT_BUREAU_PD, 535500},
	        {4, "0,0 % - 0,8 %", "0.8%-7.1%", FACT_BUREAU_PD, 71000},
	        {4, "0,0 % - 0,8 %", "0,8\xc2\xa0% - 7,1\xc2\xa0%", FACT_BUREAU_PD, 71000},
	        {4, "0,0 % - 0,8 %", "0,8 %", FACT_BUREAU_PD, -1},
	        {4, "0,0 % - 0,8 %", "7,1 % - 0,8 %", FACT_BUREAU_PD, -1},
	        {4, "0,0 % - 0,8 %", "0,8 % - 107,1 %", FACT_BUREAU_PD, -1},
	        {4, "0,0 % - 0,8 %", "1.000,8 % - 7,1 %", FACT_BUREAU_PD, -1},
	        {4, "0,0 % - 0,8 %", "unbekannt - unbekannt", FACT_BUREAU_PD, -1},
	        {4, "0,0 % - 0,8 %", "", FACT_BUREAU_PD, 8000}, /* by the colour's */
	        {4, "PEST-1<", "PEST-2<", FACT_REGISTER_STATUS, -1},
	        /* by the report's own table */
	        {3, "<cr:duetosolvencyindex>0.19</cr:duetosolvencyindex>", "", FACT_BUREAU_PD, 1917},
	        {3, "<cr:duetosolvencyindex>0.19<", "<cr:duetosolvencyindex>0,19<", FACT_BUREAU_PD, -1},
	        {3, "<cr:duetosolvencyindex>0.19<", "<cr:duetosolvencyindex>nicht bewertet<", FACT_BUREAU_PD, -1},
	        {3, "<cr:solvencyindextwozero>187</cr:solvencyindextwozero>", "", FACT_BUREAU_INDEX, 239},
	        {3, "<cr:solvencyindextwozero>187</cr:solvencyindextwozero>", "", FACT_BUREAU_SCALE,
	         BUREAU_SCALE_CREDITREFORM_1_0},
	        {3, "<cr:solvencyindextwozero>187<", "<cr:solvencyindextwozero>kein Index<", FACT_BUREAU_INDEX, -1},
	        {3, "<cr:solvencyindextwozero>187<", "<cr:solvencyindextwozero>kein Index<", FACT_BUREAU_SCALE, -1},
	        {3, "<cr:dateoffoundation>1998<", "<cr:dateoffoundation>1998-04-01<", FACT_FOUNDED, 10317},
	        {3, "<cr:dateoffoundation>1998<", "<cr:dateoffoundation>2026<", FACT_FOUNDED, 20777},
	        {3, "<cr:dateoffoundation>1998<", "<cr:dateoffoundation>um 1998<", FACT_FOUNDED, -1},
	        {3, "<cr:key>LEFO-DE-10<", "<cr:key>LEFO-DE-912<", FACT_LEGAL_FORM, LEGAL_FORM_UG_CO_KG},
	        {3, "<cr:key>LEFO-DE-10<", "<cr:key>LEFO-DE-9999<", FACT_LEGAL_FORM, LEGAL_FORM_GMBH},
	        {3, "<cr:code>46690<", "<cr:code>0<", FACT_BRANCH, -1},
	        {3, "<cr:totalstaff>42<", "<cr:totalstaff>42.5<", FACT_EMPLOYEES, -1},
	        {3, "<cr:totalstaff>42<", "<cr:totalstaff>-1<", FACT_EMPLOYEES, -1},
	        {3, "<cr:value>50000<", "<cr:value>unbegrenzt<", FACT_BUREAU_LIMIT, -1},
	        {3, "<cr:value>12345600<", "<cr:value>12345600.005<", FACT_REVENUE, 1234560001},
	        {3, "<cr:value>12345600<", "<cr:value>99999999999999999<", FACT_REVENUE, -1},
	        {3, "<cr:dateend>2024-12-31<", "<cr:dateend>2023-12-31<", FACT_REVENUE_PREVIOUS, -1},
	        {3, "<cr:key>BAFO-1<", "<cr:key>BAFO-2<", FACT_EQUITY, -1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char file[64];
		const struct provider_answer *answer;

		snprintf(file, sizeof(file), "creditreform/report " NUMBER " PRTY-%d.xml", cases[i].product);
		answer = read_bent(1, file, cases[i].from, cases[i].to);
		cr_expect_eq(answer->outcome, SOURCE_ANSWER, "case %zu: %s", i, answer->detail);
		cr_expect_eq(value_of(answer, cases[i].fact), cases[i].value, "case %zu, %s: %lld", i, cases[i].to,
		             (long long)value_of(answer, cases[i].fact));
	}
}

/* A light without a range of its own counts by what the report tells of its colour. */
Test(creditreform, never_takes_a_red_light_for_nothing)
{
	static const char own[] =
	        "TL-10</cr:key><cr:designation>grün</cr:designation><cr:grade>10</cr:grade></cr:colour>\n"
	        "    <cr:solvencyindexrange>100-249</cr:solvencyindexrange>\n"
	        "    <cr:probabilityofdefaultrange>0,0 % - 0,8 %<";
	static const struct {
		const char *key;
		int64_t pd;
	} cases[] = {{"TL-10", 8000}, {"TL-30", 535500}, {"TL-99", -1}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct provider_answer *answer;
		char bare[128];

		snprintf(bare, sizeof(bare), "%s</cr:key></cr:colour><cr:probabilityofdefaultrange><", cases[i].key);
		answer = read_bent(1, "creditreform/report " NUMBER " PRTY-4.xml", own, bare);
		cr_expect_eq(answer->outcome, SOURCE_ANSWER, "%s", cases[i].key);
		cr_expect_eq(value_of(answer, FACT_BUREAU_PD), cases[i].pd, "%s", cases[i].key);
	}
}

Test(creditreform, says_when_the_report_is_a_negative_one)
{
	const struct provider_answer *answer = read_bent(1, "creditreform/report " NUMBER " PRTY-4.xml",
	                                                 "<cr:negativereport>false", "<cr:negativereport>true");

	cr_expect_eq(answer->outcome, SOURCE_ANSWER);
	cr_expect_str_eq(answer->detail, "answered; the report is a negative one");
	cr_expect(noted(answer, "negative_report", "true"));
}

Test(creditreform, does_not_take_another_companys_report)
{
	static const struct {
		const char *from, *to;
		enum subject_verdict verdict;
	} cases[] = {
	        {"<cr:identificationnumber>" NUMBER, "<cr:identificationnumber>05190012345679", SUBJECT_OTHER},
	        {"<cr:companyname>Schmidt Industrie GmbH", "<cr:companyname>Bäckerei Vogel KG", SUBJECT_OTHER},
	        {"<cr:registerid>12345", "<cr:registerid>54321", SUBJECT_OTHER},
	        {"<cr:vatid>DE136695976", "<cr:vatid>DE811907980", SUBJECT_OTHER},
	        {"<cr:vatid>DE136695976", "<cr:vatid>811907980", SUBJECT_OTHER},
	        {"<cr:key>DE<", "<cr:key>AT<", SUBJECT_OTHER},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct provider_answer *answer = read_bent(1, "creditreform/report " NUMBER " PRTY-4.xml",
		                                                 cases[i].from, cases[i].to);

		cr_expect_eq(answer->outcome, SOURCE_NO_DATA, "case %zu: %s", i, answer->detail);
		cr_expect_eq(answer->verdict, cases[i].verdict, "case %zu", i);
		cr_expect_eq(value_of(answer, FACT_BUREAU_PD), -1, "case %zu", i);
		cr_expect_str_eq(answer->facts.name, "");
		cr_expect_null(answer->attachment.ptr);
	}
}

/* What was paid for is not lost with the PDF beside it. */
Test(creditreform, keeps_a_whole_pdf_only)
{
	static const struct {
		const char *pdf, *tail, *fault;
	} cases[] = {
	        {"%PDF-1.4\n%%EOF\n", TAIL, NULL},
	        {"%PDF-1.4\n%%EOF\n", "\r\n------=_Part_7_", "is cut off"},
	        {"%PDF-1.4\n1 0 obj", TAIL, "is cut off"},
	        {"%PDF-1.4\n1 0 obj", "", "is cut off"},
	        {"<html>", TAIL, "is no PDF"},
	        {"", TAIL, "is no PDF"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct provider_answer *answer = read_report("creditreform/report " NUMBER " PRTY-4.xml",
		                                                   slice_cstr(cases[i].pdf), cases[i].tail);
		const struct provider_field *field = provider_world_field(answer, "report");

		cr_expect_eq(answer->outcome, SOURCE_ANSWER, "case %zu: %s", i, answer->detail);
		cr_assert(field, "case %zu", i);
		if (cases[i].fault)
			cr_expect_str_eq(field->fault, cases[i].fault, "case %zu", i);
		cr_expect_eq(answer->attachment.ptr != NULL, !cases[i].fault, "case %zu", i);
	}
}

/* Without MTOM the PDF stands in the envelope as base64. */
Test(creditreform, reads_an_envelope_that_came_alone)
{
	static const char include[] = "<xop:Include xmlns:xop=\"http://www.w3.org/2004/08/xop/include\" "
	                              "href=\"cid:report%40onlineservice.creditreform.de\"/>";
	static const char file[] = "creditreform/report " NUMBER " PRTY-4.xml";
	const struct provider_answer *answer = read_bent(1, file, include, " JVBERi0x\nLjQKJSVFT0Y= ");

	cr_expect_eq(answer->outcome, SOURCE_ANSWER);
	cr_expect(slice_eq_cstr(answer->attachment, "%PDF-1.4\n%%EOF"));
	answer = read_bent(1, file, include, include);
	cr_expect_eq(answer->outcome, SOURCE_ANSWER);
	cr_assert(fault_of(answer, "report"));
	cr_expect_str_eq(fault_of(answer, "report")->fault, "is not there");
	answer = read_bent(1, file, include, "JVBERi0");
	cr_expect_eq(answer->outcome, SOURCE_ANSWER);
	cr_expect(fault_of(answer, "report"));
}

/* --- Faults ----------------------------------------------------------------------------------------- */

static struct slice fault(const char *key)
{
	static char text[2048];
	int len = snprintf(text, sizeof(text),
	                   "<env:Envelope xmlns:env='http://www.w3.org/2003/05/soap-envelope'><env:Body><env:Fault>"
	                   "<env:Code><env:Value>env:Receiver</env:Value></env:Code>"
	                   "<env:Reason><env:Text xml:lang='de'>Fehler</env:Text></env:Reason><env:Detail>"
	                   "<s:servicefault xmlns:s='https://onlineservice.creditreform.de/webservice/0600-0021'>"
	                   "<s:body><s:fault><s:errorkey><s:key>%s</s:key><s:designation>Text</s:designation>"
	                   "</s:errorkey></s:fault></s:body></s:servicefault></env:Detail></env:Fault></env:Body>"
	                   "</env:Envelope>",
	                   key);

	return (struct slice){text, (size_t)len};
}

Test(creditreform, reads_faults_by_their_key_whatever_the_code)
{
	static const struct {
		const char *key;
		enum source_state outcome;
		const char *detail;
	} cases[] = {
	        {"ER-114", SOURCE_NO_DATA, "has no report on the company"},
	        {"ER-900", SOURCE_UNAVAILABLE, "does not take the credentials"},
	        {"ER-901", SOURCE_INVALID_INPUT, "does not take the question"},
	        {"ER-1140", SOURCE_UNAVAILABLE, "answered with a fault"},
	        {"", SOURCE_UNAVAILABLE, "answered with a fault"},
	};
	static const int codes[] = {200, 400, 500};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (size_t c = 0; c < sizeof(codes) / sizeof(*codes); c++) {
			for (uint8_t step = 0; step < 2; step++) {
				const struct provider_answer *answer = read_alone(step, codes[c], fault(cases[i].key));

				cr_expect_eq(answer->turn, PROVIDER_ENDS);
				cr_expect_eq(answer->outcome, cases[i].outcome, "%s", cases[i].key);
				cr_expect_str_eq(answer->detail, cases[i].detail);
				cr_expect(noted(answer, "fault", "Text") && noted(answer, "fault_reason", "Fehler"));
			}
		}
	}
}

Test(creditreform, does_not_take_what_is_no_message_of_the_service)
{
	static const struct {
		int code;
		const char *text;
	} cases[] = {
	        {200, ""},
	        {200, "{}"},
	        {200, "<html/>"},
	        {200, "<!doctype html><title>Wartung</title>"},
	        {200, "<env:Envelope xmlns:env='http://schemas.xmlsoap.org/soap/envelope/'><env:Body/></env:Envelope>"},
	        {200, "<env:Envelope xmlns:env='http://www.w3.org/2003/05/soap-envelope'/>"},
	        {200, "<env:Envelope xmlns:env='http://www.w3.org/2003/05/soap-envelope'><env:Body/></env:Envelope>"},
	        {200,
	         "<env:Envelope xmlns:env='http://www.w3.org/2003/05/soap-envelope'><env:Body><reportResponse><body/>"
	         "</reportResponse></env:Body></env:Envelope>"},
	        {404, "<html/>"},
	        {400, ""},
	        {500, "<html/>"},
	        {302, ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (uint8_t step = 0; step < 2; step++) {
			const struct provider_answer *answer = read_alone(step, cases[i].code,
			                                                  slice_cstr(cases[i].text));

			cr_expect_eq(answer->outcome, SOURCE_UNAVAILABLE, "case %zu: %s", i, answer->detail);
			cr_expect_eq(answer->turn, PROVIDER_ENDS);
		}
	}
}

/* --- Configuration ---------------------------------------------------------------------------------- */

static const char *refused(const char *members)
{
	static struct provider_config config;
	static struct load_error error;
	char text[1024];
	int len = snprintf(text, sizeof(text),
	                   "{\"format\":\"bonigate-provider/1\",\"id\":\"cr\",\"adapter\":\"creditreform\"%s}",
	                   members);

	memset(&error, 0, sizeof(error));
	if (provider_in_parse((struct slice){text, (size_t)len}, provider_world_arena(), &config, &error) == STATUS_OK)
		return NULL;
	return error.pointer;
}

#define NEEDED ",\"product\":\"PRTY-3\",\"legitimate_interest\":\"LEIN-101\""

Test(creditreform, chooses_no_legitimate_interest)
{
	static const struct {
		const char *members, *pointer;
	} cases[] = {
	        {NEEDED, NULL},
	        {NEEDED ",\"language\":\"en\",\"keylist\":22,\"interface\":\"0710-0033\"", NULL},
	        {NEEDED ",\"client\":{\"name\":\"Shop\",\"version\":\"3\"},\"faults\":{\"ER-1\":\"no_data\"}", NULL},
	        {",\"product\":\"PRTY-3\"", "/legitimate_interest"},
	        {",\"legitimate_interest\":\"LEIN-101\"", "/product"},
	        {",\"product\":\"PRTY-2\",\"legitimate_interest\":\"LEIN-101\"", "/product"},
	        {",\"product\":\"PRTY-3\",\"legitimate_interest\":\"101\"", "/legitimate_interest"},
	        {",\"product\":\"PRTY-3\",\"legitimate_interest\":\"LEIN-\"", "/legitimate_interest"},
	        {NEEDED ",\"language\":\"nl\"", "/language"},
	        {NEEDED ",\"keylist\":0", "/keylist"},
	        {NEEDED ",\"interface\":\"../x\"", "/interface"},
	        {NEEDED ",\"client\":{\"names\":\"x\"}", "/client/names"},
	        {NEEDED ",\"faults\":{\"ER-1\":\"nothing\"}", "/faults/ER-1"},
	        {NEEDED ",\"faults\":{\"XX-1\":\"no_data\"}", "/faults/XX-1"},
	        {NEEDED ",\"faults\":[]", "/faults"},
	        {NEEDED ",\"mapping\":{}", "/mapping"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *pointer = refused(cases[i].members);

		if (cases[i].pointer)
			cr_expect(pointer && strcmp(pointer, cases[i].pointer) == 0, "case %zu: %s", i,
			          pointer ? pointer : "taken");
		else
			cr_expect_null(pointer, "case %zu: %s", i, pointer);
	}
}

Test(creditreform, has_room_for_a_pdf_and_a_test_address)
{
	struct provider_config config;
	struct load_error error;

	cr_assert_eq(provider_in_parse(provider_world_file("creditreform/config.json"), provider_world_arena(), &config,
	                               &error),
	             STATUS_OK);
	cr_expect_eq(config.body_most, 4 << 20);
	cr_expect_str_eq(config.url, "https://ktu.onlineservice.creditreform.de/webservice");
	cr_expect_eq(config.creditreform.fault_count, 3);
}
