/* SPDX-License-Identifier: MIT */
#include "sqlite_log_vfs.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* SQLite keeps 17 bits of a write's length: 128 KiB at once would be nothing, which it takes for a full disk. */
#define GATHER_BYTES (120 * 1024)

/* Our part of an open file; SQLite's own follows it in the same memory. */
struct log_file {
	sqlite3_file base;
	sqlite3_file *real;
	char *bytes; /* NULL: not a log, everything goes straight through */
	sqlite3_int64 at;
	size_t len;
};

static sqlite3_vfs vfs;
static sqlite3_vfs *real_vfs; /* SQLite's own */

static struct log_file *log_of(sqlite3_file *file)
{
	return (struct log_file *)(void *)file;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
	return log_of(file)->real;
}

/* SQLite tells a full disk from an I/O error, but takes a quota or file size limit for the latter. */
static int write_through(struct log_file *log, const void *bytes, int len, sqlite3_int64 at)
{
	int code = log->real->pMethods->xWrite(log->real, bytes, len, at);

	if (code == SQLITE_IOERR_WRITE && (errno == EFBIG || errno == EDQUOT))
		code = SQLITE_FULL;
	return code;
}

static int flush(struct log_file *log)
{
	int code;

	if (log->len == 0)
		return SQLITE_OK;
	code = write_through(log, log->bytes, (int)log->len, log->at);
	log->len = 0;
	return code;
}

static int log_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
	struct log_file *log = log_of(file);
	int code = SQLITE_OK;

	if (log->bytes == NULL || len < 0 || (size_t)len > GATHER_BYTES) {
		code = flush(log);
		return code != SQLITE_OK ? code : write_through(log, bytes, len, at);
	}
	if (log->len > 0 && (at != log->at + (sqlite3_int64)log->len || log->len + (size_t)len > GATHER_BYTES))
		code = flush(log);
	if (code != SQLITE_OK)
		return code;
	if (log->len == 0)
		log->at = at;
	memcpy(log->bytes + log->len, bytes, (size_t)len);
	log->len += (size_t)len;
	return SQLITE_OK;
}

static int log_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at)
{
	int code = flush(log_of(file));

	return code != SQLITE_OK ? code : real_of(file)->pMethods->xRead(real_of(file), bytes, len, at);
}

static int log_sync(sqlite3_file *file, int flags)
{
	int code = flush(log_of(file));

	return code != SQLITE_OK ? code : real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	int code = flush(log_of(file));

	return code != SQLITE_OK ? code : real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int log_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
	int code = flush(log_of(file));

	return code != SQLITE_OK ? code : real_of(file)->pMethods->xFileSize(real_of(file), ret_size);
}

static int log_close(sqlite3_file *file)
{
	int flushed = flush(log_of(file)), code = real_of(file)->pMethods->xClose(real_of(file));

	free(log_of(file)->bytes);
	log_of(file)->bytes = NULL;
	return flushed != SQLITE_OK ? flushed : code;
}

static int log_lock(sqlite3_file *file, int lock)
{
	return real_of(file)->pMethods->xLock(real_of(file), lock);
}

static int log_unlock(sqlite3_file *file, int lock)
{
	return real_of(file)->pMethods->xUnlock(real_of(file), lock);
}

static int log_reserved(sqlite3_file *file, int *ret_reserved)
{
	return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_reserved);
}

static int log_control(sqlite3_file *file, int operation, void *arg)
{
	return real_of(file)->pMethods->xFileControl(real_of(file), operation, arg);
}

static int log_sector(sqlite3_file *file)
{
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int log_traits(sqlite3_file *file)
{
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

/* Version 1: a log is never mapped, locked in pieces or memory-mapped. */
static const sqlite3_io_methods log_methods = {
        .iVersion = 1,
        .xClose = log_close,
        .xRead = log_read,
        .xWrite = log_write,
        .xTruncate = log_truncate,
        .xSync = log_sync,
        .xFileSize = log_size,
        .xLock = log_lock,
        .xUnlock = log_unlock,
        .xCheckReservedLock = log_reserved,
        .xFileControl = log_control,
        .xSectorSize = log_sector,
        .xDeviceCharacteristics = log_traits,
};

static int open_log(const char *name, struct log_file *log, int flags, int *ret_flags)
{
	int code;

	memset(log, 0, sizeof(*log));
	log->real = (sqlite3_file *)(void *)(log + 1);
	log->bytes = malloc(GATHER_BYTES); /* without it: straight through */
	code = real_vfs->xOpen(real_vfs, name, log->real, flags, ret_flags);
	if (log->real->pMethods != NULL)
		log->base.pMethods = &log_methods;
	if (log->base.pMethods == NULL) {
		free(log->bytes);
		log->bytes = NULL;
	}
	return code;
}

/* Any other file is SQLite's own, in the whole memory. */
static int open_file(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	(void)self;
	if ((flags & SQLITE_OPEN_WAL) != 0)
		return open_log(name, log_of(file), flags, ret_flags);
	return real_vfs->xOpen(real_vfs, name, file, flags, ret_flags);
}

void sqlite_log_vfs_register(void)
{
	real_vfs = sqlite3_vfs_find(NULL);
	if (real_vfs == NULL)
		return;
	vfs = *real_vfs; /* all but opening files stays as it is */
	vfs.pNext = NULL;
	vfs.zName = SQLITE_LOG_VFS;
	vfs.szOsFile = real_vfs->szOsFile + (int)sizeof(struct log_file);
	vfs.xOpen = open_file;
	sqlite3_vfs_register(&vfs, 0);
}
