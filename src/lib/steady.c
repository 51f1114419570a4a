/* steady: see steady.h. */
#include "steady.h"

#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AUTO_RATIO 0.95
#define MAD_TO_SIGMA 1.4826 /* of a normal distribution */
#define LATEST 0.75 /* of the time in which requests were sent, for the warm-up's end */

const char *
steady_parse(struct steady_rule *rule, const char *text)
{
	*rule = (struct steady_rule){.ratio = AUTO_RATIO};
	if (strcmp(text, "none") == 0)
		return NULL;
	if (strcmp(text, "auto") == 0) {
		rule->how = STEADY_AUTO;
		return NULL;
	}
	if (strncmp(text, "in-flight:", 10) == 0) {
		rule->how = STEADY_IN_FLIGHT;
		return units_number(text + 10, 0, 1, &rule->ratio);
	}
	if (strncmp(text, "trim:", 5) == 0) {
		rule->how = STEADY_TRIM;
		return units_duration(text + 5, 0, INT64_C(86400000000), &rule->trim_us);
	}
	return "no such rule: auto, in-flight:RATIO, trim:DURATION or none";
}

/* A latency at a time, in seconds from the part's beginning. */
struct point {
	double t, v;
};

static int
by_time(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	return x->t != y->t ? (x->t > y->t) - (x->t < y->t) : (x->v > y->v) - (x->v < y->v);
}

static struct point
ttft(const struct outcome *o)
{
	return (struct point){(double)o->sent_us, o->ttft_ms};
}

static struct point
tpot(const struct outcome *o)
{
	double first = (double)o->due_us + (double)o->ttft_ms * 1e3;

	return (struct point){(first + (double)o->done_us) / 2, o->tpot_ms};
}

static struct point
e2e(const struct outcome *o)
{
	return (struct point){(double)o->sent_us, (double)(o->done_us - o->due_us) / 1e3};
}

static const struct {
	const char *name;
	struct point (*of)(const struct outcome *o);
} fields[] = {{"ttft_ms", ttft}, {"tpot_ms", tpot}, {"e2e_ms", e2e}};
enum { STREAMED = 2, FIELDS = 3 }; /* the first two are of streamed replies */

/* The values of the requests that were sent from from_us on; how many. */
static size_t
collect(const struct window *w, struct point (*of)(const struct outcome *o), int64_t from_us, struct point *p)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct outcome *o = &w->first[i];

		if (!o->ok || o->due_us == OUTCOME_NONE || o->sent_us < from_us)
			continue;
		p[n] = of(o);
		if (!(p[n].v > 0) || isnan(p[n].t))
			continue;
		p[n].t = fmax(0, (p[n].t - (double)from_us) / 1e6);
		n++;
	}
	if (n)
		qsort(p, n, sizeof *p, by_time);
	return n;
}

/* The field's transient from from_us on; *n: how many values it has.  False when memory ran out. */
static bool
look(const struct window *w, size_t field, int64_t from_us, struct point *p, struct transient *out, size_t *n)
{
	double *t;
	bool good;

	*n = collect(w, fields[field].of, from_us, p);
	if (!(t = reallocarray(NULL, *n + 1, 2 * sizeof *t)))
		return false;
	for (size_t i = 0; i < *n; i++) {
		t[i] = p[i].t;
		t[*n + i] = p[i].v;
	}
	good = transient_find(t, t + *n, *n, out);
	free(t);
	return good;
}

/* What each field shows; those that are not looked at have no edge. */
static bool
look_at_all(const struct window *w, struct point *p, struct transient *found)
{
	bool streamed = false;

	for (size_t i = 0; i < FIELDS; i++) {
		size_t n;

		found[i] = (struct transient){0};
		if (i == STREAMED && streamed)
			break;
		if (!look(w, i, w->whole.from_us, p, &found[i], &n))
			return false;
		streamed |= n >= TRANSIENT_LEAST;
	}
	return true;
}

static int64_t
moment(const struct window *w, const struct transient *t)
{
	return w->whole.from_us + (int64_t)llround(t->edge * 1e6);
}

static int64_t
last_sent(const struct window *w)
{
	return w->in_flight.n ? w->in_flight.starts[w->in_flight.n - 1] : w->whole.to_us;
}

/* When the part's latencies had come to their level: the clearest edge, or a later one of another
 * field that still shows a transient from the clearest on. */
static bool
warm_up(const struct window *w, struct steady_edge *e, struct point *p, int64_t *until_us)
{
	struct transient found[FIELDS], rest;
	size_t clear = 0, n;

	if (!look_at_all(w, p, found))
		return false;
	for (size_t i = 1; i < FIELDS; i++)
		if (found[i].edge > 0 && found[i].gain > found[clear].gain)
			clear = i;
	for (size_t i = 0; i < FIELDS; i++) {
		if (found[i].edge <= e->warmup.edge || found[i].edge < found[clear].edge)
			continue;
		if (i != clear && !look(w, i, moment(w, &found[clear]), p, &rest, &n))
			return false;
		if (i == clear || rest.edge > 0) {
			e->warmup = found[i];
			e->by = fields[i].name;
		}
	}
	*until_us = moment(w, &e->warmup);
	e->unsettled = (double)(*until_us - w->whole.from_us) > LATEST * (double)(last_sent(w) - w->whole.from_us);
	return true;
}

static bool
find_one(struct window *w, const struct steady_rule *rule, double enough, struct steady_edge *e)
{
	struct segment s = {0};
	int64_t warm = INT64_MIN;

	if (rule->how == STEADY_TRIM) {
		s = (struct segment){w->whole.from_us + rule->trim_us, w->whole.to_us - rule->trim_us};
		e->by = "trim";
	} else if (rule->how != STEADY_NONE) {
		inflight_reach(&w->in_flight, enough, &s.from_us, &s.to_us);
		e->by = "in-flight";
	}
	if (rule->how == STEADY_AUTO) {
		struct point *p = reallocarray(NULL, w->n + 1, sizeof *p);
		const char *ramp = e->by;
		bool good = p && warm_up(w, e, p, &warm);

		free(p);
		if (!good)
			return false;
		if (s.to_us > s.from_us && warm > s.from_us)
			s.from_us = warm;
		else
			e->by = ramp;
		if (e->unsettled)
			s.to_us = s.from_us;
	}
	w->steady = s.to_us > s.from_us ? s : (struct segment){0};
	return true;
}

/* The count from which on enough is in flight.  The median's distance to what is so far below
 * it that half of the time is nearer tells how much the count fluctuates. */
static double
enough_in_flight(const struct steady_rule *rule, const int64_t *time, size_t max)
{
	size_t median = inflight_median(time, max), away = 0;
	double enough = rule->ratio * (double)median;
	int64_t busy = 0, near = time[median];

	if (rule->how != STEADY_AUTO || median == 0)
		return enough;
	for (size_t i = 1; i <= max; i++)
		busy += time[i];
	while (near < busy - near) {
		away++;
		near += median > away ? time[median - away] : 0;
		near += median + away <= max ? time[median + away] : 0;
	}
	return fmin(enough, (double)median - 2 * MAD_TO_SIGMA * (double)away);
}

bool
steady_find(struct window *w, size_t n, const struct steady_rule *rule, const int64_t *time, size_t max,
	struct steady_edge *edges)
{
	double enough = enough_in_flight(rule, time, max);

	for (size_t i = 0; i < n; i++) {
		edges[i] = (struct steady_edge){0};
		if (!find_one(&w[i], rule, enough, &edges[i]))
			return false;
	}
	return true;
}
