/* client: see client.h. */
#include "client.h"

#include "run_record.h"
#include "scan.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

static double
number(struct scan *s)
{
	struct span raw;

	if (scan_kind(s) == SCAN_NUMBER && scan_number(s, &raw))
		return span_double(raw);
	scan_value(s, NULL);
	return NAN;
}

const char *
progress_read(struct progress *p, const char *text, size_t len, size_t *column)
{
	struct scan s;
	struct span key;

	*p = (struct progress){.t_us = -1, .loop_lag_ms = NAN, .stamp_lag_ms = NAN, .cpu_ratio = NAN, .in_flight = -1};
	*column = 0;
	scan_start(&s, text, len);
	if (scan_object(&s))
		while (scan_member(&s, &key)) {
			if (span_is(key, "t_us"))
				scan_take_int(&s, &p->t_us);
			else if (span_is(key, "in_flight"))
				scan_take_int(&s, &p->in_flight);
			else if (span_is(key, "loop_lag_ms"))
				p->loop_lag_ms = number(&s);
			else if (span_is(key, "stamp_lag_ms"))
				p->stamp_lag_ms = number(&s);
			else if (span_is(key, "cpu_ratio"))
				p->cpu_ratio = number(&s);
			else
				scan_value(&s, NULL);
		}
	if (!scan_end(&s)) {
		*column = scan_column(&s);
		return s.why;
	}
	return p->t_us < 0 ? "not a progress record: t_us is missing" : NULL;
}

static double
stamp_lag(const struct progress *p)
{
	return p->stamp_lag_ms;
}

static double
cpu_ratio(const struct progress *p)
{
	return p->cpu_ratio;
}

/* The mean over time of a value that each record has for its interval. */
static double
mean_of(const struct progress *p, size_t n, double (*value)(const struct progress *p))
{
	double sum = 0, time = 0;

	for (size_t i = 0; i < n; i++) {
		double s = i == 0 ? 1 : (double)(p[i].t_us - p[i - 1].t_us) / 1e6;

		if (isnan(value(&p[i])) || s <= 0)
			continue;
		s = s > 1 ? 1 : s;
		sum += s * value(&p[i]);
		time += s;
	}
	return time > 0 ? sum / time : NAN;
}

static int64_t
max_in_flight(const struct progress *p, size_t n, int64_t max)
{
	for (size_t i = 0; i < n; i++)
		if (p[i].in_flight > max)
			max = p[i].in_flight;
	return max;
}

static const char *
verdict_of(double cpu, double send_lag_p99_ms, double stamp_lag_ms)
{
	if (cpu > CLIENT_CPU_RATIO || send_lag_p99_ms > CLIENT_SEND_LAG_MS || stamp_lag_ms > CLIENT_STAMP_LAG_MS)
		return "client-limited";
	return isnan(cpu) || isnan(send_lag_p99_ms) || isnan(stamp_lag_ms) ? NULL : "ok";
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Linear interpolation, as everywhere; NAN of no values. */
static double
quantile(const double *sorted, size_t n, double q)
{
	return n ? gsl_stats_quantile_from_sorted_data(sorted, 1, n, q) : NAN;
}

static double
loop_lag_p99(const struct progress *p, size_t n)
{
	double *v = malloc((n ? n : 1) * sizeof *v), p99;
	size_t k = 0;

	if (!v)
		return NAN;
	for (size_t i = 0; i < n; i++)
		if (!isnan(p[i].loop_lag_ms))
			v[k++] = p[i].loop_lag_ms;
	qsort(v, k, sizeof *v, by_size);
	p99 = quantile(v, k, 0.99);
	free(v);
	return p99;
}

json_t *
client_document(const struct progress *p, size_t n, double *lags, size_t n_lags, size_t in_flight)
{
	double cpu = mean_of(p, n, cpu_ratio), stamp = mean_of(p, n, stamp_lag), send;
	const char *verdict;
	json_t *j, *send_lag;

	if (n == 0)
		return json_null();
	qsort(lags, n_lags, sizeof *lags, by_size);
	send = quantile(lags, n_lags, 0.99);
	verdict = verdict_of(cpu, send, stamp);
	j = json_object();
	send_lag = json_object();
	json_object_set_new(send_lag, "p50", run_record_number(quantile(lags, n_lags, 0.5)));
	json_object_set_new(send_lag, "p99", run_record_number(send));
	json_object_set_new(j, "cpu_ratio", run_record_number(cpu));
	json_object_set_new(j, "send_lag_ms", send_lag);
	json_object_set_new(j, "loop_lag_ms", json_pack("{s:o}", "p99", run_record_number(loop_lag_p99(p, n))));
	json_object_set_new(j, "stamp_lag_ms", json_pack("{s:o}", "mean", run_record_number(stamp)));
	json_object_set_new(j, "max_in_flight", json_integer(max_in_flight(p, n, (int64_t)in_flight)));
	json_object_set_new(j, "verdict", verdict ? json_string(verdict) : json_null());
	return j;
}
