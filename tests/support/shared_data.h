/* SPDX-License-Identifier: MIT */
#ifndef SUPPORT_SHARED_DATA_H
#define SUPPORT_SHARED_DATA_H

#include "base/slice.h"

/*
 * A file of the real data that lies beside the repository (../shared/data, or
 * below $BONIGATE_SHARED), unpacked. Absent when it is not there: the test
 * then skips. The caller frees the pointer.
 */
struct slice shared_data_read(const char *path);

#endif
