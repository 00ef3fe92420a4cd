/* SPDX-License-Identifier: MIT */
#ifndef WIRE_CREDITREFORM_H
#define WIRE_CREDITREFORM_H

#include "port/provider.h"

#define CREDITREFORM_KEY    15 /* "LEIN-101" */
#define CREDITREFORM_FAULTS 16

/* What a fault of the service means; its list of keys is not public. */
enum creditreform_fault { CREDITREFORM_NO_REPORT, CREDITREFORM_BAD_INPUT, CREDITREFORM_REFUSED };

struct creditreform {
	char version[CREDITREFORM_KEY + 1]; /* of the interface: "0600-0021" */
	char product[CREDITREFORM_KEY + 1]; /* "PRTY-4" */
	char interest[CREDITREFORM_KEY + 1];
	char language[3];
	char client_name[64], client_version[16];
	int32_t keylist;
	struct {
		char key[CREDITREFORM_KEY + 1]; /* "ER-114" */
		enum creditreform_fault meaning;
	} faults[CREDITREFORM_FAULTS];
	size_t fault_count;
};

/*
 * Creditreform's web service (SOAP 1.2, MTOM): step 0 searches the company,
 * step 1 orders its report by the number found. Credentials: useraccount,
 * generalpassword, individualpassword. Borrows the configuration.
 */
struct provider_codec creditreform_codec(const struct creditreform *creditreform);

#endif
