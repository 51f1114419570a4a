/* tokstat: turns the event times of each response into token metrics, by a named definition.
 *
 * Reads response records, writes one metric record for each (docs/RECORDS.md), in the same
 * order and as they come; warm-ups are left out.  Memory is that of one record, and of
 * what --requests holds.  The definitions are src/lib/definition.c, the arithmetic src/lib/metric.c. */
#include "lib/askedset.h"
#include "lib/definition.h"
#include "lib/jsonfile.h"
#include "lib/metric.h"
#include "lib/metric_put.h"
#include "lib/nearest.h"
#include "lib/join.h"
#include "lib/response.h"
#include "lib/tool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct tool tokstat = {
	.name = "tokstat",
	.usage = "[--as NAME] [--requests FILE] [--response-format FILE] [--tools FILE] [--with-warmup] [FILE...]",
	.help = "  --as NAME            whose definitions: tokpipe (default), vllm, sglang, guidellm,\n"
		"                       aiperf, genai-perf, inference-perf\n"
		"  --requests FILE      request records, for what was asked, tags and the like\n"
		"  --response-format FILE\n"
		"                       the response_format that all requests asked for\n"
		"  --tools FILE         the tools that all requests offered, a JSON array\n"
		"  --with-warmup        keep warm-up requests\n",
};

struct run {
	const struct definition *as;
	bool with_warmup;
	struct response_room room;
	struct join *requests;
	size_t n_requests, cap_requests;
	struct askedset asked;
	size_t asked_of_all; /* by the options; 0: nothing */
	uint64_t zero_usage; /* replies with output but a usage of 0 tokens */
	char *zero_example;
};

/* What the request record knows and the response record lacks.  Tags and expect must be
 * there before the metrics are computed; the rest is written behind them. */
static void
join(struct response *r, struct join *q)
{
	q->seen = true;
	if (!r->tags.s)
		r->tags = q->tags;
	if (!r->expect.s && q->expect.s)
		response_expect(r, q->expect);
}

static void
put_joined(const struct response *r, const struct join *q)
{
	if (q->expect.s && r->expect.s == q->expect.s)
		metric_put_member(stdout, "expect", q->expect);
	if (!r->session.s && q->session.s)
		metric_put_member(stdout, "session", q->session);
	if (!r->turn.s && q->turn.s)
		metric_put_member(stdout, "turn", q->turn);
	if (!r->phase.s && q->phase.s)
		metric_put_member(stdout, "phase", q->phase);
}

/* What was asked, as a number of run->asked; what of it cannot be checked is said once. */
static size_t
ask(struct run *run, struct span format, struct span tools)
{
	char why[320];
	size_t number = askedset_add(&run->asked, format, tools, why, sizeof why);

	if (number == SIZE_MAX)
		tool_die(TOOL_RESOURCE, "out of memory");
	if (*why)
		tool_warn("%s: replies to this cannot be judged: null", why);
	return number;
}

/* Whether an ok reply is what its request asked for. */
static void
judge(const struct run *run, const struct response *r, const struct join *q, struct metric *m)
{
	const struct asked *a = askedset_get(&run->asked, q && q->asked ? q->asked : run->asked_of_all);

	if (!a || !m->ok)
		return;
	m->structured = asked_structured(a, r->text, r->calls);
	m->call = asked_call(a, r->calls, r->text.s);
}

static void
count_zero_usage(struct run *run, const struct tool_line *l)
{
	if (run->zero_usage++ == 0 && asprintf(&run->zero_example, "%s:%zu", l->file, l->number) < 0)
		run->zero_example = NULL;
}

static const char *
one_response(void *ctx, struct tool_line *l)
{
	struct run *run = ctx;
	struct response r;
	struct join *q;
	struct metric m;
	const char *why;

	if (!response_room(&run->room, l->len))
		tool_die(TOOL_RESOURCE, "out of memory");
	if ((why = response_read(&r, l->text, l->len, run->room.ev_us, run->room.rest, &l->column)))
		return why;
	if ((q = join_find(run->requests, run->n_requests, r.id)))
		join(&r, q);
	if (!run->with_warmup && (response_is_warmup(&r) || (q && join_is_warmup(q))))
		return NULL;
	if ((why = metric_of(&r, run->as, &m)))
		return why;
	judge(run, &r, q, &m);
	if (m.zero_usage)
		count_zero_usage(run, l);
	metric_put(stdout, &r, run->as, &m);
	if (q)
		put_joined(&r, q);
	fputs("}\n", stdout);
	return NULL;
}

