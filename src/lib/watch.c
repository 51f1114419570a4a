/* watch: see watch.h. */
#include "watch.h"

#include "put.h"

#include <inttypes.h>
#include <sys/resource.h>

static int64_t
cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return ((int64_t)u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

void
watch_start(struct watch *w, int64_t now_us)
{
	*w = (struct watch){.from_us = now_us, .cpu_us = cpu_us()};
}

void
watch_send(struct watch *w, int64_t lag_us)
{
	if (lag_us > w->send_lag_us)
		w->send_lag_us = lag_us;
}

void
watch_loop(struct watch *w, int64_t lag_us)
{
	if (lag_us > w->loop_lag_us)
		w->loop_lag_us = lag_us;
}

void
watch_beat(struct watch *w, int64_t late_us)
{
	w->beats++;
	w->late_us += late_us;
	watch_loop(w, late_us);
}

void
watch_put(FILE *f, struct watch *w, int64_t now_us, const struct watch_counts *p)
{
	int64_t wall = now_us - w->from_us, cpu = cpu_us() - w->cpu_us, first = p->first - w->first;

	fprintf(f, "{\"t_us\":%" PRId64, now_us);
	if (p->shard)
		fprintf(f, ",\"shard\":%d", p->shard);
	fprintf(f,
	        ",\"sent\":%" PRId64 ",\"done\":%" PRId64 ",\"ok\":%" PRId64 ",\"failed\":%" PRId64
	        ",\"in_flight\":%" PRId64 ",\"waiting\":%" PRId64 ",\"out_tokens\":%" PRId64 ",\"send_lag_ms\":",
	        p->sent, p->done, p->ok, p->failed, p->in_flight, p->waiting, p->out_tokens);
	put_ms(f, w->send_lag_us);
	fputs(",\"loop_lag_ms\":", f);
	put_ms(f, w->loop_lag_us);
	fputs(",\"stamp_lag_ms\":", f);
	if (w->beats)
		put_ms(f, w->late_us / w->beats);
	else
		fputs("null", f);
	fprintf(f, ",\"first\":%" PRId64 ",\"first_lag_ms\":", first);
	if (first > 0)
		put_ms(f, (p->first_us - w->first_us) / first);
	else
		fputs("null", f);
	if (wall > 0)
		fprintf(f, ",\"cpu_ratio\":%.4f}\n", (double)cpu / (double)wall);
	else
		fputs(",\"cpu_ratio\":null}\n", f);
	watch_start(w, now_us);
	w->first = p->first;
	w->first_us = p->first_us;
}
