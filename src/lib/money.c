/* money: see money.h. */
#include "money.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define DECIMALS 9 /* of a nano-dollar */

__extension__ typedef __int128 int128;

int64_t
money_from(double usd)
{
	return (int64_t)round(usd * (double)MONEY_ONE);
}

double
money_usd(int64_t nano)
{
	return (double)nano / (double)MONEY_ONE;
}

int64_t
money_scale(int64_t a, int64_t b, int64_t c)
{
	int128 v;

	if (a < 0 || b < 0 || c <= 0)
		return MONEY_NONE;
	v = ((int128)a * b + c / 2) / c;
	return v > MONEY_MAX ? MONEY_NONE : (int64_t)v;
}

static int64_t
ten_to(unsigned n)
{
	int64_t v = 1;

	while (n--)
		v *= 10;
	return v;
}

unsigned
money_decimals(const int64_t *nano, size_t n, unsigned least)
{
	unsigned d = least;

	for (size_t i = 0; i < n; i++)
		while (d < DECIMALS && nano[i] > 0 && money_units(nano[i], d) < 10)
			d++;
	return d;
}

int64_t
money_units(int64_t nano, unsigned decimals)
{
	int64_t unit = ten_to(DECIMALS - decimals);

	return (nano + unit / 2) / unit;
}

void
money_text(char *out, int64_t units, unsigned decimals)
{
	int64_t one = ten_to(decimals);

	snprintf(out, MONEY_TEXT, "$%" PRId64 ".%0*" PRId64, units / one, (int)decimals, units % one);
}
