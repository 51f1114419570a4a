/* loadtest: see loadtest.h. */
#include "loadtest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 1e12
#define EXACT 9007199254740992.0 /* 2^53: the integers that JSON keeps everywhere */
#define LONGEST 1e9              /* seconds */
#define NAME 64

const struct key loadtest_keys[] = {
	{"pattern", KEY_STRING, 0, 0},
	{"arrival", KEY_STRING, 0, 0},
	{"rate", KEY_NUMBER, 1e-3, 1e9},
	{"burstiness", KEY_NUMBER, 1e-3, 1e6},
	{"ramp_seconds", KEY_SECONDS, 1e-6, LONGEST},
	{"schedule", KEY_STRING, 0, 0},
	{"requests", KEY_COUNT, 0, MOST},
	{"duration_seconds", KEY_SECONDS, 1e-6, LONGEST},
	{"warmup_requests", KEY_COUNT, 0, MOST},
	{"seed", KEY_COUNT, 0, EXACT},
	{0},
};

static const struct key stage_keys[] = {
	{"name", KEY_STRING, 0, 0},
	{"duration_seconds", KEY_SECONDS, 1e-6, LONGEST},
	{"concurrency", KEY_COUNT, 1, 1e6},
	{"arrival", KEY_STRING, 0, 0},
	{"rate", KEY_NUMBER, 1e-3, 1e9},
	{"burstiness", KEY_NUMBER, 1e-3, 1e6},
	{"ramp_seconds", KEY_SECONDS, 1e-6, LONGEST},
	{0},
};

static bool
said(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);

	return v && !json_is_null(v);
}

