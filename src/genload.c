/* genload: decides which requests are sent, and when.
 *
 * Reads a workload (JSON) and perhaps a file of prompts; writes request records (docs/RECORDS.md).
 * A flag is the same as the workload's key it stands for and replaces it.
 *
 * What must hold: the seed fixes every byte.  Record k depends on the workload, the seed, k
 * and the prompt file alone, so that N shards together are the unsharded stream, and when
 * requests arrive does not depend on what they say, or the other way round. */
#include "lib/arrival.h"
#include "lib/body.h"
#include "lib/genflags.h"
#include "lib/jsonfile.h"
#include "lib/seed.h"
#include "lib/supply.h"
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
	.help =
	    "  -f, --workload FILE  the workload, as JSON (-: standard input)\n"
	    "  -n, --requests N     requests after the warm-up (200 if --duration is not given either)\n"
	    "  -r, --rate R         requests a second on average\n"
	    "  --arrival PROCESS    closed, constant or poisson (closed, or constant with a rate)\n"
	    "  --duration D         no request is due at D or later\n"
	    "  --warmup N           warm-up requests before them (0)\n"
	    "  --seed N             fixes every byte of the output (1)\n"
	    "  --turns N            sessions of N turns, or of at most N of a conversation's\n"
	    "  --think D            before each of their turns but the first (0)\n"
	    "  --shard I/N          only every Nth record or session, beginning with the Ith\n"
	    "  --prompts FILE       prompts from JSON lines, again from the start at the end\n"
	    "  --input-tokens N     else made-up prompts of N words (128)\n"
	    "  --words FILE         the words, one a line, instead of the built-in ones\n"
	    "  --token-ids          N token ids instead of words (openai-completions only)\n"
	    "  --vocab LOW-HIGH     the token ids to choose from (1000-30000)\n"
	    "  --api NAME           openai-chat (default) or openai-completions\n"
	    "  --model M            the model to ask for\n"
	    "  --max-tokens N       longest reply (the prompt's own, or 128)\n"
	    "  --min-tokens N       shortest reply\n"
	    "  --ignore-eos         replies have --max-tokens tokens, where the engine can\n"
	    "  --temperature X      sampling parameters, sent as they are\n"
	    "  --top-p X\n"
	    "  --top-k N\n"
	    "  --no-stream          ask for whole replies\n"
	    "  --n N                choices in each reply\n"
	    "  --response-format FILE\n"
	    "                       the response_format, a JSON object\n"
	    "  --tools FILE         the tools, a JSON array\n"
	    "  --tool-choice X      auto, required, none\n"
	    "  --reasoning-effort X\n"
	    "  --body-json FILE     a JSON object that is merged into each body, last\n"
	    "  --tag K=V            put a tag into each record\n",
};

enum {
	OPT_BODY_JSON = 256,
	OPT_SHARD,
	OPT_TAG,
	OPT_FLAG /* and those after it: genflags[c - OPT_FLAG] */
};

static const struct option others[] = {
	{"workload", required_argument, NULL, 'f'},
	{"body-json", required_argument, NULL, OPT_BODY_JSON},
	{"shard", required_argument, NULL, OPT_SHARD},
	{"tag", required_argument, NULL, OPT_TAG},
};
#define N_OTHERS (sizeof others / sizeof *others)

