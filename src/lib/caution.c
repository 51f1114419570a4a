/* caution: see caution.h. */
#include "caution.h"

#include "interval.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL 0.95 /* where a summary record does not say at which its intervals are */
#define TEXT 320

/* Whether a key is a percentile's ("p99.9", not "p99.9_lo"). */
static bool
percentile_of(const char *key, double *p)
{
	char *end;

	if (key[0] != 'p' || key[1] < '0' || key[1] > '9')
		return false;
	*p = strtod(key + 1, &end);
	return !*end && *p > 0 && *p < 100;
}

static bool
is_listed(const json_t *list, const char *key)
{
	size_t i;
	json_t *one;

	json_array_foreach(list, i, one)
		if (strcmp(json_string_value(json_object_get(one, "percentile")), key) == 0)
			return true;
	return false;
}

static void
few_requests(json_t *list, const char *key, double p, double level, size_t ok)
{
	size_t needed = interval_needed(p / 100, level);
	char text[TEXT];

	if (ok >= needed || is_listed(list, key))
		return;
	snprintf(text, sizeof text, "%s of %zu requests: its %g %% interval is open; it takes %zu", key, ok, 100 * level,
		needed);
	json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:I, s:I}", "code", "few-requests", "message", text,
		"percentile", key, "n", (json_int_t)ok, "needed", (json_int_t)needed));
}

/* Whether a field is a time that the server answers for. */
static bool
is_latency(const char *field)
{
	size_t n = strlen(field);

	return n > 3 && strcmp(field + n - 3, "_ms") == 0 && strcmp(field, "send_lag_ms") != 0;
}

/* Latencies that depend on those before them: the first is named, the rest are counted. */
static void
dependent(json_t *list, const struct summaries *s)
{
	const char *first = NULL;
	double r = 0, n_eff = 0;
	size_t n = 0, len;
	char text[TEXT];

	for (size_t i = 0; i < s->n; i++) {
		const char *field = json_string_value(json_object_get(s->records[i], "field"));
		const json_t *worth = json_object_get(s->records[i], "n_eff");

		if (!worth || !is_latency(field) || n++ > 0)
			continue;
		first = field;
		n_eff = json_number_value(worth);
		r = json_number_value(json_object_get(s->records[i], "autocorr"));
	}
	if (n == 0)
		return;
	snprintf(text, sizeof text,
		"%.64s depends on the requests before (rank autocorrelation %.2f): its percentiles are as sure as those of "
		"%.0f independent requests, and their intervals too narrow",
		first, r, n_eff);
	len = strlen(text);
	if (n > 1)
		snprintf(text + len, sizeof text - len, "; the same of %zu more", n - 1);
	json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:I}", "code", "dependent", "message", text, "field", first,
		"n_eff", (json_int_t)n_eff));
}

static void
unsettled(json_t *list, const struct steady_edge *edges, size_t parts)
{
	char text[TEXT];

	for (size_t i = 0; i < parts; i++) {
		if (!edges[i].unsettled)
			continue;
		snprintf(text, sizeof text,
			"%s had not come to a level by the last quarter of the run: no part of it is steady; "
			"it was too short, or the server overloaded",
			edges[i].by);
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "code", "not-steady", "message", text, "field",
			edges[i].by));
		return;
	}
}

json_t *
caution_list(const struct summaries *s, size_t ok, const struct steady_edge *edges, size_t parts)
{
	json_t *list = json_array(), *value;
	const char *key;
	double p;

	for (size_t i = 0; ok && i < s->n; i++) {
		double level = json_number_value(json_object_get(s->records[i], "ci")) / 100;

		level = level > 0 && level < 1 ? level : LEVEL;
		json_object_foreach(s->records[i], key, value)
			if (percentile_of(key, &p))
				few_requests(list, key, p, level, ok);
	}
	dependent(list, s);
	unsettled(list, edges, parts);
	return list;
}
