/* SPDX-License-Identifier: MIT */
#ifndef FAKE_REGISTER_H
#define FAKE_REGISTER_H

#include "base/status.h"
#include "core/facts.h"
#include "core/identity.h"
#include "port/register.h"

/* The register port in memory; decides who is found by the same rules as the real one. */
struct fake_register;

#define FAKE_REGISTER_COMPANIES 64

struct fake_register *fake_register_create(void);
void fake_register_destroy(struct fake_register *reg);
struct register_port fake_register_port(struct fake_register *reg);
/* Always a new company; raises the revision. previous may be NULL. */
void fake_register_add(struct fake_register *reg, const struct identity_norm *norm,
                       const struct identity_norm *previous, const struct facts *facts);
/* What find answers from now on; STATUS_OK = as it should. */
void fake_register_fail(struct fake_register *reg, enum status status);
/* How often find was asked. */
unsigned fake_register_asked(const struct fake_register *reg);

#endif
