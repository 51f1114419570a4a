/* client: see client.h. */
#include "client.h"

#include "run_record.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>

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

/* Linear interpolation, as everywhere; NAN of no values. */
static double
quantile(const double *sorted, size_t n, double q)
{
	return stats_quantile(STATS_LINEAR, sorted, n, q);
}

/* False when memory ran out. */
static bool
loop_lag_p99(const struct progress *p, size_t n, double *p99)
{
	double *v = reallocarray(NULL, n + 1, sizeof *v);
	size_t k = 0;
	bool good;

	for (size_t i = 0; v && i < n; i++)
		if (!isnan(p[i].loop_lag_ms))
			v[k++] = p[i].loop_lag_ms;
	if ((good = v && stats_sort(v, NULL, k)))
		*p99 = quantile(v, k, 0.99);
	free(v);
	return good;
}

json_t *
client_document(const struct progress *p, size_t n, double *lags, size_t n_lags, size_t in_flight)
{
	double cpu = mean_of(p, n, cpu_ratio), stamp = mean_of(p, n, stamp_lag), loop, send;
	const char *verdict;
	json_t *j, *send_lag;

	if (n == 0)
		return json_null();
	if (!stats_sort(lags, NULL, n_lags) || !loop_lag_p99(p, n, &loop))
		return NULL;
	send = quantile(lags, n_lags, 0.99);
	verdict = verdict_of(cpu, send, stamp);
	j = json_object();
	send_lag = json_object();
	json_object_set_new(send_lag, "p50", run_record_number(quantile(lags, n_lags, 0.5)));
	json_object_set_new(send_lag, "p99", run_record_number(send));
	json_object_set_new(j, "cpu_ratio", run_record_number(cpu));
	json_object_set_new(j, "send_lag_ms", send_lag);
	json_object_set_new(j, "loop_lag_ms", json_pack("{s:o}", "p99", run_record_number(loop)));
	json_object_set_new(j, "stamp_lag_ms", json_pack("{s:o}", "mean", run_record_number(stamp)));
	json_object_set_new(j, "max_in_flight", json_integer(max_in_flight(p, n, (int64_t)in_flight)));
	json_object_set_new(j, "verdict", verdict ? json_string(verdict) : json_null());
	return j;
}
