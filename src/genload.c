/* genload: decides which requests are sent, and when.
 *
 * Reads a workload (JSON) and perhaps a file of prompts; writes request records (docs/RECORDS.md).
 * A flag is the same as the workload's key it stands for and replaces it.
 *
 * What must hold: the seed fixes every byte.  Record k depends on the workload, the seed, k
 * and the prompt file alone, so that N shards together are the unsharded stream, and when
 * requests arrive does not depend on what they say, or the other way round. */
#include "lib/body.h"
#include "lib/genflags.h"
#include "lib/jsonfile.h"
#include "lib/schedule.h"
#include "lib/shards.h"
#include "lib/supply.h"
#include "lib/timetable.h"
#include "lib/tool.h"
#include "lib/workload.h"

#include <errno.h>
#include <fcntl.h>
#include <gsl/gsl_errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER ((size_t)256 << 10)
#define FLUSH ((size_t)32 << 10) /* records are handed on in bunches of about this size, whole */

static const struct tool genload = {
	.name = "genload",
	.usage = "[-f WORKLOAD] [-n REQUESTS] [-r RATE] [--arrival PROCESS] [--duration D] [--prompts FILE] [OPTION...]",
	.help = genflags_help,
};

enum {
	OPT_BODY_JSON = 256,
	OPT_PHASE,
	OPT_SHARD,
	OPT_TAG,
	OPT_FLAG /* and those after it: genflags[c - OPT_FLAG] */
};

static const struct option others[] = {
	{"workload", required_argument, NULL, 'f'},
	{"body-json", required_argument, NULL, OPT_BODY_JSON},
	{"phase", required_argument, NULL, OPT_PHASE},
	{"shard", required_argument, NULL, OPT_SHARD},
	{"tag", required_argument, NULL, OPT_TAG},
};
#define N_OTHERS (sizeof others / sizeof *others)

struct gen {
	json_t *file;    /* the workload document; {} without one */
	json_t *set;     /* what the flags say, in the shape of a workload */
	json_t *patches; /* --body-json */
	int64_t shard, shards;
	bool only_warmup, only_measured; /* --phase */
	struct workload w;
	struct body body;
	struct timetable timetable; /* when: this … */
	struct schedule schedule;   /* … or that of w.load.schedule */
	struct reqput_common common;
	struct supply supply;
	int64_t id, sessions; /* given out so far */
	int status;
};

static json_t *
need(json_t *v)
{
	if (!v)
		tool_die(TOOL_RESOURCE, "out of memory");
	return v;
}

static json_t *
load(const char *name, bool any)
{
	struct key_error why;
	json_t *o = any ? jsonfile_load_any(name, &why) : jsonfile_load(name, &why);

	if (!o)
		tool_die(TOOL_USAGE, "%s", why.text);
	return o;
}

static void
set_flag(struct gen *g, const struct genflag *f)
{
	const char *text = f->value ? f->value : optarg;
	struct key_error why;
	bool good = f->json ? workload_set_value(g->set, f->section, f->key, load(text, true), &why)
	                    : workload_set(g->set, f->section, f->key, text, &why);

	if (!good)
		tool_usage("--%s: %s", f->name, why.text);
}

static void
set_phase(struct gen *g, const char *text)
{
	g->only_warmup = strcmp(text, "warmup") == 0;
	g->only_measured = strcmp(text, "measured") == 0;
	if (!g->only_warmup && !g->only_measured)
		tool_usage("--phase: %s: must be warmup or measured", text);
}

static void
set_option(struct gen *g, int c)
{
	struct key_error error;
	const char *why;
	size_t i = 0;

	switch (c) {
	case 'f':
		json_decref(g->file);
		g->file = load(optarg, false);
		return;
	case OPT_BODY_JSON: json_array_append_new(g->patches, load(optarg, false)); return;
	case OPT_PHASE: set_phase(g, optarg); return;
	case OPT_SHARD:
		if ((why = shards_parse(optarg, 1000000, &g->shard, &g->shards)))
			tool_usage("--shard: %s: %s", optarg, why);
		return;
	case OPT_TAG:
		if (!workload_set_tag(g->set, optarg, &error))
			tool_usage("--tag: %s", error.text);
		return;
	}
	if (c >= OPT_FLAG)
		i = (size_t)(c - OPT_FLAG);
	else
		while (genflags[i].letter != c)
			i++;
	set_flag(g, &genflags[i]);
}

