/* costcalc: what a run cost.
 *
 * Reads run records, prices, and what the server was made of; writes one cost record
 * (docs/RECORDS.md) for each run record.  A product of which there is no price ends it: no other
 * one is taken in its place. */
#include "lib/configfile.h"
#include "lib/cost_record.h"
#include "lib/gpuset.h"
#include "lib/money.h"
#include "lib/quantity.h"
#include "lib/tool.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_GPUS 1000000

static const struct tool costcalc = {
	.name = "costcalc",
	.usage = "--prices FILE [--gpu PRODUCT] [--gpus N] [--cpu CORES] [--memory SIZE] [--telemetry FILE] [FILE...]",
	.help = "  --prices FILE     what things cost: a cost.yaml, or JSON of the same form\n"
		"  --gpu PRODUCT     the server's GPU by its exact name; \"default\" takes the row of that name\n"
		"  --gpus N          how many of them (1); 0: it has none\n"
		"  --cpu CORES       its CPU, as Kubernetes writes it: 2, 2000m\n"
		"  --memory SIZE     its memory in bytes, as Kubernetes writes it: 8Gi, 512M\n"
		"  --telemetry FILE  telemetry records of the server's GPUs: their product, and how idle they were\n",
};

struct bill {
	struct pool pool;
	const char *file; /* of the prices */
	struct prices prices;
	struct server server;
	const struct entry *row;
	struct gpuset seen;
	const char *unclear; /* why telemetry does not say which GPUs are the server's, or NULL */
};

static void
no_memory(void)
{
	tool_die(TOOL_RESOURCE, "out of memory");
}

static void
report(void *ctx, const struct problem *p)
{
	(void)ctx;
	if (p->at.line)
		tool_warn("%s:%zu:%zu: %s", p->at.file, p->at.line, p->at.column, p->text);
	else
		tool_warn("%s: %s", p->at.file, p->text);
}

static void
read_prices(struct bill *b)
{
	struct configload load = {.pool = &b->pool, .max_size = tool_max_line(), .fn = report};
	struct diagnosis d = {.pool = &b->pool, .fn = report};
	const struct node *doc = configfile_load(&load, strcmp(b->file, "-") == 0 ? "<stdin>" : b->file);

	if (load.bad || !doc || !prices_read(&b->prices, doc, &d))
		exit(TOOL_USAGE);
}

/* No product is taken for another one because their names are alike. */
_Noreturn static void
no_such_product(const struct bill *b, const struct entry *near)
{
	const struct pos at = near ? near->at : b->prices.gpu ? b->prices.gpu->at : b->prices.at;
	const char *product = b->server.gpu;

	if (strcmp(product, "default") == 0)
		tool_die(TOOL_USAGE, "%s:%zu:%zu: gpu: no row default", at.file, at.line, at.column);
	if (near)
		tool_die(TOOL_USAGE, "%s:%zu:%zu: no price for the GPU %s; the nearest name is %s (put in a row for it, "
			"or say with --gpu which row is meant)", at.file, at.line, at.column, product, near->key);
	tool_die(TOOL_USAGE, "%s:%zu:%zu: no price for the GPU %s, and no name like it (put in a row for it, "
		"or say with --gpu which row is meant)", at.file, at.line, at.column, product);
}

/* What telemetry says of the GPU, where nobody said it. */
static void
look_at_telemetry(struct bill *b)
{
	if (b->server.gpu || b->server.gpus == 0 || b->seen.n == 0 ||
		(b->unclear = gpuset_unclear(&b->seen, b->server.gpus)))
		return;
	b->server.gpu = b->seen.product;
	if (b->server.gpus < 0)
		b->server.gpus = (int64_t)b->seen.n;
}

static const char *
one_sample(void *ctx, struct tool_line *l)
{
	json_error_t e;
	json_t *j = json_loadb(l->text, l->len, 0, &e);
	const char *why = j ? gpuset_add(&((struct bill *)ctx)->seen, j) : "not JSON";

	if (!j)
		l->column = e.column > 0 ? (size_t)e.column : 0;
	json_decref(j);
	return why;
}

