/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buf.h"
#include "base/json_out.h"
#include "core/record.h"
#include "sqlite_store_impl.h"

struct audit {
	const struct crypto_port *crypto;
	struct slice tenant;
	struct audit_result result;
	uint64_t last_seq; /* the head when the walk began */
	bool beyond;       /* there is a record behind it: a new one, or one that was put there */
	uint8_t prev[32];  /* digest of the last record walked */
};

static bool fail(struct audit *audit, enum audit_fault fault, const struct store_record *record)
{
	audit->result.fault = fault;
	audit->result.seq = record->seq;
	if (!slice_copy(record->decision_id, audit->result.decision_id, sizeof(audit->result.decision_id)))
		memcpy(audit->result.decision_id, record->decision_id.ptr, sizeof(audit->result.decision_id) - 1);
	return false;
}

static bool ends_with(struct slice text, struct slice tail)
{
	return text.len >= tail.len && memcmp(text.ptr + text.len - tail.len, tail.ptr, tail.len) == 0;
}

/* The closing that this place in the chain demands: position and link in one comparison. */
static enum audit_fault check_close(const struct audit *audit, const struct store_record *record)
{
	char mem[128];
	struct buf tail;
	size_t link;

	buf_init(&tail, mem, sizeof(mem));
	record_close(&tail, record->seq, audit->prev);
	if (ends_with(record->text, buf_view(&tail)))
		return AUDIT_SOUND;
	link = sizeof(",\"prev\":\"\"}") - 1 + 64;
	if (tail.len > link && ends_with(record->text, (struct slice){mem + tail.len - link, link}))
		return AUDIT_ID;
	return AUDIT_PREV;
}

/*
 * By the members that record_put() begins with: strings escape quotes, so the
 * two stand nowhere else in a record. A part of its id does not do, nor does
 * another decision's that it mentions, nor another tenant's chain.
 */
static bool is_named_by(const struct audit *audit, const struct store_record *record)
{
	char mem[MAX_DECISION_ID + MAX_TENANT_ID + 32];
	struct json_out out;
	struct buf members;

	buf_init(&members, mem, sizeof(mem));
	json_out_init(&out, &members);
	json_out_string(&out, "id", record->decision_id);
	json_out_string(&out, "tenant", audit->tenant);
	return !members.overflow && memmem(record->text.ptr, record->text.len, mem, members.len) != NULL;
}

static bool check_record(void *ctx, const struct store_record *record)
{
	struct audit *audit = ctx;
	uint8_t digest[32];
	enum audit_fault fault;

	if (record->seq > audit->last_seq) {
		audit->beyond = true;
		return false;
	}
	if (record->seq != audit->result.records + 1)
		return fail(audit, AUDIT_GAP, record);
	audit->crypto->vtable->sha256(audit->crypto->self, record->text, digest);
	if (memcmp(digest, record->digest, sizeof(digest)) != 0)
		return fail(audit, AUDIT_DIGEST, record);
	fault = check_close(audit, record);
	if (fault != AUDIT_SOUND)
		return fail(audit, fault, record);
	if (!is_named_by(audit, record))
		return fail(audit, AUDIT_ID, record);
	memcpy(audit->prev, digest, sizeof(digest));
	audit->result.records++;
	return true;
}

/* Every record up to the head hung together; is the head where the chain ends? */
static void check_end(struct audit *audit, const struct store_record *head)
{
	if (audit->result.records < head->seq) {
		audit->result.fault = AUDIT_TRUNCATED;
		audit->result.seq = audit->result.records + 1;
	} else if (head->seq > 0 && memcmp(audit->prev, head->digest, sizeof(head->digest)) != 0) {
		audit->result.fault = AUDIT_FORK;
		audit->result.seq = head->seq;
	}
}

/* A record behind the head is sound only if the head has moved since. */
static enum status check_beyond(struct sqlite_store *store, struct slice tenant, struct audit *audit)
{
	struct store_record head;
	int64_t tenant_no;
	enum status status = sqlite_decision_head(store, tenant, &tenant_no, &head);

	if (status == STATUS_OK && head.seq == audit->last_seq) {
		audit->result.fault = AUDIT_FORK;
		audit->result.seq = head.seq + 1;
	}
	return status;
}

const char *audit_fault_text(enum audit_fault fault)
{
	switch (fault) {
	case AUDIT_SOUND:
		return "sound";
	case AUDIT_DIGEST:
		return "the record's text does not have the digest stored with it";
	case AUDIT_PREV:
		return "the record does not carry the digest of the one before it";
	case AUDIT_GAP:
		return "a record before this one is missing";
	case AUDIT_ID:
		return "the row's decision id, number or tenant is not that of the record";
	case AUDIT_TRUNCATED:
		return "records are missing at the end of the chain";
	case AUDIT_FORK:
		return "the chain does not end with the record noted as its last";
	}
	return "unknown";
}

enum status sqlite_store_verify(struct sqlite_store *store, struct slice tenant, struct audit_result *ret_result)
{
	struct audit audit = {.crypto = &store->crypto, .tenant = tenant};
	struct store_record head;
	int64_t tenant_no;
	enum status status = sqlite_decision_head(store, tenant, &tenant_no, &head);

	if (status != STATUS_OK)
		return status;
	audit.last_seq = head.seq;
	status = sqlite_decision_each(store, tenant, 0, check_record, &audit);
	if (status == STATUS_OK && audit.result.fault == AUDIT_SOUND)
		check_end(&audit, &head);
	if (status == STATUS_OK && audit.result.fault == AUDIT_SOUND && audit.beyond)
		status = check_beyond(store, tenant, &audit);
	if (status != STATUS_OK)
		return status;
	*ret_result = audit.result;
	return STATUS_OK;
}
