/* runcmp: says whether one run of a benchmark is better or worse than another, and how sure that is.
 *
 * Reads the metric records of runs, and of run directories what is known of the runs; writes one comparison
 * record (docs/RECORDS.md) for each side that is compared with the first.  The same seed and records
 * give the same bytes.  All values are kept in memory. */
#include "lib/comparison_put.h"
#include "lib/comparison_show.h"
#include "lib/jsonfile.h"
#include "lib/nearest.h"
#include "lib/seed.h"
#include "lib/slo.h"
#include "lib/tool.h"

#include <float.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct runcmp {
	struct figures_wanted wanted;
	struct cmprun_reader reader;
	struct slo slo[OUTCOME_SLOS];
	double ci;
	uint64_t seed;
	size_t replicates;
	bool table, stdin_read;
	bool forced[COMPARABLE_CODES];
	int status;
};

/* A side with what is known of its runs. */
struct side {
	struct cmpside figures;
	struct comparable_run *known;
};

static const struct tool self = {
	"runcmp",
	"[-t] [-m METRIC,...] [--stats STAT,...] [--tolerance [METRIC=]X]... [--slo FIELD=X]... [--force[=REASON,...]] "
	"[--ci PERCENT] [--resamples N] [--seed N] A[,A2...] B[,B2...]...",
	"  -m, --metrics METRIC,...\n"
	"                       what is compared: FIELD, FIELD.STAT, or a figure of the run\n"
	"                       (ttft_ms,itl_ms,e2e_ms,slot.output_tps,rate.output_tps,requests.success_ratio)\n"
	"  -t, --table          print a table for people instead of records\n"
	"      --stats STAT,... of a FIELD without one: mean, rank, p50, p99.9 ... (mean,p50,p99,rank)\n"
	"      --tolerance [METRIC=]X\n"
	"                       how much worse is no regression: 5%, ttft_ms=5%, ttft_ms.p99=20 (0%)\n"
	"      --slo FIELD=X    what a good request keeps, as runsum has it; compares goodput.ratio, too\n"
	"      --force[=REASON,...]\n"
	"                       compare although they are not comparable: model, workload, client ... (all)\n"
	"      --ci PERCENT     confidence of the intervals and of the verdicts (95)\n"
	"      --resamples N    replicates of the bootstrap (2000)\n"
	"      --seed N         of the bootstrap (0)\n",
};

static _Noreturn void
out_of_memory(void)
{
	tool_die(TOOL_RESOURCE, "out of memory");
}

static int
worst(int a, int b)
{
	return a > b ? a : b;
}

struct reading {
	struct cmprun *run;
	const struct cmprun_reader *reader;
};

static const char *
one_line(void *ctx, struct tool_line *l)
{
	struct reading *r = ctx;
	bool memory = true;
	const char *why = cmprun_line(r->run, r->reader, l->text, l->len, &l->column, &memory);

	if (!memory)
		out_of_memory();
	return why;
}

/* DIR/NAME; the caller frees it. */
static char *
inside(const char *dir, const char *name)
{
	char *path;

	if (asprintf(&path, "%s%s%s", dir, dir[strlen(dir) - 1] == '/' ? "" : "/", name) < 0)
		out_of_memory();
	return path;
}

/* A document of a run directory, or NULL when it is not there. */
static json_t *
document(const char *dir, const char *name)
{
	char *path = inside(dir, name);
	struct key_error why;
	json_t *o = NULL;

	if (access(path, F_OK) == 0 && !(o = jsonfile_load(path, &why)))
		tool_die(TOOL_USAGE, "%s", why.text);
	free(path);
	return o;
}

static void
read_documents(struct comparable_run *known, const char *dir)
{
	known->run = document(dir, "run.json");
	known->runsum = document(dir, "runsum.json");
	known->workload = document(dir, "workload.json");
	if (!known->workload)
		known->workload = json_incref(json_object_get(known->run, "workload"));
}

/* One run: a directory, or a file of metric records. */
static void
read_run(struct runcmp *c, struct cmprun *run, struct comparable_run *known, char *name)
{
	struct reading r = {run, &c->reader};
	struct stat st;
	char *records = name;

	*run = (struct cmprun){.name = name};
	*known = (struct comparable_run){.records = run};
	if (strcmp(name, "-") == 0) {
		if (c->stdin_read)
			tool_usage("-: stdin is one run, and was read already");
		c->stdin_read = true;
	} else {
		if (!*name || stat(name, &st) < 0)
			tool_die(TOOL_USAGE, "%s: no such run", name);
		known->directory = realpath(name, NULL);
		if (S_ISDIR(st.st_mode)) {
			records = inside(name, "metrics.jsonl");
			if (access(records, F_OK) < 0)
				tool_die(TOOL_USAGE, "%s: not there: is %s a run directory?  "
					"results.sh --run-dir makes it of its responses", records, name);
			read_documents(known, name);
		}
	}
	c->status = worst(c->status, tool_lines(1, &records, one_line, &r));
	if (c->status == TOOL_RESOURCE || c->status == TOOL_USAGE)
		exit(tool_finish(c->status)); /* said already */
	if (records != name)
		free(records);
	if (!cmprun_settle(run, c->wanted.fields))
		out_of_memory();
}

