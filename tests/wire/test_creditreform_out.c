/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "provider_world.h"
#include "wire/creditreform.h"

#define NUMBER "05190012345678"

static const struct creditreform ampel = {
        .version = "0600-0021",
        .product = "PRTY-4",
        .interest = "LEIN-101",
        .language = "de",
        .client_name = "Shop <&> Co",
        .client_version = "2",
        .keylist = 21,
};
static const struct provider_secrets secrets = {
        .items = {{"useraccount", "100000000001"}, {"generalpassword", "ge&eral"}, {"individualpassword", "<own>"}},
        .count = 3};

static struct slice text_between(struct slice text, const char *from, const char *to)
{
	const char *start = memmem(text.ptr, text.len, from, strlen(from)), *end;

	if (!start)
		return SLICE_NONE;
	start += strlen(from);
	end = memmem(start, (size_t)(text.ptr + text.len - start), to, strlen(to));
	return end ? (struct slice){start, (size_t)(end - start)} : SLICE_NONE;
}

static enum status encode(struct provider_question *question, struct http_request *ret_request, const char **ret_why)
{
	struct provider_codec codec = creditreform_codec(&ampel);

	return codec.vtable->encode(codec.self, question, provider_world_arena(), ret_request, ret_why);
}

static bool says(struct slice text, const char *element, const char *value)
{
	char from[64], to[64];

	snprintf(from, sizeof(from), "<ns:%s>", element);
	snprintf(to, sizeof(to), "</ns:%s>", element);
	return slice_eq_cstr(text_between(text, from, to), value);
}

Test(creditreform_out, searches_first_with_a_header_of_its_own)
{
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, "https://x/webservice");
	struct http_request request;
	const char *why = NULL;

	question.secrets = &secrets;
	memset(question.nonce, 0xa5, sizeof(question.nonce));
	cr_assert_eq(encode(&question, &request, &why), STATUS_OK);
	cr_expect(slice_eq_cstr(request.url, "https://x/webservice/0600-0021/soap12/messages.wsdl"));
	cr_expect(slice_eq_cstr(request.content_type, "application/soap+xml; charset=utf-8"));
	cr_expect(request.repeatable && request.faults_as_500);
	cr_expect_eq(request.method, HTTP_POST);
	cr_expect(says(request.body, "transmissiontimestamp", "2026-10-26T07:33:20Z"));
	cr_expect(says(request.body, "transactionreference", "a5a5a5a5a5a5a5a5a5a5a5a5"));
	cr_expect(says(request.body, "keylistversion", "21"));
	cr_expect(says(request.body, "clientapplicationname", "Shop &lt;&amp;&gt; Co"));
	cr_expect(says(request.body, "useraccount", "100000000001"));
	cr_expect(says(request.body, "generalpassword", "ge&amp;eral"));
	cr_expect(says(request.body, "individualpassword", "&lt;own&gt;"));
	cr_expect(slice_eq_cstr(
	        text_between(request.body, "<ns:body>", "</ns:body>"),
	        "<ns:searchtype>SETY-1</ns:searchtype><ns:companyname>Schmidt Industrie GmbH</ns:companyname>"
	        "<ns:postcode>40213</ns:postcode><ns:city>Düsseldorf</ns:city><ns:country>DE</ns:country>"));
}

Test(creditreform_out, orders_the_report_once)
{
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, "https://x");
	struct http_request request;
	const char *why = NULL;

	question.secrets = &secrets;
	question.step = (struct provider_step){1, NUMBER};
	cr_assert_eq(encode(&question, &request, &why), STATUS_OK);
	cr_expect_not(request.repeatable);
	cr_expect(slice_eq_cstr(text_between(request.body, "<ns:body>", "</ns:body>"),
	                        "<ns:identificationnumber>" NUMBER "</ns:identificationnumber>"
	                        "<ns:legitimateinterest>LEIN-101</ns:legitimateinterest>"
	                        "<ns:reportlanguage>de</ns:reportlanguage><ns:producttype>PRTY-4</ns:producttype>"));
	cr_expect(text_between(request.body, "<ns:reportRequest>", "</ns:reportRequest>").ptr);
}

Test(creditreform_out, says_what_it_lacks)
{
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, "https://x");
	struct http_request request;
	const char *why = NULL;

	cr_expect_eq(encode(&question, &request, &why), STATUS_INVALID);
	cr_expect(strstr(why, "individualpassword"));
	question.secrets = &secrets;
	subject.typed_city[0] = subject.postal_code[0] = '\0';
	cr_expect_eq(encode(&question, &request, &why), STATUS_INVALID);
	cr_expect_str_eq(why, "needs a postal code or a city");
	subject.typed_name[0] = '\0';
	cr_expect_eq(encode(&question, &request, &why), STATUS_INVALID);
	cr_expect_str_eq(why, "needs a name");
}

/* Names are cut between characters, never within one; a city that is too long is left out. */
Test(creditreform_out, asks_with_no_more_than_the_service_takes)
{
	struct subject subject = provider_world_schmidt();
	struct provider_question question = provider_world_question(&subject, "https://x");
	struct http_request request;
	const char *why = NULL;
	struct slice name;

	question.secrets = &secrets;
	subject.typed_name[0] = '\0';
	for (int i = 0; i < 100; i++)
		memcpy(subject.typed_name + strlen(subject.typed_name), "ü", 3);
	cr_assert(slice_copy(SLICE_LIT("Oberammergau an der Ammer im Gebirge"), subject.typed_city,
	                     sizeof(subject.typed_city)));
	cr_assert_eq(encode(&question, &request, &why), STATUS_OK);
	name = text_between(request.body, "<ns:companyname>", "</ns:companyname>");
	cr_expect_eq(name.len, 180);
	cr_expect_null(text_between(request.body, "<ns:city>", "</ns:city>").ptr);
	subject.postal_code[0] = '\0';
	cr_assert_eq(encode(&question, &request, &why), STATUS_OK);
	cr_expect(says(request.body, "city", "Oberammergau an der Ammer"));
}