struct gen {
	json_t *file;    /* the workload document; {} without one */
	json_t *set;     /* what the flags say, in the shape of a workload */
	json_t *patches; /* --body-json */
	int64_t shard, shards;
	struct workload w;
	struct body body;
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
load(const char *name)
{
	struct key_error why;
	json_t *o = jsonfile_load(name, &why);

	if (!o)
		tool_die(TOOL_USAGE, "%s", why.text);
	return o;
}

static void
set_flag(struct gen *g, const struct genflag *f)
{
	const char *text = f->value ? f->value : optarg;
	struct key_error why;
	json_t *v = f->json ? jsonfile_load_any(text, &why) : NULL;

	if (f->json && !v)
		tool_die(TOOL_USAGE, "%s", why.text);
	if (v ? !workload_set_value(g->set, f->section, f->key, v, &why)
	      : !workload_set(g->set, f->section, f->key, text, &why))
		tool_usage("--%s: %s", f->name, why.text);
}

static void
set_tag(struct gen *g, char *text)
{
	char *equals = strchr(text, '=');
	struct key_error why;

	if (!equals || equals == text)
		tool_usage("--tag: %s: must be KEY=VALUE", text);
	*equals = '\0';
	if (!workload_set(g->set, "tags", text, equals + 1, &why))
		tool_usage("--tag: %s", why.text);
}

static void
set_shard(struct gen *g, char *text)
{
	char *slash = strchr(text, '/');

	if (!slash)
		tool_usage("--shard: %s: must be I/N, such as 1/4", text);
	*slash = '\0';
	g->shards = tool_count("--shard", slash + 1, 1, 1000000);
	g->shard = tool_count("--shard", text, 1, g->shards);
}

static void
set_option(struct gen *g, int c)
{
	size_t i = 0;

	switch (c) {
	case 'f':
		json_decref(g->file);
		g->file = load(optarg);
		return;
	case OPT_BODY_JSON: json_array_append_new(g->patches, load(optarg)); return;
	case OPT_SHARD: set_shard(g, optarg); return;
	case OPT_TAG: set_tag(g, optarg); return;
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
	    !reqput_start(&g->common, g->w.api, &g->body, g->w.tags))
		tool_die(TOOL_RESOURCE, "out of memory");
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
prompts_name(const struct gen *g)
{
	return strcmp(g->w.prompts_file, "-") == 0 ? "<stdin>" : g->w.prompts_file;
}

static void
open_prompts(struct gen *g)
{
	const char *name = g->w.prompts_file;
	int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || (read(fd, NULL, 0) < 0 && errno == EISDIR))
		tool_die(TOOL_USAGE, "%s: %s", name, strerror(errno));
	if (!prompts_open(&g->supply.prompts, fd, g->w.api->messages, tool_max_line()))
		tool_die(TOOL_RESOURCE, "%s: no temporary file: %s", name, strerror(errno));
}

static void
bad_prompt(void *ctx, const struct prompts *p)
{
	struct gen *g = ctx;
	struct tool_line l = {.file = prompts_name(g), .number = p->number, .column = p->column};

	tool_bad_line(&l, p->why);
	g->status = TOOL_BAD;
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
	uint64_t seed = seed_stream(g->w.seed, "prompts");
	struct supply *s = &g->supply;

	*s = (struct supply){.w = &g->w, .bad = bad_prompt, .wait = hand_on, .ctx = g};
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
check(const struct gen *g, enum supply_status got)
{
	const char *name = g->w.prompts_file ? prompts_name(g) : "prompts";

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
arrive(struct gen *g, int64_t index, int64_t at_us, bool warmup)
{
	bool mine = index % g->shards == g->shard - 1;
	int64_t n;

	check(g, supply_begin(&g->supply, &n));
	if (warmup || n == 0) {
		one_record(g, &(struct reqput){.at_us = at_us, .warmup = warmup}, mine);
		return;
	}
	g->sessions++;
	for (int64_t i = 1; i <= n; i++) {
		struct reqput q = {.at_us = i == 1 ? at_us : ARRIVAL_CLOSED_US, .session = g->sessions, .turn = i, .turns = n};

		one_record(g, &q, mine);
	}
}

static void
generate(struct gen *g)
{
	struct arrival a;
	int64_t end_us = g->w.duration_us ? g->w.duration_us : ARRIVAL_NEVER_US, i = 0, at_us;

	if (!arrival_start(&a, g->w.arrival, g->w.rate, g->w.seed))
		tool_die(TOOL_RESOURCE, "out of memory");
	for (; i < g->w.warmup && !ferror(stdout); i++)
		arrive(g, i, ARRIVAL_CLOSED_US, true);
	for (; !ferror(stdout) && (g->w.requests == WORKLOAD_ENDLESS || g->id - g->w.warmup < g->w.requests); i++) {
		if ((at_us = arrival_next(&a)) >= end_us)
			break;
		arrive(g, i, at_us, false);
	}
	arrival_end(&a);
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
	supply_end(&g.supply);
	reqput_end(&g.common);
	body_free(&g.body);
	json_decref(g.file);
	json_decref(g.set);
	json_decref(g.patches);
	return tool_finish(g.status);
}
