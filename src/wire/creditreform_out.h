/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_CREDITREFORM_OUT_H
#define SRC_WIRE_CREDITREFORM_OUT_H

#include "wire/creditreform.h"

#define CREDITREFORM_SPACE "https://onlineservice.creditreform.de/webservice/" /* and the interface's version */

/* The request of the step in the arena; STATUS_INVALID and *ret_why as provider_codec_vtable.encode. */
enum status creditreform_out(const struct creditreform *creditreform, const struct provider_question *question,
                             struct arena *arena, struct http_request *ret_request, const char **ret_why) MUST_CHECK;

#endif
