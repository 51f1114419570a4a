/* comparable: see comparable.h. */
#include "comparable.h"

#include "jsonequal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CACHE_SHARE 0.05 /* shares of cached tokens further apart than this are another state */
#define LENGTH_SHARE 0.05
#define LENGTH_ERRORS 5 /* so many standard errors are not chance */

const char *const comparable_names[] = {"same", "incomplete", "simulated", "client", "workload", "model", "cache",
	"definition", NULL};

/* The first reason of a kind stays. */
static void __attribute__((format(printf, 3, 4)))
object(struct comparable *c, enum comparable_code code, const char *fmt, ...)
{
	va_list args;

	if (*c->reason[code])
		return;
	va_start(args, fmt);
	vsnprintf(c->reason[code], sizeof c->reason[code], fmt, args);
	va_end(args);
}

/* Every note stays, each once. */
static void
note(struct comparable *c, const char *text)
{
	size_t n = strlen(c->note);

	if (!strstr(c->note, text))
		snprintf(c->note + n, sizeof c->note - n, "%s%s", n ? "; " : "", text);
}

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void
check_whole(struct comparable *c, const struct comparable_run *r)
{
	const char *status = text_of(r->run, "status");

	if (!status)
		c->unchecked[COMPARABLE_INCOMPLETE] = true;
	else if (strcmp(status, "finished") != 0)
		object(c, COMPARABLE_INCOMPLETE, "%.200s: its status is %.40s, not finished", r->records->name, status);
}

static void
check_client(struct comparable *c, const struct comparable_run *r)
{
	const json_t *client = json_object_get(r->runsum, "client");
	const char *verdict = text_of(client, "verdict");

	if (!verdict)
		c->unchecked[COMPARABLE_CLIENT] = true;
	else if (strcmp(verdict, "ok") != 0)
		object(c, COMPARABLE_CLIENT, "%.200s: %.40s: part of what it measured is its client's doing", r->records->name,
			verdict);
}

static void
check_simulated(struct comparable *c, const struct comparable_run *a, const struct comparable_run *b)
{
	const json_t *x = json_object_get(json_object_get(a->run, "server"), "simulated");
	const json_t *y = json_object_get(json_object_get(b->run, "server"), "simulated");

	if (!json_is_boolean(x) || !json_is_boolean(y)) {
		c->unchecked[COMPARABLE_SIMULATED] = true;
	} else if (json_is_true(x) != json_is_true(y)) {
		object(c, COMPARABLE_SIMULATED, "%.180s is of a simulated engine, %.180s is not",
			(json_is_true(x) ? a : b)->records->name, (json_is_true(x) ? b : a)->records->name);
	} else if (json_is_true(x)) {
		note(c, "simulated engine: no real hardware was measured");
	}
}

static void
check_model(struct comparable *c, const struct comparable_run *a, const struct comparable_run *b)
{
	const char *x = text_of(a->run, "model"), *y = text_of(b->run, "model");

	if (!x || !y)
		c->unchecked[COMPARABLE_MODEL] = true;
	else if (strcmp(x, y) != 0)
		object(c, COMPARABLE_MODEL, "%.180s and %.180s", x, y);
}

static bool
one_of(const char *const *names, const char *key)
{
	while (*names && strcmp(*names, key) != 0)
		names++;
	return *names;
}

/* How long a run lasts, which prompts a seed draws, when to give up, and what was found out about the server: two
 * runs that differ in these alone asked for the same. */
static bool
harmless(const char *section, const char *key)
{
	static const char *const load[] = {"requests", "duration_seconds", "warmup_requests", "seed",
		"connect_timeout_seconds", "first_event_timeout_seconds", "total_timeout_seconds", NULL};
	static const char *const request[] = {"model", "seed", NULL};
	static const char *const prompts[] = {"token_ratio", "template_tokens", "calibrate", NULL};

	return strcmp(section, "load_test") == 0 ? one_of(load, key)
		: strcmp(section, "request") == 0    ? one_of(request, key)
		: strcmp(section, "prompts") == 0    ? one_of(prompts, key)
											 : false;
}

/* Files are the same by their last name: trees lie elsewhere on other machines.  A salt makes the prompts of each run
 * its own; what matters is whether there is one. */
static bool
same_value(const json_t *x, const json_t *y, const char *key)
{
	const char *a = json_string_value(x), *b = json_string_value(y);

	if (json_is_null(x))
		x = NULL;
	if (json_is_null(y))
		y = NULL;
	if (strcmp(key, "salt") == 0)
		return (a && *a) == (b && *b);
	if (!x || !y)
		return x == y;
	if (a && b && (strcmp(key, "file") == 0 || strcmp(key, "words") == 0 || strcmp(key, "schedule") == 0)) {
		a = strrchr(a, '/') ? strrchr(a, '/') + 1 : a;
		b = strrchr(b, '/') ? strrchr(b, '/') + 1 : b;
		return strcmp(a, b) == 0;
	}
	return jsonequal(x, y);
}