static void
choose_server(struct bill *b, const struct server *typed)
{
	const struct entry *near = NULL;

	b->server = b->prices.server;
	if (typed->gpu)
		b->server.gpu = typed->gpu;
	if (typed->gpus >= 0)
		b->server.gpus = typed->gpus;
	if (typed->nanocores >= 0)
		b->server.nanocores = typed->nanocores;
	if (typed->memory_bytes >= 0)
		b->server.memory_bytes = typed->memory_bytes;
	look_at_telemetry(b);
	if (b->server.gpu && b->server.gpus < 0)
		b->server.gpus = 1;
	if (b->server.gpu && !(b->row = prices_gpu(&b->prices, b->server.gpu, &near)))
		no_such_product(b, near);
}

/* What the run record says of itself beyond what is known here, behind the cost record's own. */
static void
pass_on(json_t *record, json_t *run)
{
	static const char *const known[] = {
		"window", "requests", "tokens", "rate", "in_flight", "goodput", "quality", "steady", "client", NULL};
	const char *key;
	json_t *value;

	for (const char *const *k = known; *k; k++)
		json_object_del(run, *k);
	json_object_foreach(run, key, value)
		if (!json_object_get(record, key))
			json_object_set(record, key, value);
}

static const char *
one_run(void *ctx, struct tool_line *l)
{
	const struct bill *b = ctx;
	json_error_t e;
	json_t *run = json_loadb(l->text, l->len, 0, &e), *record;
	struct usage u;
	struct cost c;
	const char *why = run ? cost_usage(&u, run) : "not JSON";

	if (!run)
		l->column = e.column > 0 ? (size_t)e.column : 0;
	if (!why && (!cost_hour(&c, &b->server, b->row ? prices_hour(b->row) : MONEY_NONE, &b->prices) ||
			!cost_run(&c, u.window_us)))
		why = "the cost is above 1000000000 dollars";
	if (!why) {
		const struct cost_of of = {.server = &b->server, .prices = &b->prices, .row = b->row, .usage = &u, .cost = &c,
			.tokens = json_object_get(run, "tokens"), .unclear = b->unclear,
			.not_idle = gpuset_others(&b->seen, b->server.gpus),
			.util = gpuset_util(&b->seen, u.from_us, u.to_us)};

		record = cost_record(&of);
		pass_on(record, run);
		if (json_dumpf(record, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15)) == 0)
			putchar('\n');
		json_decref(record);
	}
	json_decref(run);
	return why;
}

static int64_t
quantity(const char *option, const char *text, unsigned decimals)
{
	int64_t v = -1;
	const char *why = quantity_parse(text, decimals, &v);

	if (why)
		tool_usage("%s: %s: %s", option, text, why);
	return v;
}

int
main(int argc, char **argv)
{
	enum { PRICES = 256, GPU, GPUS, CPU, MEMORY, TELEMETRY };
	static const struct option longs[] = {
		{"prices", required_argument, NULL, PRICES},
		{"gpu", required_argument, NULL, GPU},
		{"gpus", required_argument, NULL, GPUS},
		{"cpu", required_argument, NULL, CPU},
		{"memory", required_argument, NULL, MEMORY},
		{"telemetry", required_argument, NULL, TELEMETRY},
		{0},
	};
	struct bill b = {.pool = {.no_memory = no_memory}};
	struct server typed = {NULL, -1, -1, -1};
	char *telemetry = NULL;
	int c, status = TOOL_OK, seen;

	tool_start(&costcalc);
	while ((c = tool_option(argc, argv, "", longs)) != -1)
		switch (c) {
		case PRICES: b.file = optarg; break;
		case GPU: typed.gpu = optarg; break;
		case GPUS: typed.gpus = tool_count("--gpus", optarg, 0, MAX_GPUS); break;
		case CPU: typed.nanocores = quantity("--cpu", optarg, 9); break;
		case MEMORY: typed.memory_bytes = quantity("--memory", optarg, 0); break;
		case TELEMETRY: telemetry = optarg; break;
		}
	if (!b.file)
		tool_usage("--prices is missing");
	read_prices(&b);
	b.seen.pool = &b.pool;
	if (telemetry && (status = tool_lines(1, &telemetry, one_sample, &b)) >= TOOL_USAGE) {
		pool_free(&b.pool);
		return status;
	}
	choose_server(&b, &typed);
	seen = status;
	status = tool_lines(argc - optind, argv + optind, one_run, &b);
	pool_free(&b.pool);
	return tool_finish(status > seen ? status : seen);
}
