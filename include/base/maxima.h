/* SPDX-License-Identifier: MIT */
#ifndef BASE_MAXIMA_H
#define BASE_MAXIMA_H

/*
 * Every maximum of the product, in one place: bytes unless a name says
 * otherwise. A buffer is as large as its input's maximum says.
 */

/* the request */
#define MAX_BODY            65536 /* HTTP body of a JSON call */
#define MAX_URI             2048  /* REQUEST_URI */
#define MAX_HEADER          1024  /* one header value we read */
#define MAX_API_KEY         128
#define MAX_IDEMPOTENCY_KEY 255
#define MAX_STORED_KEY      (MAX_IDEMPOTENCY_KEY + 5) /* "t:" or "l:" before it, and in a list its place: "24:" */
#define MAX_REQUEST_ID      64
#define MAX_JSON_DEPTH      16 /* nesting of arrays and objects */
#define MAX_REQUEST_ARENA   (512 * 1024)
#define MAX_ANSWER          65536
#define MAX_LEADS           25  /* companies in one call; two digits, see above */
#define MAX_ERRORS          32  /* field errors reported in one problem */
#define MAX_POINTER         128 /* JSON pointer of a field error */

/* identity, in bytes of UTF-8 */
#define MAX_NAME            512
#define MAX_STREET          256
#define MAX_POSTAL_CODE     16
#define MAX_CITY            128
#define MAX_VAT_ID          20
#define MAX_LEI             20
#define MAX_ECONOMIC_ID     20
#define MAX_CUSTOMER_REF    64
#define MAX_COURT           128
#define MAX_REGISTER_NUMBER 24
#define MAX_ORDER_REF       64
#define MAX_COMPANY_KEY     128
#define MAX_NORMALISED      (2 * MAX_NAME) /* folding may lengthen: ä -> ae */

/* amounts */
#define MAX_AMOUNT INT64_C(99999999999999) /* minor units: < 1e12 EUR */

/* facts, models, policies: counts */
#define MAX_FACTS           96
#define MAX_SOURCES         16
#define MAX_FACTS_PACKED    4096 /* facts_pack() */
#define MAX_SOURCE_ID       32
#define MAX_ALIASES         6 /* further keys of one company */
#define MAX_CHARACTERISTICS 48
#define MAX_INPUT_NAME      48 /* of a characteristic that is no fact */
#define MAX_BINS            24
#define MAX_EVIDENCE        8 /* kinds of a model */
#define MAX_AGES            8 /* of a kind of evidence */
#define MAX_BUREAU_WORDS    32
#define MAX_BUREAU_WORD     40
#define MAX_BUREAU_DEFAULTS 8
#define MAX_PD_POINTS       64
#define MAX_MODEL_ID        48
#define MAX_VERSION         48
#define MAX_METHODS         16 /* payment methods of a policy or request */
#define MAX_METHOD_ID       32
#define MAX_COUNTRIES       64
#define MAX_CURRENCIES      16
#define MAX_LIST_ENTRIES    1024 /* allow and deny list */
#define MAX_REASONS         24
#define MAX_TENANT_ID       48
#define MAX_MODEL_FILE      (1024 * 1024)
#define MAX_POLICY_FILE     (256 * 1024)

/* the record */
#define MAX_RECORD      16384
#define MAX_DECISION_ID 32  /* "dec_" and a ULID */
#define MAX_BATCH       256 /* decisions sharing one commit */

/* the cache */
#define MAX_CACHE_KEY   192
#define MAX_CACHE_VALUE 16384

/* providers */
#define MAX_HTTP_URL       2048
#define MAX_HTTP_HEADERS   8
#define MAX_HTTP_BODY      65536             /* of a request we send */
#define MAX_HTTP_HEAD      65536             /* all header lines of an answer */
#define MAX_PROVIDER_BODY  (8 * 1024 * 1024) /* of an answer, whatever the configuration says */
#define MAX_PROVIDER_FILE  65536             /* one provider's configuration */
#define MAX_PROVIDER_FACTS 48                /* facts a mapping names */
#define MAX_SECRET         4096              /* one credential */
#define MAX_SUBJECT_PACKED 4096              /* subject_pack() */
#define MAX_DOCUMENT       MAX_PROVIDER_BODY /* a report that came beside an answer */
#define MAX_DOCUMENT_TYPE  64                /* its media type */

/* import */
#define MAX_IMPORT_LINE (1024 * 1024)
#define MAX_CSV_FIELDS  256
#define MAX_CSV_HEADER  16384 /* all column names of a file */

#endif
