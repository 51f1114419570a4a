/* quantity: see quantity.h.  The amount is kept as digits * 10^ten * 2^two until the end, so
 * that nothing is rounded but the result. */
#include "quantity.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DIGITS 18    /* times 2^60 they fit 128 bits */
#define MAX_EXPONENT 100 /* far beyond what any amount needs */

__extension__ typedef unsigned __int128 uint128;

struct suffix {
	const char *name;
	int ten, two;
};

static const struct suffix suffixes[] = {{"n", -9, 0}, {"u", -6, 0}, {"m", -3, 0}, {"", 0, 0}, {"k", 3, 0},
	{"M", 6, 0}, {"G", 9, 0}, {"T", 12, 0}, {"P", 15, 0}, {"E", 18, 0}, {"Ki", 0, 10}, {"Mi", 0, 20},
	{"Gi", 0, 30}, {"Ti", 0, 40}, {"Pi", 0, 50}, {"Ei", 0, 60}, {NULL, 0, 0}};

struct amount {
	uint128 digits;
	int ten, two;
};

/* The number at *p, which then points behind it. */
static const char *
mantissa(const char **p, struct amount *a)
{
	bool point = false, any = false;
	int n = 0;

	*p += **p == '+';
	for (; isdigit((unsigned char)**p) || (**p == '.' && !point); ++*p) {
		if (**p == '.') {
			point = true;
			continue;
		}
		any = true;
		if (**p != '0' || n > 0)
			n++;
		if (n > MAX_DIGITS)
			return "too many digits";
		a->digits = a->digits * 10 + (unsigned)(**p - '0');
		a->ten -= point;
	}
	return any ? NULL : "not a quantity (try 500m, 2, 8Gi)";
}

static const char *
scale(const char *text, struct amount *a)
{
	const struct suffix *s = suffixes;
	char *end;
	long exponent;

	if ((*text == 'e' || *text == 'E') && strchr("+-0123456789", text[1]) && text[1]) {
		exponent = strtol(text + 1, &end, 10);
		if (*end || end == text + 1)
			return "not a quantity (try 500m, 2, 8Gi)";
		if (exponent < -MAX_EXPONENT || exponent > MAX_EXPONENT)
			return "out of range";
		a->ten += (int)exponent;
		return NULL;
	}
	while (s->name && strcmp(s->name, text) != 0)
		s++;
	if (!s->name)
		return "no such unit (n u m k M G T P E, or Ki Mi Gi Ti Pi Ei)";
	a->ten += s->ten;
	a->two = s->two;
	return NULL;
}

const char *
quantity_parse(const char *text, unsigned decimals, int64_t *out)
{
	struct amount a = {.ten = (int)decimals};
	const char *why = mantissa(&text, &a);
	bool rest = false;

	if (why || (why = scale(text, &a)))
		return why;
	a.digits <<= a.two;
	for (; a.ten > 0 && a.digits; a.ten--) {
		if (a.digits >> 124)
			return "too large";
		a.digits *= 10;
	}
	for (; a.ten < 0 && a.digits; a.ten++) {
		rest |= a.digits % 10 != 0;
		a.digits /= 10;
	}
	a.digits += rest;
	if (a.digits > INT64_MAX)
		return "too large";
	*out = (int64_t)a.digits;
	return NULL;
}