/* The runs of one operand: a list, unless a file has that very name. */
static struct side
read_side(struct runcmp *c, char *operand, size_t number, bool replicates)
{
	struct side s = {{NULL, 0, NULL}, NULL};
	size_t n = 1;

	if (access(operand, F_OK) < 0)
		for (const char *p = operand; *p; p++)
			n += *p == ',';
	s.figures.run = tool_grow(NULL, n, sizeof *s.figures.run);
	s.known = tool_grow(NULL, n, sizeof *s.known);
	for (size_t i = 0; i < n; i++) {
		char *end = i + 1 < n ? strchr(operand, ',') : NULL;

		if (end)
			*end = '\0';
		read_run(c, &s.figures.run[i], &s.known[i], operand);
		for (size_t k = 0; k < i; k++)
			if (s.known[i].directory && s.known[k].directory && strcmp(s.known[i].directory, s.known[k].directory) == 0)
				tool_usage("%s: given twice on one side", operand);
		operand = end ? end + 1 : operand;
	}
	s.figures.runs = n;
	if (!cmpside_settle(&s.figures, &c->wanted, seed_item(seed_stream(c->seed, "runcmp"), number),
			replicates ? c->replicates : 0))
		out_of_memory();
	return s;
}

static void
free_side(const struct runcmp *c, struct side *s)
{
	for (size_t i = 0; i < s->figures.runs; i++) {
		free(s->known[i].directory);
		json_decref(s->known[i].run);
		json_decref(s->known[i].workload);
		json_decref(s->known[i].runsum);
	}
	free(s->known);
	cmpside_free(&s->figures, &c->wanted);
}

/* Every run against every other one, also those of one side: its runs stand for the same thing. */
static struct comparable
check(const struct side *a, const struct side *b)
{
	struct comparable c = {0};

	for (size_t i = 0; i < a->figures.runs; i++)
		for (size_t k = 0; k < b->figures.runs; k++)
			comparable_check(&c, &a->known[i], &b->known[k]);
	for (size_t i = 1; i < a->figures.runs; i++)
		comparable_check(&c, &a->known[0], &a->known[i]);
	for (size_t k = 1; k < b->figures.runs; k++)
		comparable_check(&c, &b->known[0], &b->known[k]);
	return c;
}

static bool
coloured(void)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
}

static void
compare(struct runcmp *c, const struct side *a, const struct side *b, bool first)
{
	struct comparable against = check(a, b);
	struct comparison made;
	bool allowed = true, forced = false;
	struct comparison_text text = {.wanted = &c->wanted, .a = &a->figures, .b = &b->figures, .comparable = &against,
		.comparison = &made, .ci = c->ci, .seed = c->seed, .replicates = c->replicates,
		.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0, .colour = coloured()};

	for (size_t i = 0; i < COMPARABLE_CODES; i++) {
		allowed &= !*against.reason[i] || c->forced[i];
		forced |= *against.reason[i] && c->forced[i];
	}
	text.forced = forced;
	if (!comparison_make(&made, &c->wanted, &a->figures, &b->figures, c->ci / 100, allowed))
		out_of_memory();
	if (c->table) {
		if (!first)
			putchar('\n');
		comparison_show(stdout, &text);
	} else {
		comparison_put(stdout, &text);
	}
	if (made.regression || made.verdict == VERDICT_CANNOT)
		c->status = worst(c->status, TOOL_BOUND);
	comparison_free(&made);
}

static void
set_forced(struct runcmp *c, char *list)
{
	if (!list)
		for (size_t i = 0; i < COMPARABLE_CODES; i++)
			c->forced[i] = true;
	for (char *item; (item = strsep(&list, ","));) {
		const char *near = nearest(item, comparable_names);
		size_t i = 0;

		while (comparable_names[i] && strcmp(comparable_names[i], item) != 0)
			i++;
		if (!comparable_names[i])
			tool_usage("--force: %s: no such reason%s%s%s", item, near ? " (did you mean " : "", near ? near : "",
				near ? "?)" : "");
		c->forced[i] = true;
	}
}