/* A copy that outlives the line it points into. */
static struct span
keep(struct span raw)
{
	char *copy;

	if (!raw.s)
		return raw;
	copy = tool_grow(NULL, raw.n, 1);
	memcpy(copy, raw.s, raw.n);
	return (struct span){copy, raw.n};
}

static const char *
one_request(void *ctx, struct tool_line *l)
{
	struct run *run = ctx;
	struct join q;
	const char *why = join_read(&q, l->text, l->len, &l->column);

	if (why)
		return why;
	if (run->n_requests == run->cap_requests) {
		run->cap_requests = run->cap_requests * 2 + 256;
		run->requests = tool_grow(run->requests, run->cap_requests, sizeof *run->requests);
	}
	run->requests[run->n_requests] = (struct join){.id = keep(q.id), .tags = keep(q.tags),
		.expect = keep(q.expect), .session = keep(q.session), .turn = keep(q.turn), .phase = keep(q.phase),
		.asked = ask(run, q.format, q.tools), .order = run->n_requests};
	run->n_requests++;
	return NULL;
}

static int
read_requests(struct run *run, char *file)
{
	int status = tool_lines(1, &file, one_request, run);

	run->n_requests = join_sort(run->requests, run->n_requests);
	return status;
}

/* What is in the JSON file, as text for the caller to free; NULL without a file. */
static char *
dump_file(char *file)
{
	struct key_error why;
	json_t *v = file ? jsonfile_load_any(file, &why) : NULL;
	char *text = v ? json_dumps(v, JSON_COMPACT) : NULL;

	if (file && !text)
		tool_die(TOOL_USAGE, "%s", why.text);
	json_decref(v);
	return text;
}

static size_t
ask_files(struct run *run, char *format, char *tools)
{
	char *f = dump_file(format), *t = dump_file(tools);
	size_t number = ask(run, (struct span){f, f ? strlen(f) : 0}, (struct span){t, t ? strlen(t) : 0});

	free(f);
	free(t);
	return number;
}

static void
warn_at_end(const struct run *run)
{
	size_t missing = 0;

	for (size_t i = 0; i < run->n_requests; i++)
		missing += !run->requests[i].seen;
	if (missing)
		tool_warn("%zu of %zu requests have no response record", missing, run->n_requests);
	if (run->zero_usage)
		tool_warn("%s: usage says 0 output tokens, but output came: TPOT is null (%" PRIu64 " such)",
			run->zero_example ? run->zero_example : "a reply", run->zero_usage);
}

static const struct definition *
named(const char *name)
{
	const struct definition *d = definition_find(name);
	const char *names[16], *near;
	size_t n = 0;

	if (d)
		return d;
	for (; definition_all[n].name; n++)
		names[n] = definition_all[n].name;
	names[n] = NULL;
	near = nearest(name, names);
	tool_usage("--as: %s: no such definition%s%s%s", name, near ? " (did you mean " : "", near ? near : "",
		near ? "?)" : "");
}

int
main(int argc, char **argv)
{
	enum { AS = 256, FORMAT, REQUESTS, TOOLS, WITH_WARMUP };
	static const struct option longs[] = {
		{"as", required_argument, NULL, AS},
		{"requests", required_argument, NULL, REQUESTS},
		{"response-format", required_argument, NULL, FORMAT},
		{"tools", required_argument, NULL, TOOLS},
		{"with-warmup", no_argument, NULL, WITH_WARMUP},
		{0},
	};
	static struct run run = {.as = definition_all};
	char *requests = NULL, *format = NULL, *tools = NULL;
	int c, status = TOOL_OK, got;

	tool_start(&tokstat);
	while ((c = tool_option(argc, argv, "", longs)) != -1)
		switch (c) {
		case AS: run.as = named(optarg); break;
		case FORMAT: format = optarg; break;
		case TOOLS: tools = optarg; break;
		case REQUESTS: requests = optarg; break;
		case WITH_WARMUP: run.with_warmup = true; break;
		}
	run.asked_of_all = ask_files(&run, format, tools);
	if (requests)
		status = read_requests(&run, requests);
	got = tool_lines(argc - optind, argv + optind, one_response, &run);
	warn_at_end(&run);
	return tool_finish(got > status ? got : status);
}
