/* view: see view.h. */
#include "view.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define RED "\033[31m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"
#define CLEAR "\033[K"
#define CLEAR_ALL "\033[J" /* a line that was there may be gone */
#define GIB 1073741824.0

/* Appended text, and the columns that it takes on the screen (escapes take none). */
struct screen {
	char *at;
	size_t n;
	unsigned columns;
};

static void
add(struct screen *t, unsigned columns, const char *s)
{
	size_t len = strlen(s);

	if (t->n + len >= VIEW_SIZE)
		return;
	memcpy(t->at + t->n, s, len + 1);
	t->n += len;
	t->columns += columns;
}

static void
paint(struct screen *t, const struct view *v, const char *escape)
{
	if (v->color)
		add(t, 0, escape);
}

/* Three digits: 0 1.23 12.3 123 1.23k 12.3M */
static const char *
number(char out[static 32], double x)
{
	static const char *const unit[] = {"", "k", "M", "G"};
	size_t u = 0;

	for (; x >= 999.5 && u < 3; u++)
		x /= 1000;
	snprintf(out, 32, "%.*f%s", x == 0 || x >= 99.95 ? 0 : x >= 9.995 ? 1 : 2, x, unit[u]);
	return out;
}

static const char *
latency(char out[static 32], const struct live_mean *m)
{
	double ms = m->n ? (double)m->sum_us / 1000 / (double)m->n : 0;
	char digits[32];

	if (m->n == 0)
		snprintf(out, 32, "-");
	else
		snprintf(out, 32, "%s %s", number(digits, ms >= 999.5 ? ms / 1000 : ms), ms >= 999.5 ? "s" : "ms");
	return out;
}

/* 0:07 12:34 1:02:03, or --:-- when it is not known. */
static const char *
span_of_time(char out[static 32], double seconds)
{
	int64_t s = seconds < 1e9 ? (int64_t)(seconds + 0.5) : 0;

	if (seconds < 0 || seconds >= 1e9)
		snprintf(out, 32, "--:--");
	else if (s >= 3600)
		snprintf(out, 32, "%" PRId64 ":%02d:%02d", s / 3600, (int)(s / 60 % 60), (int)(s % 60));
	else
		snprintf(out, 32, "%d:%02d", (int)(s / 60), (int)(s % 60));
	return out;
}

/* How long it took: a short run's with a tenth. */
static const char *
took(char out[static 32], const struct view *v, const struct live *l)
{
	if (v->final && live_seconds(l) < 60)
		snprintf(out, 32, "%.1f s", live_seconds(l));
	else
		span_of_time(out, live_seconds(l));
	return out;
}

static int
percent(const struct view *v, const struct live *l)
{
	return l->done >= v->total ? 100 : (int)((double)l->done * 100 / (double)v->total);
}

static void
repeat(struct screen *t, unsigned n, const char *sign)
{
	while (n--)
		add(t, 1, sign);
}

static void
bar(struct screen *t, const struct view *v, const struct live *l, unsigned cells)
{
	double share = l->done >= v->total ? 1 : (double)l->done / (double)v->total;
	double going = l->progress ? (double)l->in_flight / (double)v->total : 0;
	unsigned done = (unsigned)(share * cells), flight;

	if (going > 1 - share)
		going = 1 - share;
	flight = (unsigned)((share + going) * cells) - done;
	if (flight == 0 && going > 0 && done < cells)
		flight = 1;
	paint(t, v, l->failed ? YELLOW : GREEN);
	repeat(t, done, v->utf8 ? "\xe2\x96\x88" : "#");
	repeat(t, flight, v->utf8 ? "\xe2\x96\x92" : "+");
	paint(t, v, PLAIN);
	paint(t, v, DIM);
	repeat(t, cells - done - flight, v->utf8 ? "\xe2\x96\x91" : ".");
	paint(t, v, PLAIN);
}

static void
first_line(struct screen *t, const struct view *v, const struct live *l)
{
	char head[64], tail[96], time[32], left[32];

	took(time, v, l);
	if (v->final)
		snprintf(tail, sizeof tail, "in %s", time);
	else if (v->total)
		snprintf(tail, sizeof tail, "%s  ETA %s", time, span_of_time(left, live_left(l, v->total)));
	else
		snprintf(tail, sizeof tail, "%s", time);
	if (v->total)
		snprintf(head, sizeof head, "%3d%%  %" PRId64 "/%" PRId64, percent(v, l), l->done, v->total);
	else
		snprintf(head, sizeof head, "%" PRId64 " done", l->done);
	add(t, (unsigned)strlen(head), head);
	add(t, 2, "  ");
	if (v->total && v->width > strlen(head) + strlen(tail) + 5 + 10) {
		bar(t, v, l, v->width - (unsigned)(strlen(head) + strlen(tail)) - 5);
		add(t, 2, "  ");
	}
	if (t->columns + strlen(tail) < v->width)
		add(t, (unsigned)strlen(tail), tail);
}