static void
read_options(struct gen *g, int argc, char **argv)
{
	struct option longs[GENFLAGS_MOST + N_OTHERS + 1] = {0};
	int c;

	*g = (struct gen){.set = need(json_object()), .patches = need(json_array()), .shard = 1, .shards = 1};
	memcpy(longs, others, sizeof others);
	for (size_t i = 0; genflags[i].name; i++)
		longs[N_OTHERS + i] = (struct option){genflags[i].name, genflags[i].value ? no_argument : required_argument,
		    NULL, OPT_FLAG + (int)i};
	while ((c = tool_option(argc, argv, "f:n:r:", longs)) != -1)
		set_option(g, c);
	if (optind < argc)
		tool_usage("%s: unexpected argument", argv[optind]);
	if (!g->file)
		g->file = need(json_object());
}

static void
resolve(struct gen *g)
{
	struct key_error why;

	if (!workload_override(g->file, g->set))
		tool_die(TOOL_RESOURCE, "out of memory");
	if (!workload_read(g->file, &g->w, &why))
		tool_die(TOOL_USAGE, "%s", why.text);
	if (!body_make(&g->body, g->w.api, g->w.request, g->patches) ||
	    !reqput_start(&g->common, g->w.api, &g->body, g->w.tags, g->w.system))
		tool_die(TOOL_RESOURCE, "out of memory");
	if (g->body.missing)
		tool_die(TOOL_USAGE, "api %s needs %s: put them into request.body", g->w.api->name, g->body.missing);
}

static const char *
add_word(void *ctx, struct tool_line *l)
{
	return words_add(ctx, l->text, l->len);
}

static void
open_words(struct gen *g, uint64_t seed)
{
	char *name = strdup(g->w.words);

	words_start(&g->supply.words, seed);
	if (!name || tool_lines(1, &name, add_word, &g->supply.words) != TOOL_OK)
		exit(tool_finish(TOOL_USAGE));
	if (g->supply.words.count == 0)
		tool_die(TOOL_USAGE, "%s: no words", name);
	free(name);
}

static const char *
shown(const char *name)
{
	return strcmp(name, "-") == 0 ? "<stdin>" : name;
}

/* "-" is standard input. */
static int
open_input(const char *name)
{
	int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || (read(fd, NULL, 0) < 0 && errno == EISDIR))
		tool_die(TOOL_USAGE, "%s: %s", name, strerror(errno));
	return fd;
}

static void
open_prompts(struct gen *g)
{
	const char *name = g->w.prompts_file;
	struct prompts_options o = supply_options(&g->w, tool_max_line());

	if (!prompts_open(&g->supply.prompts, open_input(name), &o))
		tool_die(TOOL_RESOURCE, "%s: no temporary file: %s", name, strerror(errno));
}

static void
bad_line(struct gen *g, const char *name, size_t number, size_t column, const char *why)
{
	tool_bad_line(&(struct tool_line){.file = shown(name), .number = number, .column = column}, why);
	g->status = TOOL_BAD;
}

static void
bad_prompt(void *ctx, const struct prompts *p)
{
	struct gen *g = ctx;

	bad_line(g, g->w.prompts_file, p->number, p->column, p->why);
}

static void
hand_on(void *ctx)
{
	(void)ctx;
	fflush(stdout);
}

static void
open_source(struct gen *g)
{
	uint64_t seed = salt_stream(g->w.load.seed, "prompts", g->w.salt);
	struct supply *s = &g->supply;

	*s = (struct supply){.w = &g->w, .bad = bad_prompt, .wait = hand_on, .ctx = g};
	supply_begin_streams(s);
	if (g->w.prompts_file)
		open_prompts(g);
	else if (g->w.token_ids)
		words_ids(&s->words, seed, g->w.vocab_low, g->w.vocab_high);
	else if (g->w.words)
		open_words(g, seed);
	else
		words_builtin(&s->words, seed);
}

static void
tell_left_out(const struct gen *g)
{
	char what[300];

	if (prompts_left_out(&g->supply.prompts, what, sizeof what))
		tool_warn("%s: %s", shown(g->w.prompts_file), what);
}

