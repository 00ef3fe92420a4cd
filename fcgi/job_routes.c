/* SPDX-License-Identifier: MIT */
#include "job_routes.h"

#include <string.h>

#include "adapter/job_dir.h"
#include "base/base32.h"
#include "base/json_out.h"
#include "server.h"

#define MILLION 1000000

bool job_is_list(struct slice content_type)
{
	return slice_eq_nocase(slice_trim(slice_cut(&content_type, ';')), SLICE_LIT("text/csv"));
}

static void make_id(const struct call *call, char ret_id[JOB_ID + 1])
{
	const struct crypto_port *crypto = &call->server->ports[0].crypto;
	uint8_t bytes[16];

	for (int i = 0; i < 6; i++)
		bytes[i] = (uint8_t)((uint64_t)call->at_ms >> (40 - 8 * i));
	crypto->vtable->random(crypto->self, bytes + 6, sizeof(bytes) - 6);
	memcpy(ret_id, "job_", 4);
	base32_ulid(bytes, ret_id + 4);
}

/* In millionths; an unknown length counts as nothing done. */
static int64_t progress_of(const struct job *job)
{
	if (job->phase == JOB_DONE)
		return MILLION;
	if (job->lines == 0 || job->line >= job->lines)
		return 0;
	return (int64_t)(job->line * MILLION / job->lines);
}

static void put_bad(struct json_out *out, const struct job *job)
{
	json_out_array(out, "refused_lines");
	for (size_t i = 0; i < job->bad_count; i++) {
		json_out_object(out, NULL);
		json_out_i64(out, "line", (int64_t)job->bad[i].line);
		json_out_cstr(out, "detail", job->bad[i].why);
		json_out_object_end(out);
	}
	json_out_array_end(out);
}

static void put_job(struct call *call, const struct job *job)
{
	struct json_out out;

	json_out_init(&out, &call->response.body);
	json_out_object(&out, NULL);
	json_out_cstr(&out, "job_id", job->id);
	json_out_bool(&out, "livemode", job->livemode);
	json_out_cstr(&out, "state", job_phase_name(job->phase));
	json_out_millionths(&out, "progress", progress_of(job));
	json_out_i64(&out, "line", (int64_t)job->line);
	json_out_i64(&out, "lines", (int64_t)job->lines);
	json_out_object(&out, "counts");
	json_out_i64(&out, "judged", (int64_t)job->judged);
	json_out_i64(&out, "refused", (int64_t)job->refused);
	json_out_object_end(&out);
	put_bad(&out, job);
	json_out_cstr(&out, "fault", job->fault[0] ? job->fault : NULL);
	json_out_object_end(&out);
	call->response.content_type = "application/json";
}

static bool read_upload(void *ctx, char *mem, size_t cap, size_t *ret_len)
{
	struct call *call = ctx;

	return call->exchange->vtable->read(call->exchange->self, mem, cap, ret_len);
}

enum status job_post(struct call *call)
{
	struct job *job = arena_alloc(call->arena, sizeof(*job));
	enum status status;

	if (!job)
		return STATUS_NO_MEMORY;
	make_id(call, job->id);
	(void)slice_copy(call->principal.tenant, job->tenant, sizeof(job->tenant));
	job->livemode = call->principal.livemode;
	job->english = call->request.lang == LANG_EN;
	status = job_dir_add(call->server->state, job, (struct job_source){read_upload, call});
	if (status == STATUS_INVALID)
		call->fault = "incomplete_body";
	if (status != STATUS_OK)
		return status;
	call->response.status = 202;
	put_job(call, job);
	return STATUS_OK;
}

/* Another tenant's job, or the other mode's, is not there. */
static enum status find_job(const struct call *call, struct job *ret_job)
{
	enum status status = job_dir_load(call->server->state, call->path_rest, ret_job);

	if (status != STATUS_OK)
		return status;
	return slice_eq_cstr(call->principal.tenant, ret_job->tenant) && call->principal.livemode == ret_job->livemode
	               ? STATUS_OK
	               : STATUS_NOT_FOUND;
}

enum status job_get(struct call *call)
{
	struct job *job = arena_alloc(call->arena, sizeof(*job));
	enum status status = job ? find_job(call, job) : STATUS_NO_MEMORY;

	if (status == STATUS_OK)
		put_job(call, job);
	return status;
}

enum status job_result_get(struct call *call)
{
	struct job *job = arena_alloc(call->arena, sizeof(*job));
	enum status status = job ? find_job(call, job) : STATUS_NO_MEMORY;

	if (status == STATUS_OK)
		status = job_dir_read(call->server->state, job, &call->response.file);
	if (status != STATUS_OK)
		return status;
	call->response.file_len = job->out_bytes;
	call->response.content_type = "text/csv; charset=utf-8";
	response_header(&call->response, "Content-Disposition", SLICE_LIT("attachment; filename=\"leads.csv\""));
	return STATUS_OK;
}
