/* run_record: see run_record.h. */
#include "run_record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

json_t *
run_record_number(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

static double
per(double n, double of)
{
	return of > 0 ? n / of : NAN;
}

static json_t *
window_of(const struct figures *f)
{
	json_t *w = json_object();

	json_object_set_new(w, "from_us", f->us ? json_integer(f->from_us) : json_null());
	json_object_set_new(w, "to_us", f->us ? json_integer(f->to_us) : json_null());
	json_object_set_new(w, "s", f->us ? json_real((double)f->us / 1e6) : json_null());
	json_object_set_new(w, "parts", json_integer((json_int_t)f->parts));
	return w;
}

static json_t *
requests_of(const struct totals *t, const struct run_names *names)
{
	json_t *r = json_object(), *by = json_object();

	for (size_t i = 0; i < names->n_kinds; i++)
		if (t->by_kind[i])
			json_object_set_new(by, names->kinds[i], json_integer((json_int_t)t->by_kind[i]));
	json_object_set_new(r, "total", json_integer((json_int_t)t->total));
	json_object_set_new(r, "ok", json_integer((json_int_t)t->ok));
	json_object_set_new(r, "failed", json_integer((json_int_t)t->failed));
	json_object_set_new(r, "success_ratio", run_record_number(per((double)t->ok, (double)t->total)));
	json_object_set_new(r, "error_ratio", run_record_number(per((double)t->failed, (double)t->total)));
	json_object_set_new(r, "by_error", by);
	return r;
}

static void
set_text(json_t *o, const char *key, const char *text)
{
	json_object_set_new(o, key, text ? json_string(text) : json_null());
}

static json_t *
tokens_of(const struct totals *t)
{
	json_t *o = json_object();

	json_object_set_new(o, "input", t->input.n ? json_integer(t->input.sum) : json_null());
	json_object_set_new(o, "output", t->output.n ? json_integer(t->output.sum) : json_null());
	json_object_set_new(o, "cached", t->cached.n ? json_integer(t->cached.sum) : json_null());
	set_text(o, "input_from", tokens_source(&t->input));
	set_text(o, "output_from", tokens_source(&t->output));
	return o;
}

/* A figure, and the ends of its interval where it is one. */
static void
set_between(json_t *o, const char *key, double v, struct interval i)
{
	char name[32];

	json_object_set_new(o, key, run_record_number(v));
	snprintf(name, sizeof name, "%s_lo", key);
	json_object_set_new(o, name, run_record_number(isfinite(v) ? i.lo : NAN));
	snprintf(name, sizeof name, "%s_hi", key);
	json_object_set_new(o, name, run_record_number(isfinite(v) ? i.hi : NAN));
}

static void
set_count_rate(json_t *o, const char *key, uint64_t n, double s)
{
	const struct rate_sums each = {n, (double)n, (double)n, (double)n};

	set_between(o, key, per((double)n, s), rate_interval(&each, s, RATE_LEVEL));
}

static json_t *
rates_of(const struct totals *t, double s)
{
	json_t *r = json_object();
	double input = t->input.n ? (double)t->input.sum : NAN, output = t->output.n ? (double)t->output.sum : NAN;

	set_count_rate(r, "ok_rps", t->ok, s);
	set_count_rate(r, "attempted_rps", t->sent, s);
	set_count_rate(r, "failed_rps", t->failed, s);
	set_between(r, "input_tps", per(input, s), rate_interval(&t->input_x, s, RATE_LEVEL));
	set_between(r, "output_tps", per(output, s), rate_interval(&t->output_x, s, RATE_LEVEL));
	set_between(r, "total_tps", per(input + output, s), rate_interval(&t->total_x, s, RATE_LEVEL));
	return r;
}

static json_t *
goodput_of(const struct totals *t, double s, const struct run_names *names)
{
	json_t *g, *slo;

	if (names->n_slos == 0)
		return json_null();
	g = json_object();
	slo = json_object();
	for (size_t i = 0; i < names->n_slos; i++)
		json_object_set_new(slo, names->slos[i].name ? names->slos[i].name : names->slos[i].field,
			json_real(names->slos[i].bound));
	json_object_set_new(g, "slo", slo);
	json_object_set_new(g, "good", json_integer((json_int_t)t->good));
	set_between(g, "ratio", per((double)t->good, (double)t->total), rate_share(t->good, t->total, RATE_LEVEL));
	set_count_rate(g, "rps", t->good, s);
	json_object_set_new(g, "unmeasured", json_integer((json_int_t)t->unmeasured));
	return g;
}

static json_t *
quality_of(const struct totals *t)
{
	const struct share *text = &t->structured, *call = &t->call;
	json_t *q;

	if (text->n == 0 && call->n == 0)
		return json_null();
	q = json_object();
	json_object_set_new(q, "structured_n", json_integer((json_int_t)text->n));
	json_object_set_new(q, "structured_ok_rate", run_record_number(per((double)text->right, (double)text->n)));
	json_object_set_new(q, "tool_call_n", json_integer((json_int_t)call->n));
	json_object_set_new(q, "tool_call_ok_rate", run_record_number(per((double)call->right, (double)call->n)));
	return q;
}

void
run_record_set(json_t *doc, const struct figures *f, const struct run_names *names)
{
	double s = (double)f->us / 1e6;
	json_t *in_flight = json_object();

	json_object_set_new(in_flight, "mean", run_record_number(per((double)f->area, (double)f->us)));
	json_object_set_new(in_flight, "max", f->us ? json_integer((json_int_t)f->max_in_flight) : json_null());
	json_object_set_new(doc, "window", window_of(f));
	json_object_set_new(doc, "requests", requests_of(&f->totals, names));
	json_object_set_new(doc, "tokens", tokens_of(&f->totals));
	json_object_set_new(doc, "rate", rates_of(&f->totals, s));
	json_object_set_new(doc, "in_flight", in_flight);
	json_object_set_new(doc, "quality", quality_of(&f->totals));
	json_object_set_new(doc, "goodput", goodput_of(&f->totals, s, names));
}

json_t *
run_record_peak(const struct pulse *p)
{
	int64_t second = 0;
	double peak = pulse_peak(p, &second);

	if (peak < 0)
		return json_null();
	return json_pack("{s:f, s:I}", "output_tps", peak, "at_us", (json_int_t)(second * 1000000));
}

void
run_record_edges(json_t *steady, const struct window *w, const struct steady_edge *edges, size_t n)
{
	const struct steady_edge *most = NULL;
	int64_t before = 0, after = 0, largest = -1;
	json_t *warmup = json_object();

	for (size_t i = 0; i < n; i++) {
		int64_t cut = w[i].steady.from_us - w[i].whole.from_us;

		if (w[i].steady.to_us == w[i].steady.from_us)
			continue;
		before += cut;
		after += w[i].whole.to_us - w[i].steady.to_us;
		if (cut > largest) {
			largest = cut;
			most = &edges[i];
		}
	}
	json_object_set_new(warmup, "s", json_real((double)before / 1e6));
	set_text(warmup, "by", most ? most->by : NULL);
	set_text(warmup, "shape", most && most->warmup.edge > 0 ? transient_shapes[most->warmup.shape] : NULL);
	json_object_set_new(warmup, "excess_ratio",
		run_record_number(most && most->warmup.edge > 0 ? most->warmup.excess : NAN));
	json_object_set_new(steady, "warmup", warmup);
	json_object_set_new(steady, "drain", json_pack("{s:f}", "s", (double)after / 1e6));
}

bool
run_record_find(const json_t *doc, const char *path, double *v)
{
	while (doc && *path) {
		size_t n = strcspn(path, ".");

		doc = json_object_getn(doc, path, n);
		path += n;
		path += *path == '.';
	}
	if (!json_is_number(doc))
		return false;
	*v = json_number_value(doc);
	return true;
}
