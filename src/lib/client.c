/* client: see client.h. */
#include "client.h"

#include "run_record.h"
#include "shards.h"
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

/* The mean over time of a value that each record of one process has for its interval. */
static double
mean_of(const struct progress *p, size_t n, int64_t shard, double (*value)(const struct progress *p))
{
	double sum = 0, time = 0;
	int64_t before = -1;

	for (size_t i = 0; i < n; i++) {
		double s;

		if (p[i].shard != shard)
			continue;
		s = before < 0 ? 1 : (double)(p[i].t_us - before) / 1e6;
		before = p[i].t_us;
		if (isnan(value(&p[i])) || s <= 0)
			continue;
		s = s > 1 ? 1 : s;
		sum += s * value(&p[i]);
		time += s;
	}
	return time > 0 ? sum / time : NAN;
}

/* Of several processes the one with the largest mean counts: what it stamped is as far off as that. */
static double
worst_mean(const struct progress *p, size_t n, double (*value)(const struct progress *p))
{
	double worst = NAN;
	int64_t last = 0;

	for (size_t i = 0; i < n; i++)
		last = p[i].shard > last && p[i].shard <= SHARDS_MOST ? p[i].shard : last;
	for (int64_t shard = 0; shard <= last; shard++)
		worst = fmax(worst, mean_of(p, n, shard, value));
	return worst;
}

/* How late the first token of a reply was stamped, on average, at most. */
static double
first_lag(const struct progress *p, size_t n)
{
	double sum = 0, count = 0;

	for (size_t i = 0; i < n; i++)
		if (p[i].first > 0 && !isnan(p[i].first_lag_ms)) {
			sum += (double)p[i].first * p[i].first_lag_ms;
			count += (double)p[i].first;
		}
	return count > 0 ? sum / count : NAN;
}

static double
mean(const double *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i] / (double)n;
	return n ? sum : NAN;
}

/* The most at one time: as `max` says, or what the processes say of themselves, added up. */
static int64_t
max_in_flight(const struct progress *p, size_t n, int64_t max)
{
	int64_t now[SHARDS_MOST + 1] = {0}, sum = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t *mine = &now[p[i].shard > 0 && p[i].shard <= SHARDS_MOST ? p[i].shard : 0];
		int64_t flying = p[i].in_flight > 0 && p[i].in_flight < INT32_MAX ? p[i].in_flight : 0;

		sum += flying - *mine;
		*mine = flying;
		if (sum > max)
			max = sum;
	}
	return max;
}

static const char *
verdict_of(double cpu, double late_p99_ms, double stamp_lag_ms, double ttft_lag_ms)
{
	if (cpu > CLIENT_CPU_RATIO || late_p99_ms > CLIENT_SEND_LAG_MS || stamp_lag_ms > CLIENT_STAMP_LAG_MS ||
	    ttft_lag_ms > CLIENT_TTFT_LAG_MS)
		return "client-limited";
	return isnan(cpu) || isnan(late_p99_ms) || isnan(stamp_lag_ms) ? NULL : "ok";
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

static int
by_time(const void *a, const void *b)
{
	const struct client_send *x = a, *y = b;
	int c = (x->due_us > y->due_us) - (x->due_us < y->due_us);

	return c ? c : (x->sent_us > y->sent_us) - (x->sent_us < y->sent_us);
}

struct send_lag {
	double p50, p99, late_p99, late_mean;
};

/* How long after their due times requests went out, and how late that is.  False: out of memory. */
static bool
send_lags(struct client_send *s, size_t n, struct send_lag *out)
{
	double *lag = reallocarray(NULL, n + 1, sizeof *lag), *late = reallocarray(NULL, n + 1, sizeof *late);
	size_t together = 0;
	bool good = lag && late;

	qsort(s, n, sizeof *s, by_time);
	for (size_t i = 0; good && i < n; i++) {
		together = i > 0 && s[i].due_us == s[i - 1].due_us ? together + 1 : 0;
		lag[i] = (double)(s[i].sent_us - s[i].due_us) / 1e3;
		late[i] = fmax(0, lag[i] - CLIENT_SEND_MS * (double)together);
	}
	if (good)
		out->late_mean = mean(late, n);
	if ((good = good && stats_sort(lag, NULL, n) && stats_sort(late, NULL, n))) {
		out->p50 = quantile(lag, n, 0.5);
		out->p99 = quantile(lag, n, 0.99);
		out->late_p99 = quantile(late, n, 0.99);
	}
	free(lag);
	free(late);
	return good;
}

json_t *
client_document(const struct progress *p, size_t n, struct client_send *sends, size_t n_sends, size_t in_flight)
{
	double cpu = worst_mean(p, n, cpu_ratio), stamp = worst_mean(p, n, stamp_lag), ttft, loop;
	struct send_lag send;
	const char *verdict;
	json_t *j, *send_lag;

	if (n == 0)
		return json_null();
	if (!send_lags(sends, n_sends, &send) || !loop_lag_p99(p, n, &loop))
		return NULL;
	ttft = send.late_mean + first_lag(p, n);
	verdict = verdict_of(cpu, send.late_p99, stamp, ttft);
	j = json_object();
	send_lag = json_object();
	json_object_set_new(send_lag, "p50", run_record_number(send.p50));
	json_object_set_new(send_lag, "p99", run_record_number(send.p99));
	json_object_set_new(send_lag, "late_p99", run_record_number(send.late_p99));
	json_object_set_new(j, "cpu_ratio", run_record_number(cpu));
	json_object_set_new(j, "send_lag_ms", send_lag);
	json_object_set_new(j, "loop_lag_ms", json_pack("{s:o}", "p99", run_record_number(loop)));
	json_object_set_new(j, "stamp_lag_ms", json_pack("{s:o}", "mean", run_record_number(stamp)));
	json_object_set_new(j, "ttft_lag_ms", json_pack("{s:o}", "mean", run_record_number(ttft)));
	json_object_set_new(j, "max_in_flight", json_integer(max_in_flight(p, n, (int64_t)in_flight)));
	json_object_set_new(j, "verdict", verdict ? json_string(verdict) : json_null());
	return j;
}
