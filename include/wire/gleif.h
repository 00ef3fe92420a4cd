/* SPDX-License-Identifier: MIT */
#ifndef WIRE_GLEIF_H
#define WIRE_GLEIF_H

#include "port/provider.h"

/*
 * GLEIF's register of legal entity identifiers (API v1, JSON:API). Asked by
 * LEI, else by legal name and country; of several entities of one name only
 * one that is shown to be the company counts. Gives name, address, founding
 * day, legal form (from the name) and whether the entity exists. A LAPSED
 * registration was not renewed and says nothing about the company; one that
 * was annulled or is a duplicate is no data.
 */
struct provider_codec gleif_codec(void);

#endif