static void
check(const struct gen *g, enum supply_status got)
{
	const char *name = g->w.prompts_file ? shown(g->w.prompts_file) : "prompts";

	if (got == SUPPLY_NONE)
		tell_left_out(g);
	if (got == SUPPLY_NONE)
		tool_die(TOOL_USAGE, "%s: no usable prompt; expected lines such as {\"prompt\": \"Hello\"}", name);
	if (got == SUPPLY_ERROR)
		tool_die(errno == EISDIR ? TOOL_USAGE : TOOL_RESOURCE, "%s: %s", name, strerror(errno));
}

static void
one_record(struct gen *g, struct reqput *q, bool mine)
{
	q->id = ++g->id;
	check(g, supply_next(&g->supply, q, mine));
	if (!mine)
		return;
	reqput(stdout, &g->common, q);
	if (__fpending(stdout) >= FLUSH)
		fflush(stdout);
}

/* A session, or a request by itself: what arrives at one time, and goes into one shard. */
static void
arrive(struct gen *g, int64_t index, int64_t at_us, const char *stage, bool warmup)
{
	bool mine = index % g->shards == g->shard - 1 && !(warmup && g->only_measured);
	int64_t n;

	check(g, supply_begin(&g->supply, &n));
	if (warmup || n == 0) {
		one_record(g, &(struct reqput){.at_us = at_us, .stage = stage, .warmup = warmup}, mine);
		return;
	}
	g->sessions++;
	for (int64_t i = 1; i <= n; i++) {
		struct reqput q = {.at_us = i == 1 ? at_us : ARRIVAL_CLOSED_US, .stage = stage, .session = g->sessions,
			.turn = i, .turns = n};

		one_record(g, &q, mine);
	}
}

static void
open_timetable(struct gen *g)
{
	const struct loadtest *l = &g->w.load;

	if (l->schedule && g->w.prompts_file && strcmp(l->schedule, "-") == 0 && strcmp(g->w.prompts_file, "-") == 0)
		tool_usage("prompts and schedule: only one of them can be standard input");
	if (l->schedule)
		schedule_open(&g->schedule, open_input(l->schedule), tool_max_line());
	else if (!timetable_start(&g->timetable, l->stages, l->n_stages, l->seed))
		tool_die(TOOL_RESOURCE, "out of memory");
}

/* The next time of the schedule; bad lines are reported on the way.  False at its end. */
static bool
next_scheduled(struct gen *g, int64_t *at_us)
{
	struct schedule *s = &g->schedule;
	enum schedule_status got;

	if (jsonl_empty(&s->lines))
		hand_on(g);
	while ((got = schedule_next(s, at_us)) == SCHEDULE_BAD)
		bad_line(g, g->w.load.schedule, s->number, s->column, s->why);
	if (got == SCHEDULE_ERROR)
		tool_die(TOOL_RESOURCE, "%s: %s", shown(g->w.load.schedule), strerror(errno));
	return got == SCHEDULE_OK;
}

/* When what follows the warm-up is due, and in which stage.  False: nothing does. */
static bool
is_due(struct gen *g, int64_t *at_us, const char **stage)
{
	const struct loadtest *l = &g->w.load;

	if (l->requests != LOADTEST_ENDLESS && g->id - l->warmup >= l->requests)
		return false;
	if (l->schedule ? !next_scheduled(g, at_us) : !timetable_next(&g->timetable, at_us, stage))
		return false;
	return l->duration_us == 0 || *at_us < l->duration_us;
}

static void
generate(struct gen *g)
{
	const struct loadtest *l = &g->w.load;
	int64_t i = 0, at_us;
	const char *stage = NULL;

	open_timetable(g);
	for (; i < l->warmup && !ferror(stdout); i++)
		arrive(g, i, ARRIVAL_CLOSED_US, NULL, true);
	for (; !g->only_warmup && !ferror(stdout) && is_due(g, &at_us, &stage); i++)
		arrive(g, i, at_us, stage, false);
	timetable_end(&g->timetable);
	schedule_close(&g->schedule);
}

int
main(int argc, char **argv)
{
	struct gen g;

	tool_start(&genload);
	gsl_set_error_handler_off();
	read_options(&g, argc, argv);
	resolve(&g);
	open_source(&g);
	setvbuf(stdout, NULL, _IOFBF, BUFFER);
	generate(&g);
	tell_left_out(&g);
	supply_end(&g.supply);
	reqput_end(&g.common);
	body_free(&g.body);
	workload_free(&g.w);
	json_decref(g.file);
	json_decref(g.set);
	json_decref(g.patches);
	return tool_finish(g.status);
}
