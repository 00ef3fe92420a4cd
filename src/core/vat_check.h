/* SPDX-License-Identifier: MIT */
#ifndef CORE_VAT_CHECK_H
#define CORE_VAT_CHECK_H

#include <stddef.h>

#include "core/identity.h"

/*
 * Check digits of one state: the number without its prefix, already of a
 * format listed in vat.c. Sources: the VIES algorithm collection of the
 * European Commission and the states' own rules; tested against values
 * computed apart in tests/core/vat_cases.py.
 */
typedef enum identity_fault vat_check(const char *number, size_t len);

vat_check vat_check_at, vat_check_be, vat_check_bg, vat_check_ch, vat_check_cy, vat_check_cz, vat_check_de;
vat_check vat_check_dk, vat_check_ee, vat_check_el, vat_check_es, vat_check_fi, vat_check_fr, vat_check_hr;
vat_check vat_check_hu, vat_check_ie, vat_check_it, vat_check_lt, vat_check_lu, vat_check_lv, vat_check_mt;
vat_check vat_check_nl, vat_check_no, vat_check_pl, vat_check_pt, vat_check_ro, vat_check_se, vat_check_si;
vat_check vat_check_sk, vat_check_xi;

#endif
