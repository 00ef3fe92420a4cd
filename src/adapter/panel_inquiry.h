/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_PANEL_INQUIRY_H
#define SRC_ADAPTER_PANEL_INQUIRY_H

#include <stdatomic.h>

#include "adapter/inquiry_writer.h"
#include "panel_memory.h"
#include "port/panel.h"

/* Reports under way at the providers of a panel, kept until they are in its memory. */
struct panel_inquiries {
	struct clock_port clock;
	struct inquiry_writer *list; /* NULL: none is kept */
	atomic_size_t resumed;       /* and not told yet */
	struct document_port documents;
};

/*
 * Whether this provider must not be asked now: its report is being prepared,
 * or the list cannot be read, and a second report would be paid for as well.
 */
bool panel_inquiry_pending(const struct panel_inquiries *inquiries, const struct panel_key *key);
/* A question to one provider, and whose the report is. */
struct panel_order {
	const struct panel_key *key;
	const char *provider;
	const struct document_owner *owner;
};

/*
 * Of an answer that waits, without waiting: told when it is durable, or found here at least. False: it is not kept,
 * nothing is told, and the next one orders it anew.
 */
bool panel_inquiry_keep(const struct panel_inquiries *inquiries, const struct panel_order *order,
                        const struct provider_answer *answer, struct inquiry_written written);
/* What came beside an answer, if anything did and there is a place for it. */
void panel_inquiry_keep_document(const struct panel_inquiries *inquiries, const struct document_owner *owner,
                                 const struct provider_answer *answer);

/* One inquiry to go on with. Everything is copied but the panel's parts, which outlive the call. */
struct panel_resumption {
	struct panel_inquiries *inquiries;
	const struct panel_memory *memory;
	struct provider_port provider;
	struct panel_key remembered; /* where the answer belongs */
	struct slice key;            /* of the list */
	const struct inquiry *inquiry;
	struct deadline deadline;
	struct panel_resumed_done done;
};

void panel_inquiry_resume(const struct panel_resumption *resumption);

#endif