/* One number of the second line, if it still fits. */
static void __attribute__((format(printf, 4, 5)))
item(struct screen *t, const struct view *v, const char *escape, const char *fmt, ...)
{
	char s[96];
	unsigned gap = t->columns == 0 ? 0 : v->width >= 100 ? 3 : 2;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s, sizeof s, fmt, ap);
	va_end(ap);
	if (t->columns + gap + strlen(s) >= v->width)
		return;
	add(t, gap, &"   "[3 - gap]);
	if (escape)
		paint(t, v, escape);
	add(t, (unsigned)strlen(s), s);
	if (escape)
		paint(t, v, PLAIN);
}

static void
second_line(struct screen *t, const struct view *v, const struct live *l)
{
	char s[32];
	const char *avg = v->width >= 100 ? "avg " : "";

	item(t, v, NULL, "%s req/s", number(s, live_rps(l)));
	item(t, v, NULL, "%s tok/s", number(s, live_tps(l)));
	item(t, v, NULL, "%sTTFT %s", avg, latency(s, &l->ttft));
	item(t, v, NULL, "%slatency %s", avg, latency(s, &l->e2e));
	item(t, v, l->failed ? RED : NULL, "%" PRId64 " failed", l->failed);
	if (!v->final && l->progress)
		item(t, v, NULL, "%" PRId64 " in flight", l->in_flight);
	if (!v->final && l->progress && l->waiting > 0)
		item(t, v, NULL, "%" PRId64 " waiting", l->waiting);
}

/* GPUs and the engine's queue, now.  Several GPUs are counted: "8 GPU 93%". */
static void
third_line(struct screen *t, const struct view *v, const struct gauges_sum *g)
{
	char several[32] = "", used[32], total[32];

	if (g->gpus > 1)
		snprintf(several, sizeof several, "%d ", g->gpus);
	if (!isnan(g->util_ratio))
		item(t, v, NULL, "%sGPU %.0f%%", several, g->util_ratio * 100);
	if (!isnan(g->mem_used_bytes) && !isnan(g->mem_total_bytes))
		item(t, v, NULL, "%s%s/%s GiB", isnan(g->util_ratio) ? "GPU " : "", number(used, g->mem_used_bytes / GIB),
		     number(total, g->mem_total_bytes / GIB));
	if (!isnan(g->running))
		item(t, v, NULL, "engine %.0f running", g->running);
	if (!isnan(g->waiting))
		item(t, v, g->waiting > 0 ? YELLOW : NULL, "%.0f queued", g->waiting);
	if (!isnan(g->kv_ratio))
		item(t, v, NULL, "KV %.0f%%", g->kv_ratio * 100);
}

unsigned
view_screen(char *out, const struct view *v, const struct live *l, const struct gauges_sum *g)
{
	struct screen t = {.at = out};
	char gauges[VIEW_SIZE] = "";
	struct screen u = {.at = gauges};

	*out = '\0';
	first_line(&t, v, l);
	add(&t, 0, CLEAR "\n");
	t.columns = 0;
	second_line(&t, v, l);
	if (!v->final)
		third_line(&u, v, g);
	if (u.columns > 0)
		add(&t, 0, CLEAR "\n");
	add(&t, u.columns, gauges);
	add(&t, 0, CLEAR_ALL);
	return u.columns > 0 ? 3 : 2;
}

void
view_line(char *out, const struct view *v, const struct live *l, const struct gauges_sum *g)
{
	struct view wide = {.total = v->total, .width = 400, .final = v->final};
	struct screen t = {.at = out};
	char s[32];

	*out = '\0';
	if (v->total)
		item(&t, &wide, NULL, "%" PRId64 "/%" PRId64 " (%d%%)", l->done, v->total, percent(v, l));
	else
		item(&t, &wide, NULL, "%" PRId64 " done", l->done);
	add(&t, 4, " in ");
	add(&t, 0, took(s, v, l));
	if (!v->final && v->total) {
		add(&t, 5, " ETA ");
		add(&t, 0, span_of_time(s, live_left(l, v->total)));
	}
	second_line(&t, &wide, l);
	if (!v->final)
		third_line(&t, &wide, g);
}
