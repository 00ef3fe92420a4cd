/* SPDX-License-Identifier: MIT */
#include "base/money.h"

#include <string.h>

/* ISO 4217 active codes whose minor unit is not 2, then those where it is. */
static const struct {
	unsigned minor_digits;
	const char *codes;
} currencies[] = {
        {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF "},
        {3, "BHD IQD JOD KWD LYD OMR TND "},
        {2, "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
            "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
            "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
            "MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE "
            "SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW "
            "ZWG "},
};

static int64_t clamp(__int128 value)
{
	if (value > INT64_MAX)
		return INT64_MAX;
	if (value < INT64_MIN)
		return INT64_MIN;
	return (int64_t)value;
}

static bool is_listed(const char *codes, const char *code)
{
	for (; *codes; codes += 4)
		if (memcmp(codes, code, 3) == 0)
			return true;
	return false;
}

bool money_currency(struct slice code, struct currency *ret_currency, unsigned *ret_minor_digits)
{
	if (code.len != 3)
		return false;
	for (size_t i = 0; i < sizeof(currencies) / sizeof(currencies[0]); i++) {
		if (!is_listed(currencies[i].codes, code.ptr))
			continue;
		*ret_currency = (struct currency){{code.ptr[0], code.ptr[1], code.ptr[2], '\0'}};
		if (ret_minor_digits)
			*ret_minor_digits = currencies[i].minor_digits;
		return true;
	}
	return false;
}

bool money_same_currency(struct currency a, struct currency b)
{
	return memcmp(a.code, b.code, 3) == 0;
}

int64_t money_scale(int64_t amount, int64_t millionths)
{
	return clamp((__int128)amount * millionths / MONEY_MILLION);
}

bool money_ratio(int64_t numerator, int64_t denominator, int64_t *ret_millionths)
{
	int64_t scaled;

	if (denominator <= 0)
		return false;
	/* Balance sheets fit 64 bits, and dividing those is several times cheaper. */
	if (!__builtin_mul_overflow(numerator, MONEY_MILLION, &scaled))
		*ret_millionths = scaled / denominator;
	else
		*ret_millionths = clamp((__int128)numerator * MONEY_MILLION / denominator);
	return true;
}

int64_t money_add(int64_t a, int64_t b)
{
	return clamp((__int128)a + b);
}

int64_t money_sub(int64_t a, int64_t b)
{
	return clamp((__int128)a - b);
}
