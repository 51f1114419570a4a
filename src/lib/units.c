/* units: see units.h. */
#include "units.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit counts[] = {{"", 1}, {"k", 1000}, {"M", 1000000}, {"G", 1000000000}, {NULL, 0}};
static const struct unit durations[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000},
	{"m", 60000000}, {"h", 3600000000}, {"d", 86400000000}, {NULL, 0}};

/* A decimal number at the start of text; *end is what follows it. */
static const char *
decimal(const char *text, double *v, char **end)
{
	const char *p = text + (*text == '-' || *text == '+');

	if (!isdigit((unsigned char)*p) && !(*p == '.' && isdigit((unsigned char)p[1])))
		return "not a number";
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		return "not a decimal number";
	errno = 0;
	*v = strtod(text, end);
	if (errno == ERANGE || !isfinite(*v))
		return "out of range";
	return NULL;
}

/* As many as they are, to the last digit: a double rounds above 2^53. */
static bool
whole(const char *text, const char *end, int64_t *out)
{
	char *stop;

	errno = 0;
	*out = strtoll(text, &stop, 10);
	return stop == end && errno == 0;
}

static const char *
scaled(double v, int64_t factor, int64_t *out)
{
	v *= (double)factor;
	if (v > 9e18 || v < -9e18)
		return "out of range";
	v = round(v * 1e6) / 1e6; /* 0.29k is 290, whatever binary makes of 0.29 */
	if (v != floor(v))
		return "not a whole number";
	*out = (int64_t)v;
	return NULL;
}

static const char *
with_unit(const char *text, const struct unit *u, const char *unknown, int64_t min, int64_t max, int64_t *out)
{
	double v;
	char *end;
	const char *why = decimal(text, &v, &end);

	if (why)
		return why;
	if (v == 0 && !*end)
		u = counts; /* zero needs no unit */
	while (u->name && strcmp(u->name, end) != 0)
		u++;
	if (!u->name)
		return unknown;
	if (!(u->factor == 1 && whole(text, end, out)) && (why = scaled(v, u->factor, out)))
		return why;
	if (*out < min)
		return "too small";
	if (*out > max)
		return "too large";
	return NULL;
}

const char *
units_count(const char *text, int64_t min, int64_t max, int64_t *out)
{
	return with_unit(text, counts, "not a count (try 500, 10k or 1M)", min, max, out);
}

const char *
units_duration(const char *text, int64_t min_us, int64_t max_us, int64_t *out_us)
{
	return with_unit(text, durations, "not a duration (try 500ms, 30s or 5m)", min_us, max_us, out_us);
}

const char *
units_number(const char *text, double min, double max, double *out)
{
	char *end;
	const char *why = decimal(text, out, &end);

	if (why)
		return why;
	if (*end)
		return "not a number";
	if (*out < min)
		return "too small";
	return *out > max ? "too large" : NULL;
}
