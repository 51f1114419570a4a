/* lengths: see lengths.h.  What is typed becomes the mapping of a workload, and that is checked. */
#include "lengths.h"

#include "nearest.h"
#include "seed.h"
#include "units.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAST 1e-9 /* of the distribution that has to lie between min and max */

static const char *const names[] = {"fixed", "uniform", "normal", "lognormal", NULL};
static const char *const forms[] = {"fixed:N", "uniform:LOW-HIGH", "normal:MEAN,STDDEV[,min=N][,max=N]",
	"lognormal:MEAN,STDDEV[,min=N][,max=N]"};

static const struct key table[] = {
	{"dist", KEY_STRING, 0, 0},
	{"mean", KEY_NUMBER, 0, LENGTHS_MOST},
	{"stddev", KEY_NUMBER, 0, LENGTHS_MOST},
	{"min", KEY_COUNT, 1, LENGTHS_MOST},
	{"max", KEY_COUNT, 1, LENGTHS_MOST},
	{0},
};

/* Which of the names begins the text, n bytes long; -1: none of them. */
static int
kind_named(const char *text, size_t n)
{
	for (int i = 0; names[i]; i++)
		if (strlen(names[i]) == n && memcmp(names[i], text, n) == 0)
			return i;
	return -1;
}

static bool
unknown_kind(const char *name, const char *text, size_t n, struct key_error *why)
{
	char word[32];
	const char *near;

	snprintf(word, sizeof word, "%.*s", (int)n, text);
	near = nearest(word, names);
	return key_fail(why, "%s: %s: expected a number, or one of fixed, uniform, normal, lognormal%s%s%s", name, word,
	    near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

static bool
fixed(struct lengths *l, int64_t n)
{
	l->kind = LENGTHS_FIXED;
	l->min = l->max = n;
	return true;
}

/* The standard normal's place of the length x. */
static double
standard(const struct lengths *l, double x)
{
	return ((l->kind == LENGTHS_LOGNORMAL ? log(x) : x) - l->mu) / l->sigma;
}

/* The normal distribution behind l, and the part of it that is used. */
static bool
prepare(struct lengths *l, const char *name, struct key_error *why)
{
	double low, high;

	if (l->kind == LENGTHS_LOGNORMAL) {
		l->sigma = sqrt(log1p(l->stddev * l->stddev / (l->mean * l->mean)));
		l->mu = log(l->mean) - l->sigma * l->sigma / 2;
	} else {
		l->sigma = l->stddev;
		l->mu = l->mean;
	}
	low = standard(l, (double)l->min - 0.5);
	high = standard(l, (double)l->max + 0.5);
	l->upper = low > 0;
	l->below = l->upper ? gsl_cdf_ugaussian_Q(high) : gsl_cdf_ugaussian_P(low);
	l->between = (l->upper ? gsl_cdf_ugaussian_Q(low) : gsl_cdf_ugaussian_P(high)) - l->below;
	return l->between >= LEAST ||
	    key_fail(why, "%s: next to nothing of it lies from min to max", name);
}

/* Whether the mapping has what its kind needs, and nothing that has no meaning there. */
static bool
complete(const struct lengths *l, const char *name, const json_t *o, struct key_error *why)
{
	static const bool takes[][4] = {
		{true}, {false, false, true, true}, {true, true, true, true}, {true, true, true, true}};
	static const bool needs[][4] = {{true}, {false, false, true, true}, {true, true}, {true, true}};

	for (int i = 0; i < 4; i++) {
		const char *key = table[i + 1].name;
		bool there = json_is_number(json_object_get(o, key));

		if (needs[l->kind][i] && !there)
			return key_fail(why, "%s.%s: missing: %s needs it", name, key, names[l->kind]);
		if (there && !takes[l->kind][i])
			return key_fail(why, "%s.%s: has no meaning for %s", name, key, names[l->kind]);
	}
	return true;
}

/* The numbers of the mapping, and whether they go together. */
static bool
settle(struct lengths *l, const char *name, const json_t *o, struct key_error *why)
{
	l->mean = json_number_value(json_object_get(o, "mean"));
	l->stddev = json_number_value(json_object_get(o, "stddev"));
	l->min = json_integer_value(json_object_get(o, "min"));
	l->max = json_integer_value(json_object_get(o, "max"));
	l->min = l->min ? l->min : 1;
	l->max = l->max ? l->max : LENGTHS_MOST;
	if (l->min > l->max)
		return key_fail(why, "%s.min: above max", name);
	if (l->kind == LENGTHS_UNIFORM)
		return true;
	if (l->kind == LENGTHS_FIXED || l->stddev == 0) {
		if (l->mean != floor(l->mean) || l->mean < (double)l->min || l->mean > (double)l->max)
			return key_fail(why, "%s.mean: without a stddev it must be a whole number from min to max", name);
		return fixed(l, (int64_t)l->mean);
	}
	if (l->kind == LENGTHS_LOGNORMAL && l->mean == 0)
		return key_fail(why, "%s.mean: a lognormal length has a mean above 0", name);
	return prepare(l, name, why);
}

static bool
read_map(struct lengths *l, const char *name, json_t *o, struct key_error *why)
{
	const char *dist;
	int kind;

	if (!key_names(name, o, table, why))
		return false;
	for (const struct key *k = table; k->name; k++)
		if (!key_check(name, o, k, why))
			return false;
	if (!(dist = json_string_value(json_object_get(o, "dist"))))
		return key_fail(why, "%s.dist: missing: one of fixed, uniform, normal, lognormal", name);
	if ((kind = kind_named(dist, strlen(dist))) < 0)
		return unknown_kind(name, dist, strlen(dist), why);
	l->kind = (enum lengths_kind)kind;
	if (!complete(l, name, o, why))
		return false;
	return settle(l, name, o, why);
}

/* One part of the text, such as 100 or min=1, into the mapping; i: which one. */
static bool
take_part(json_t *o, const char *part, int i)
{
	static const char *const by_place[] = {"mean", "stddev"};
	const char *equals = strchr(part, '='), *key = i < 2 && !equals ? by_place[i] : NULL;
	int64_t n;
	double x;

	if (equals && strncmp(part, "min=", 4) == 0)
		key = "min";
	if (equals && strncmp(part, "max=", 4) == 0)
		key = "max";
	if (!key || json_object_get(o, key))
		return false;
	part = equals ? equals + 1 : part;
	if (!units_count(part, -LENGTHS_MOST, 1000 * LENGTHS_MOST, &n))
		return json_object_set_new(o, key, json_integer(n)) == 0;
	return !units_number(part, -1e15, 1e15, &x) && json_object_set_new(o, key, json_real(x)) == 0;
}

/* "64-256", "100" or "100,20,min=1" into the mapping. */
static bool
take_parts(json_t *o, enum lengths_kind kind, const char *parts)
{
	const char *separator = kind == LENGTHS_UNIFORM ? "-" : ",";
	char text[100], *rest = text, *part;
	bool good = strlen(parts) < sizeof text;

	snprintf(text, sizeof text, "%s", parts);
	for (int i = 0; good && (part = strsep(&rest, separator)); i++)
		good = take_part(o, part, i);
	if (kind != LENGTHS_UNIFORM)
		return good && json_object_get(o, "mean");
	good = good && json_object_size(o) == 3 && json_object_get(o, "stddev");
	return good && json_object_set(o, "min", json_object_get(o, "mean")) == 0 &&
	    json_object_set(o, "max", json_object_get(o, "stddev")) == 0 && json_object_del(o, "mean") == 0 &&
	    json_object_del(o, "stddev") == 0;
}

static bool
read_text(struct lengths *l, const char *name, const char *text, struct key_error *why)
{
	size_t n = strcspn(text, ":");
	int kind = kind_named(text, n);
	json_t *o;
	bool good;

	if (kind < 0)
		return unknown_kind(name, text, n, why);
	o = json_pack("{s:s}", "dist", names[kind]);
	if (o && text[n] && take_parts(o, (enum lengths_kind)kind, text + n + 1))
		good = read_map(l, name, o, why);
	else
		good = key_fail(why, "%s: %.60s: must be %s", name, text, forms[kind]);
	json_decref(o);
	return good;
}

bool
lengths_read(struct lengths *l, const char *name, json_t *v, struct key_error *why)
{
	double n = json_number_value(v);
	const char *text = json_string_value(v), *bad;
	int64_t count;

	*l = (struct lengths){0};
	if (json_is_object(v))
		return read_map(l, name, v, why);
	if (text && !strchr("0123456789+-.", *text))
		return read_text(l, name, text, why);
	if (text && (bad = units_count(text, 1, LENGTHS_MOST, &count)))
		return key_fail(why, "%s: %.60s: %s", name, text, bad);
	if (text)
		return fixed(l, count);
	if (!json_is_number(v) || n != floor(n))
		return key_fail(why, "%s: must be a whole number, or a distribution such as normal:100,20", name);
	if (n < 1 || n > LENGTHS_MOST)
		return key_fail(why, "%s: %.15g: must be from 1 to %d", name, n, (int)LENGTHS_MOST);
	return fixed(l, (int64_t)n);
}

/* In the middle of one of 2^53 equal parts of (0, 1). */
static double
uniform(uint64_t bits)
{
	return ((double)(bits >> 11) + 0.5) * 0x1p-53;
}

int64_t
lengths_at(const struct lengths *l, uint64_t stream, uint64_t i)
{
	uint64_t bits = seed_item(stream, i);
	double p, z, x;
	int64_t n;

	if (l->kind == LENGTHS_FIXED)
		return l->min;
	if (l->kind == LENGTHS_UNIFORM)
		return l->min + seed_below(bits, (uint32_t)(l->max - l->min + 1));
	p = l->below + uniform(bits) * l->between;
	z = l->upper ? gsl_cdf_ugaussian_Qinv(p) : gsl_cdf_ugaussian_Pinv(p);
	x = l->mu + l->sigma * z;
	n = llround(l->kind == LENGTHS_LOGNORMAL ? exp(x) : x);
	return n < l->min ? l->min : n > l->max ? l->max : n;
}