static void
add_slo(struct runcmp *c, char *text)
{
	const char *number, *why;

	if (c->reader.slos == OUTCOME_SLOS)
		tool_usage("--slo: more than %d", OUTCOME_SLOS);
	if ((why = slo_parse(&c->slo[c->reader.slos], text, &number)))
		tool_usage("--slo: %s: %s", text, why);
	c->slo[c->reader.slos++].bound = tool_number("--slo", number, -DBL_MAX, DBL_MAX);
}

/* What is compared, now that all options are known. */
static void
set_figures(struct runcmp *c, char *metrics, char *stats, char **tolerances, size_t n)
{
	static char goodput[] = "goodput.ratio";
	bool named = metrics;
	static char usual[] = "ttft_ms,itl_ms,e2e_ms,slot.output_tps,rate.output_tps,requests.success_ratio";
	struct key_error why;
	const char *reason;
	size_t field;

	if (!figure_stats(&c->wanted, stats, &why))
		tool_usage("--stats: %s", why.text);
	if (!figure_add(&c->wanted, named ? metrics : usual, &why))
		tool_usage("--metrics: %s", why.text);
	if (!named && c->reader.slos > 0)
		figure_add(&c->wanted, goodput, &why);
	for (size_t i = 0; i < c->wanted.n && c->reader.slos == 0; i++)
		if (strncmp(c->wanted.figure[i].name, "goodput.", 8) == 0)
			tool_usage("--metrics: %s: what is good?  Say --slo FIELD=X", c->wanted.figure[i].name);
	for (size_t i = 0; i < n; i++)
		if (!figure_tolerance(&c->wanted, tolerances[i], &why))
			tool_usage("--tolerance: %s", why.text);
	if ((reason = cmprun_paths(&c->reader, &c->wanted, &field)))
		tool_usage("--metrics: %s: %s", c->wanted.field[field], reason);
}

static void
options(struct runcmp *c, int argc, char **argv)
{
	enum { STATS = 256, TOLERANCE, SLO, FORCE, CI, RESAMPLES, SEED };
	static const struct option longs[] = {
		{"metrics", required_argument, NULL, 'm'},
		{"table", no_argument, NULL, 't'},
		{"stats", required_argument, NULL, STATS},
		{"tolerance", required_argument, NULL, TOLERANCE},
		{"slo", required_argument, NULL, SLO},
		{"force", optional_argument, NULL, FORCE},
		{"ci", required_argument, NULL, CI},
		{"resamples", required_argument, NULL, RESAMPLES},
		{"seed", required_argument, NULL, SEED},
		{0},
	};
	static char usual[] = "mean,p50,p99,rank";
	char **tolerances = tool_grow(NULL, (size_t)argc, sizeof *tolerances), *metrics = NULL, *stats = usual;
	size_t n = 0;
	int o;

	while ((o = tool_option(argc, argv, "m:t", longs)) != -1)
		switch (o) {
		case 'm': metrics = optarg; break;
		case 't': c->table = true; break;
		case STATS: stats = optarg; break;
		case TOLERANCE: tolerances[n++] = optarg; break;
		case SLO: add_slo(c, optarg); break;
		case FORCE: set_forced(c, optarg); break;
		case CI: c->ci = tool_number("--ci", optarg, 80, 99.99); break;
		case RESAMPLES: c->replicates = (size_t)tool_count("--resamples", optarg, 100, 1000000); break;
		case SEED: c->seed = (uint64_t)tool_count("--seed", optarg, 0, INT64_MAX); break;
		}
	if (argc - optind < 2)
		tool_usage("%s: two runs at least: the baseline, and what is compared with it",
			optind < argc ? argv[optind] : "no run given");
	set_figures(c, metrics, stats, tolerances, n);
	free(tolerances);
}

/* A bound on a field that nobody has: no request is good then, on any side. */
static void
warn_of_unseen(const struct runcmp *c)
{
	for (size_t i = 0; i < c->reader.slos; i++)
		if (!c->slo[i].seen)
			tool_warn("--slo: %s: no ok request has a value of it", c->slo[i].field);
}

int
main(int argc, char **argv)
{
	static struct runcmp c = {.ci = 95, .replicates = 2000};
	struct side a;

	tool_start(&self);
	setlocale(LC_CTYPE, "");
	c.reader.slo = c.slo;
	options(&c, argc, argv);
	a = read_side(&c, argv[optind], 0, true);
	for (int i = optind + 1; i < argc; i++) {
		struct side b = read_side(&c, argv[i], (size_t)(i - optind), a.figures.runs == 1);

		compare(&c, &a, &b, i == optind + 1);
		free_side(&c, &b);
	}
	free_side(&c, &a);
	warn_of_unseen(&c);
	return tool_finish(c.status);
}