static void
differ(struct comparable *c, const char *section, const char *key, const json_t *x, const json_t *y)
{
	char *a = x ? json_dumps(x, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	char *b = y ? json_dumps(y, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

	object(c, COMPARABLE_WORKLOAD, "%.40s.%.60s: %.100s and %.100s", section, key, a ? a : "none", b ? b : "none");
	free(a);
	free(b);
}

/* The members of x that y has otherwise, or not at all. */
static void
compare_section(struct comparable *c, const char *section, json_t *x, json_t *y, bool turned)
{
	const char *key;
	json_t *v;

	json_object_foreach(x, key, v) {
		const json_t *other = json_object_get(y, key);

		if (!harmless(section, key) && !same_value(v, other, key))
			differ(c, section, key, turned ? other : v, turned ? v : other);
	}
}

static void
check_workload(struct comparable *c, const struct comparable_run *a, const struct comparable_run *b)
{
	static const char *const sections[] = {"load_test", "request", "prompts", "sessions", NULL};

	if (!a->workload || !b->workload) {
		c->unchecked[COMPARABLE_WORKLOAD] = true;
		return;
	}
	for (const char *const *s = sections; *s; s++) {
		json_t *x = json_object_get(a->workload, *s), *y = json_object_get(b->workload, *s);

		compare_section(c, *s, x, y, false);
		compare_section(c, *s, y, x, true);
	}
}

struct length {
	double n, mean, error;
};

/* Of the ok requests with a count: input, or output when so asked. */
static struct length
length_of(const struct cmprun *r, bool output)
{
	struct length l = {0};
	double squares = 0;

	for (size_t i = 0; i < r->n; i++) {
		int64_t v = output ? r->outcome[i].output : r->outcome[i].input;
		double before = l.mean;

		if (!r->outcome[i].ok || v == OUTCOME_NONE)
			continue;
		l.mean += ((double)v - before) / ++l.n;
		squares += ((double)v - before) * ((double)v - l.mean);
	}
	l.error = l.n > 1 ? squares / (l.n - 1) / l.n : INFINITY;
	return l;
}

static bool
far_apart(struct length x, struct length y)
{
	double apart = fabs(x.mean - y.mean);

	return x.n > 0 && y.n > 0 && apart > LENGTH_SHARE * fmin(x.mean, y.mean) &&
		apart > LENGTH_ERRORS * sqrt(x.error + y.error);
}

static void
check_lengths(struct comparable *c, const struct cmprun *a, const struct cmprun *b)
{
	struct length x = length_of(a, false), y = length_of(b, false);
	char text[160];

	if (far_apart(x, y) && !*c->reason[COMPARABLE_MODEL])
		object(c, COMPARABLE_WORKLOAD, "a request has %.1f and %.1f input tokens on average", x.mean, y.mean);
	x = length_of(a, true);
	y = length_of(b, true);
	if (far_apart(x, y)) {
		snprintf(text, sizeof text, "a reply has %.1f and %.1f tokens on average: whole replies are not the same work",
			x.mean, y.mean);
		note(c, text);
	}
}

static void
check_cache(struct comparable *c, const struct cmprun *a, const struct cmprun *b)
{
	const struct totals *x = &a->totals, *y = &b->totals;
	double of_x, of_y;

	if (!x->cached.n || !y->cached.n || x->input.sum <= 0 || y->input.sum <= 0) {
		c->unchecked[COMPARABLE_CACHE] = true;
		return;
	}
	of_x = (double)x->cached.sum / (double)x->input.sum;
	of_y = (double)y->cached.sum / (double)y->input.sum;
	if (fabs(of_x - of_y) > CACHE_SHARE)
		object(c, COMPARABLE_CACHE, "%.0f %% and %.0f %% of the input tokens came out of a cache", 100 * of_x,
			100 * of_y);
}

static void
check_definition(struct comparable *c, const struct cmprun *a, const struct cmprun *b)
{
	const char *x = tokens_source(&a->totals.output), *y = tokens_source(&b->totals.output);

	if (a->as_differs || b->as_differs)
		object(c, COMPARABLE_DEFINITION, "%.200s: its records are of several definitions",
			(a->as_differs ? a : b)->name);
	else if (a->n > 0 && b->n > 0 && (a->as.n != b->as.n || (a->as.n > 0 && memcmp(a->as.s, b->as.s, a->as.n) != 0)))
		object(c, COMPARABLE_DEFINITION, "latencies by the definitions %.*s and %.*s", a->as.n ? (int)a->as.n : 4,
			a->as.n ? a->as.s : "ours", b->as.n ? (int)b->as.n : 4, b->as.n ? b->as.s : "ours");
	if (x && y && strcmp(x, y) != 0)
		object(c, COMPARABLE_DEFINITION, "output tokens from %.40s and from %.40s", x, y);
}

void
comparable_check(struct comparable *c, const struct comparable_run *a, const struct comparable_run *b)
{
	if (a->directory && b->directory && strcmp(a->directory, b->directory) == 0)
		object(c, COMPARABLE_SAME, "%.200s stands on both sides", a->records->name);
	check_whole(c, a);
	check_whole(c, b);
	check_client(c, a);
	check_client(c, b);
	check_simulated(c, a, b);
	check_model(c, a, b);
	check_workload(c, a, b);
	check_lengths(c, a->records, b->records);
	check_cache(c, a->records, b->records);
	check_definition(c, a->records, b->records);
}