static const char *
string(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

static double
number(const json_t *o, const char *name)
{
	return json_number_value(json_object_get(o, name));
}

static int64_t
integer(const json_t *o, const char *name, int64_t otherwise)
{
	const json_t *v = json_object_get(o, name);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

static bool
is(const char *text, const char *name)
{
	return text && strcmp(text, name) == 0;
}

static bool
grows(const json_t *o)
{
	return is(string(o, "arrival"), "ramp") || (!said(o, "arrival") && is(string(o, "pattern"), "ramp"));
}

bool
loadtest_override(const json_t *old, json_t *set)
{
	static const char *const pairs[][2] = {
		{"requests", "duration_seconds"}, {"duration_seconds", "requests"},
		{"arrival", "pattern"}, {"arrival", "schedule"}, {"arrival", "burstiness"}, {"arrival", "stages"},
		{"rate", "schedule"}, {"rate", "stages"}, {"burstiness", "arrival"}, {"burstiness", "pattern"},
		{"schedule", "arrival"}, {"schedule", "rate"}, {"schedule", "burstiness"}, {"schedule", "pattern"},
		{"schedule", "stages"}, {"schedule", "requests"}, {"schedule", "duration_seconds"},
	};

	/* A ramp keeps the shape that it has from a duration which ends nothing any more. */
	if (said(set, "requests") && !said(set, "duration_seconds") && grows(old) && !said(old, "ramp_seconds") &&
	    said(old, "duration_seconds") &&
	    json_object_set_new(set, "ramp_seconds", json_real(number(old, "duration_seconds") / 2)) != 0)
		return false;
	if (is(string(set, "arrival"), "closed") && !said(set, "rate") &&
	    json_object_set_new(set, "rate", json_null()) != 0)
		return false;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (said(set, pairs[i][0]) && !said(set, pairs[i][1]) &&
		    json_object_set_new(set, pairs[i][1], json_null()) != 0)
			return false;
	return true;
}

/* What the section or a stage means without an arrival. */
static const char *
usual(const json_t *o)
{
	const char *pattern = string(o, "pattern");

	if (said(o, "schedule"))
		return "schedule";
	if (!said(o, "rate"))
		return "closed";
	if (said(o, "burstiness"))
		return "gamma";
	return is(pattern, "ramp") || is(pattern, "burst") ? pattern : "constant";
}

static bool
read_process(const char *where, const json_t *o, struct arrival_process *p, struct key_error *why)
{
	const char *name = said(o, "arrival") ? string(o, "arrival") : usual(o);
	double grow = said(o, "ramp_seconds") ? number(o, "ramp_seconds") : number(o, "duration_seconds") / 2;

	if (!arrival_kind(name, &p->kind))
		return key_fail(why, "%s.arrival: %.60s: known are " ARRIVAL_KNOWN, where, name);
	p->rate = number(o, "rate");
	p->burstiness = said(o, "burstiness") ? number(o, "burstiness") : 1;
	p->ramp_us = grow * 1e6;
	if (p->kind == ARRIVAL_CLOSED || p->kind == ARRIVAL_SCHEDULE) {
		if (p->rate > 0)
			return key_fail(why, "%s.rate: has no meaning with arrival %s (say constant or poisson)", where, name);
	} else if (!(p->rate > 0)) {
		return key_fail(why, "%s.rate: arrival %s needs a rate", where, name);
	}
	if (said(o, "burstiness") && p->kind != ARRIVAL_GAMMA)
		return key_fail(why, "%s.burstiness: only with arrival gamma, not %s", where, name);
	if (p->kind == ARRIVAL_RAMP && !(grow > 0))
		return key_fail(why, "%s.duration_seconds: arrival ramp needs a duration: the rate grows over half of it",
		    where);
	if ((p->kind == ARRIVAL_SCHEDULE) != said(o, "schedule"))
		return key_fail(why, said(o, "schedule") ? "%s.schedule: excludes arrival %s"
		                                         : "%s.schedule: arrival %s needs a file", where, name);
	return true;
}

/* Names become tags and stand in sendreq's -c: plain ones. */
static bool
read_name(const char *where, const char *name, struct key_error *why)
{
	size_t n = name ? strlen(name) : 0;

	if (n == 0)
		return key_fail(why, "%s.name: each stage needs a name", where);
	if (n > NAME || strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") != n)
		return key_fail(why, "%s.name: %.60s: must be up to 64 letters, digits, '.', '_' and '-'", where, name);
	return true;
}

static bool
read_stage(size_t i, json_t *o, struct stage *s, struct key_error *why)
{
	char where[48];

	snprintf(where, sizeof where, "load_test.stages[%zu]", i + 1);
	if (!json_is_object(o))
		return key_fail(why, "%s: must be a map", where);
	if (!key_names(where, o, stage_keys, why))
		return false;
	for (const struct key *k = stage_keys; k->name; k++)
		if (!key_check(where, o, k, why))
			return false;
	if (!said(o, "duration_seconds"))
		return key_fail(why, "%s.duration_seconds: each stage needs a duration", where);
	if (said(o, "rate") == said(o, "concurrency"))
		return key_fail(why, "%s: needs a rate or a concurrency, one of the two", where);
	s->name = string(o, "name");
	s->duration_us = llround(number(o, "duration_seconds") * 1e6);
	return read_name(where, s->name, why) && read_process(where, o, &s->arrival, why);
}

/* Stages of a closed loop are sendreq's -c: here they are all one. */
static bool
read_stages(const json_t *o, struct loadtest *l, struct key_error *why)
{
	static const char *const others[] = {"arrival", "rate", "burstiness", "ramp_seconds", "schedule"};
	json_t *list = json_object_get(o, "stages");
	size_t closed = 0;

	if (!json_is_array(list) || json_array_size(list) == 0)
		return key_fail(why, "load_test.stages: must be a list of stages");
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (said(o, others[i]))
			return key_fail(why, "load_test.%s: each stage has its own", others[i]);
	l->n_stages = json_array_size(list);
	if (!(l->stages = calloc(l->n_stages, sizeof *l->stages)))
		return key_fail(why, "out of memory");
	for (size_t i = 0; i < l->n_stages; i++) {
		if (!read_stage(i, json_array_get(list, i), &l->stages[i], why))
			return false;
		closed += l->stages[i].arrival.kind == ARRIVAL_CLOSED;
	}
	if (closed != 0 && closed != l->n_stages)
		return key_fail(why, "load_test.stages: all need a rate, or all a concurrency");
	if (closed) {
		l->n_stages = 1;
		l->stages[0] = (struct stage){0};
	}
	return true;
}

static bool
read_one(const json_t *o, struct loadtest *l, struct key_error *why)
{
	l->n_stages = 1;
	if (!(l->stages = calloc(1, sizeof *l->stages)))
		return key_fail(why, "out of memory");
	l->schedule = string(o, "schedule");
	return read_process("load_test", o, &l->stages[0].arrival, why);
}

bool
loadtest_read(json_t *o, struct loadtest *l, struct key_error *why)
{
	bool ends = said(o, "duration_seconds") || said(o, "stages") || said(o, "schedule");

	*l = (struct loadtest){0};
	l->duration_us = llround(number(o, "duration_seconds") * 1e6);
	l->requests = integer(o, "requests", ends ? LOADTEST_ENDLESS : 200);
	l->warmup = integer(o, "warmup_requests", 0);
	l->seed = (uint64_t)integer(o, "seed", 1);
	return said(o, "stages") ? read_stages(o, l, why) : read_one(o, l, why);
}

void
loadtest_free(struct loadtest *l)
{
	free(l->stages);
	*l = (struct loadtest){0};
}
