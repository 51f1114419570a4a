/* runsum: sums a run up in one record, and checks bounds on it.
 *
 * Reads metric records; writes one run record (docs/RECORDS.md), also when nothing came.
 * Progress records, where given, say whether the client was the limit; summary records are
 * looked at for --assert and for which percentiles were asked for.  Memory: about a hundred bytes a request. */
#include "lib/bound.h"
#include "lib/caution.h"
#include "lib/client.h"
#include "lib/run_record.h"
#include "lib/steady.h"
#include "lib/summaries.h"
#include "lib/slo.h"
#include "lib/tool.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_STEADY "auto"
#define NO_OUTPUT "no-output" /* not ok, and yet no error: a reply without any output */

static const struct tool runsum = {
	.name = "runsum",
	.usage = "[--assert 'FIELD<=X']... [--slo FIELD=X]... [--summary FILE] [--progress FILE] "
		"[--steady RULE] [FILE...]",
	.help = "  --assert 'FIELD<=X'  a bound (<= < >= > ==) on the run record or on a summary; exit 5 when missed\n"
		"  --slo FIELD=X        a request is good when FIELD is at most X, or >=X; several: all of them\n"
		"  --summary FILE       summary records, for --assert\n"
		"  --progress FILE      progress records, for the client's verdict\n"
		"  --steady RULE        auto (default), in-flight:0.95, trim:5s or none\n",
};

struct run {
	struct outcome *outcomes;
	size_t n, cap;
	struct slo slos[OUTCOME_SLOS];
	size_t n_slos;
	char **kinds;
	size_t n_kinds;
	struct progress *progress;
	size_t n_progress, cap_progress;
	struct bound *bounds;
	size_t n_bounds;
	struct summaries summaries;
	struct steady_rule steady;
	const char *steady_text;
	struct pulse pulse;
	int64_t *starts, *ends; /* which the windows point into */
	struct window *windows;
	struct steady_edge *edges; /* of each */
	size_t n_windows;
};

/* Room for one more. */
static void *
room(void *p, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return p;
	*cap = *cap * 2 + 64;
	return tool_grow(p, *cap, size);
}

static size_t
kind_number(struct run *run, struct span kind)
{
	static const char none[] = NO_OUTPUT;
	size_t i;

	if (!kind.s)
		kind = (struct span){none, sizeof none - 1};
	for (i = 0; i < run->n_kinds && !span_is(kind, run->kinds[i]); i++)
		;
	if (i < run->n_kinds)
		return i;
	run->kinds = tool_grow(run->kinds, ++run->n_kinds, sizeof *run->kinds);
	run->kinds[i] = tool_grow(NULL, kind.n + 1, 1);
	run->kinds[i][span_decode(kind, run->kinds[i])] = '\0';
	return i;
}

static const char *
one_metric(void *ctx, struct tool_line *l)
{
	struct run *run = ctx;
	struct outcome o;
	struct span kind;
	bool warmup;
	const char *why =
		outcome_read(&o, l->text, l->len, run->slos, run->n_slos, &kind, &warmup, &l->column);

	if (why || warmup)
		return why;
	o.kind = o.ok ? 0 : kind_number(run, kind);
	pulse_add(&run->pulse, &o, l->text, l->len);
	run->outcomes = room(run->outcomes, run->n, &run->cap, sizeof *run->outcomes);
	run->outcomes[run->n++] = o;
	return NULL;
}

static const char *
one_progress(void *ctx, struct tool_line *l)
{
	struct run *run = ctx;
	struct progress p;
	const char *why = progress_read(&p, l->text, l->len, &l->column);

	if (why)
		return why;
	run->progress = room(run->progress, run->n_progress, &run->cap_progress, sizeof *run->progress);
	run->progress[run->n_progress++] = p;
	return NULL;
}

static const char *
one_summary(void *ctx, struct tool_line *l)
{
	struct run *run = ctx;

	return summaries_add(&run->summaries, l->text, l->len, &l->column);
}

/* Split the run into its parts and find what of them was steady. */
static void
find_windows(struct run *run)
{
	int64_t *time;
	size_t max = 0;

	if (run->n == 0)
		return;
	run->starts = tool_grow(NULL, run->n, sizeof *run->starts);
	run->ends = tool_grow(NULL, run->n, sizeof *run->ends);
	run->windows = tool_grow(NULL, run->n, sizeof *run->windows);
	run->n_windows = window_split(run->outcomes, run->n, run->starts, run->ends, run->windows);
	for (size_t i = 0; i < run->n_windows; i++) {
		size_t m = inflight_max(&run->windows[i].in_flight);

		max = m > max ? m : max;
	}
	time = tool_grow(NULL, max + 1, sizeof *time);
	memset(time, 0, (max + 1) * sizeof *time);
	for (size_t i = 0; i < run->n_windows; i++)
		inflight_times(&run->windows[i].in_flight, time);
	run->edges = tool_grow(NULL, run->n_windows, sizeof *run->edges);
	if (!steady_find(run->windows, run->n_windows, &run->steady, time, max, run->edges))
		tool_die(TOOL_RESOURCE, "out of memory");
	free(time);
}

static struct figures
gather(const struct run *run, bool steady)
{
	struct figures f = {0};

	f.totals.by_kind = tool_grow(NULL, run->n_kinds, sizeof *f.totals.by_kind);
	memset(f.totals.by_kind, 0, run->n_kinds * sizeof *f.totals.by_kind);
	figures_add(&f, run->windows, run->n_windows, steady);
	return f;
}

