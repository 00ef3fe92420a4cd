/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_SQLITE_LOG_VFS_H
#define SRC_ADAPTER_SQLITE_LOG_VFS_H

/*
 * SQLite's own file layer, but what a connection writes to its write-ahead
 * log is gathered and reaches the file in one write before it is synced.
 * SQLite writes two pieces for each page, which costs more than the copying.
 * Nothing is visible earlier or later than without it: a commit is published
 * after the sync only.
 */
#define SQLITE_LOG_VFS "bonigate-log"

/* Once per process, before the first open that names it. */
void sqlite_log_vfs_register(void);

#endif
