/* gauges: see gauges.h. */
#include "gauges.h"

#include "hash.h"
#include "scan.h"

#include <math.h>

#define NEWS_US ((int64_t)15000000) /* for so long and two intervals more a record is news */

struct record {
	struct gauge values;
	struct span source, host, device, url;
	bool error;
};

static void
take_number(struct scan *s, double *v)
{
	struct span raw;

	if (scan_kind(s) == SCAN_NUMBER && scan_number(s, &raw))
		*v = span_double(raw);
	else
		scan_value(s, NULL);
}

static void
take_member(struct scan *s, struct span key, struct record *r)
{
	struct {
		const char *name;
		double *value;
	} numbers[] = {{"util_ratio", &r->values.util_ratio}, {"mem_used_bytes", &r->values.mem_used_bytes},
		{"mem_total_bytes", &r->values.mem_total_bytes}, {"running", &r->values.running},
		{"waiting", &r->values.waiting}, {"kv_ratio", &r->values.kv_ratio}};
	struct {
		const char *name;
		struct span *value;
	} names[] = {{"source", &r->source}, {"host", &r->host}, {"device", &r->device}, {"url", &r->url}};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (span_is(key, numbers[i].name)) {
			take_number(s, numbers[i].value);
			return;
		}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_is(key, names[i].name)) {
			scan_value(s, names[i].value);
			return;
		}
	if (span_is(key, "t_us"))
		scan_take_int(s, &r->values.t_us);
	else if (span_is(key, "error"))
		r->error = scan_kind(s) == SCAN_STRING && scan_value(s, NULL);
	else
		scan_value(s, NULL);
}

static uint64_t
key_of(const struct record *r)
{
	uint64_t key = r->host.s ? hash_bytes(r->host.s, r->host.n) : 0;
	struct span name = r->values.gpu ? r->device : r->url;

	return hash_mix(key + r->values.gpu) ^ (name.s ? hash_bytes(name.s, name.n) : 0);
}

static struct gauge *
find(struct gauges *g, uint64_t key)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->of[i].key == key)
			return &g->of[i];
	return NULL;
}

static void
fold(struct gauges *g, const struct record *r)
{
	struct gauge *old = find(g, r->values.key), new = r->values;

	if (new.t_us > g->t_us)
		g->t_us = new.t_us;
	if (old)
		new.gap_us = new.t_us > old->t_us ? new.t_us - old->t_us : 0;
	if (r->error && old)
		*old = g->of[--g->n];
	else if (r->error)
		return;
	else if (old)
		*old = new;
	else if (g->n < GAUGES_MOST)
		g->of[g->n++] = new;
}

const char *
gauges_record(struct gauges *g, const char *text, size_t len, size_t *column)
{
	struct record r = {.values = {.t_us = -1, .util_ratio = NAN, .mem_used_bytes = NAN, .mem_total_bytes = NAN,
		.running = NAN, .waiting = NAN, .kv_ratio = NAN}};
	struct scan s;
	struct span key;

	*column = 0;
	scan_start(&s, text, len);
	scan_object(&s);
	while (scan_member(&s, &key))
		take_member(&s, key, &r);
	if (!scan_end(&s)) {
		*column = scan_column(&s);
		return s.why;
	}
	if (r.values.t_us < 0 || !r.source.s)
		return "not a telemetry record: t_us or source is missing";
	r.values.gpu = r.device.s;
	r.values.key = key_of(&r);
	fold(g, &r);
	return NULL;
}

static void
add(double *sum, double v)
{
	if (!isnan(v))
		*sum = isnan(*sum) ? v : *sum + v;
}

static bool
has_value(const struct gauge *o)
{
	return !isnan(o->util_ratio) || !isnan(o->mem_used_bytes);
}

struct gauges_sum
gauges_at(const struct gauges *g, int64_t now_us)
{
	struct gauges_sum s = {0, NAN, NAN, NAN, NAN, NAN, NAN};
	int busy = 0;

	for (const struct gauge *o = g->of; o < g->of + g->n; o++) {
		if (now_us > o->t_us && now_us - o->t_us > NEWS_US + 2 * o->gap_us)
			continue;
		s.gpus += o->gpu && has_value(o);
		busy += !isnan(o->util_ratio);
		add(&s.util_ratio, o->util_ratio);
		if (!isnan(o->mem_total_bytes)) {
			add(&s.mem_used_bytes, o->mem_used_bytes);
			add(&s.mem_total_bytes, isnan(o->mem_used_bytes) ? NAN : o->mem_total_bytes);
		}
		add(&s.running, o->running);
		add(&s.waiting, o->waiting);
		if (!isnan(o->kv_ratio) && !(s.kv_ratio >= o->kv_ratio))
			s.kv_ratio = o->kv_ratio;
	}
	if (busy)
		s.util_ratio /= busy;
	return s;
}