static json_t *
client_of(const struct run *run, size_t in_flight)
{
	struct client_send *sends = tool_grow(NULL, run->n, sizeof *sends);
	size_t n = 0;
	json_t *j;

	for (size_t i = 0; i < run->n; i++)
		if (run->outcomes[i].sent_us != OUTCOME_NONE && run->outcomes[i].due_us != OUTCOME_NONE)
			sends[n++] = (struct client_send){run->outcomes[i].due_us, run->outcomes[i].sent_us};
	if (!(j = client_document(run->progress, run->n_progress, sends, n, in_flight)))
		tool_die(TOOL_RESOURCE, "out of memory");
	free(sends);
	return j;
}

static json_t *
record_of(struct run *run)
{
	const struct run_names names = {run->kinds, run->n_kinds, run->slos, run->n_slos};
	json_t *doc = json_object(), *steady = json_null();
	struct figures f;
	size_t in_flight, ok;

	find_windows(run);
	f = gather(run, false);
	run_record_set(doc, &f, &names);
	free(f.totals.by_kind);
	in_flight = f.max_in_flight;
	ok = f.totals.ok;
	f = gather(run, true);
	if (f.us) {
		steady = json_pack("{s:s}", "rule", run->steady_text);
		run_record_edges(steady, run->windows, run->edges, run->n_windows);
		run_record_set(steady, &f, &names);
	}
	free(f.totals.by_kind);
	json_object_set_new(doc, "peak", run_record_peak(&run->pulse));
	json_object_set_new(doc, "steady", steady);
	json_object_set_new(doc, "client", client_of(run, in_flight));
	json_object_set_new(doc, "warnings", caution_list(&run->summaries, ok, run->edges, run->n_windows));
	return doc;
}

static bool
all_bounds_hold(const struct run *run, const json_t *doc)
{
	bool all = true;

	for (size_t i = 0; i < run->n_bounds; i++) {
		const struct bound *b = &run->bounds[i];
		double v;

		if (!run_record_find(doc, b->path, &v) && !summaries_find(&run->summaries, b->path, &v))
			tool_warn("%s: missed: not measured", b->text);
		else if (!bound_holds(b, v))
			tool_warn("%s: missed: %.12g", b->text, v);
		else
			continue;
		all = false;
	}
	return all;
}

static void
add_bound(struct run *run, const char *text)
{
	const char *why;

	run->bounds = tool_grow(run->bounds, run->n_bounds + 1, sizeof *run->bounds);
	if ((why = bound_parse(&run->bounds[run->n_bounds++], text)))
		tool_usage("--assert: %s: %s", text, why);
}

static void
add_slo(struct run *run, char *text)
{
	const char *number, *why;

	if (run->n_slos == OUTCOME_SLOS)
		tool_usage("--slo: more than %d", OUTCOME_SLOS);
	if ((why = slo_parse(&run->slos[run->n_slos], text, &number)))
		tool_usage("--slo: %s: %s", text, why);
	run->slos[run->n_slos++].bound = tool_number("--slo", number, -DBL_MAX, DBL_MAX);
}

static void
set_steady(struct run *run, const char *text)
{
	const char *why = steady_parse(&run->steady, text);

	if (why)
		tool_usage("--steady: %s: %s", text, why);
	run->steady_text = text;
}

/* A field that no ok request has is more often misspelt than missing. */
static void
warn_of_unseen(const struct run *run)
{
	bool any_ok = false;

	for (size_t i = 0; i < run->n && !any_ok; i++)
		any_ok = run->outcomes[i].ok;
	for (size_t i = 0; any_ok && i < run->n_slos; i++)
		if (!run->slos[i].seen)
			tool_warn("--slo: %s: no ok request has a value of it", run->slos[i].field);
}

static int
worst(int a, int b)
{
	return a > b ? a : b;
}

int
main(int argc, char **argv)
{
	enum { ASSERT = 256, SLO, SUMMARY, PROGRESS, STEADY };
	static const struct option longs[] = {
		{"assert", required_argument, NULL, ASSERT},
		{"slo", required_argument, NULL, SLO},
		{"summary", required_argument, NULL, SUMMARY},
		{"progress", required_argument, NULL, PROGRESS},
		{"steady", required_argument, NULL, STEADY},
		{0},
	};
	static struct run run;
	char *summary = NULL, *progress = NULL;
	int c, status = TOOL_OK;
	json_t *doc;

	tool_start(&runsum);
	set_steady(&run, DEFAULT_STEADY);
	while ((c = tool_option(argc, argv, "", longs)) != -1)
		switch (c) {
		case ASSERT: add_bound(&run, optarg); break;
		case SLO: add_slo(&run, optarg); break;
		case SUMMARY: summary = optarg; break;
		case PROGRESS: progress = optarg; break;
		case STEADY: set_steady(&run, optarg); break;
		}
	if (summary)
		status = worst(status, tool_lines(1, &summary, one_summary, &run));
	if (progress)
		status = worst(status, tool_lines(1, &progress, one_progress, &run));
	status = worst(status, tool_lines(argc - optind, argv + optind, one_metric, &run));
	warn_of_unseen(&run);
	doc = record_of(&run);
	if (json_dumpf(doc, stdout, JSON_COMPACT | JSON_REAL_PRECISION(12)) == 0)
		putchar('\n');
	/* Files that could not be read tell more than the bounds that are missed without them. */
	if (!all_bounds_hold(&run, doc) && status < TOOL_USAGE)
		status = TOOL_BOUND;
	json_decref(doc);
	return tool_finish(status);
}
