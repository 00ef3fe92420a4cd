/* SPDX-License-Identifier: MIT */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#ifndef BONIGATE_VERSION
#define BONIGATE_VERSION "0.1.0"
#endif

#endif
