/* pctl: reads any JSON objects, one a line, and writes one summary record per group and
 * field: count, mean, deviation, percentiles, and how far each percentile can be trusted.
 *
 * Groups are put in the order of their keys' values (null, false, true, numbers, strings, the
 * rest, as jq sorts), fields in the order typed, and no figure depends on the order of the
 * records: any split of the input into files, in any order, gives the same bytes. */
#include "lib/gather.h"
#include "lib/groups.h"
#include "lib/nearest.h"
#include "lib/path.h"
#include "lib/percents.h"
#include "lib/remarks.h"
#include "lib/show.h"
#include "lib/tool.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ID, AT, ELSE_AT, EXTRA };           /* what is looked up as well, behind keys and fields */
#define MAX_PATHS (PATH_MAX_FIND - EXTRA)

struct pctl {
	char *names[MAX_PATHS]; /* as typed: the keys, then the fields */
	struct path paths[PATH_MAX_FIND]; /* the same, then the record's id and what says its time */
	size_t n_keys, n_fields;
	struct percents percents;
	double ci;
	struct interval_bootstrap want;
	struct path_memo memo;
	struct groups groups;
	struct gather *group; /* by number */
	size_t n_groups;
	unsigned digits; /* of the sketches that are written; 0: summaries are */
	bool table, hist, bad_as_inf, quiet, numbers;
	const char *order; /* the field that puts records in the order of time; NULL: due_us, else id */
	struct remarks remarks;
	enum hist_scale scale;
	struct show show;
};

static _Noreturn void
out_of_memory(void)
{
	tool_die(TOOL_RESOURCE, "out of memory");
}

static struct gather *
find_group(struct pctl *p, const struct span *values)
{
	uint32_t n = p->n_keys == 0 && p->n_groups > 0 ? 0 : groups_find(&p->groups, values);

	if (n == GROUPS_NONE)
		out_of_memory();
	if (n == p->n_groups) {
		if ((n & (n - 1)) == 0) /* room doubles at powers of two */
			p->group = tool_grow(p->group, n ? 2 * (size_t)n : 1, sizeof *p->group);
		if (!gather_start(&p->group[p->n_groups++], p->n_fields, p->bad_as_inf, p->digits))
			out_of_memory();
	}
	return &p->group[n];
}

/* A sketch that was written by --sketch: of a field of ours, or nothing to us. */
static const char *
fold_sketch(struct pctl *p, struct tool_line *l)
{
	struct span values[MAX_PATHS];
	struct sketch_record r;
	const char *why = NULL;
	struct gather *g;
	struct scan s;

	scan_start(&s, l->text, l->len);
	if (!sketch_read(&s, &r)) {
		l->column = scan_column(&s);
		return s.why;
	}
	for (size_t i = 0; i < p->n_keys; i++)
		values[i] = sketch_key(&r, p->names[i]);
	g = find_group(p, values);
	for (size_t i = 0; i < p->n_fields && !why; i++)
		if (span_is(r.field, p->names[p->n_keys + i]))
			why = gather_sketch(g, i, &r);
	return why;
}

/* A line that is a number, where that is all that is asked for: there is nothing else to find in it. */
static bool
number(const struct tool_line *l, struct span *found)
{
	struct scan s;

	scan_start(&s, l->text, l->len);
	memset(found, 0, (1 + EXTRA) * sizeof *found);
	return scan_number(&s, found) && scan_end(&s);
}

static const char *
fold(void *ctx, struct tool_line *l)
{
	struct pctl *p = ctx;
	size_t n = p->n_keys + p->n_fields;
	struct span found[PATH_MAX_FIND];
	struct scan s;
	struct gather *g;

	if (sketch_is_record(l->text, l->len))
		return fold_sketch(p, l);
	scan_start(&s, l->text, l->len);
	if (!(p->numbers && number(l, found)) && (!path_find(&s, p->paths, n + EXTRA, found, &p->memo) || !scan_end(&s))) {
		l->column = scan_column(&s);
		return s.why;
	}
	g = find_group(p, found);
	if (g->records == GATHER_FULL)
		tool_die(TOOL_RESOURCE, "too many records in one group");
	if (!gather_take(g, found + p->n_keys, gather_key(found[n + ID], l->text, l->len), found + n + AT))
		out_of_memory();
	return NULL;
}

/* The group's name for people: its JSON without the braces. */
static void
show_group(const struct pctl *p, struct span text, bool first, struct gather *g, const struct show_row *rows)
{
	if (!first)
		putchar('\n');
	if (text.n > 2) {
		show_text(stdout, &p->show, text.s + 1, text.n - 2);
		putchar('\n');
	}
	if (p->table && !show_table(stdout, &p->show, rows, p->n_fields))
		out_of_memory();
	for (size_t i = 0; p->hist && i < p->n_fields; i++) {
		if (i || p->table)
			putchar('\n');
		if (g->fields[i].sketch && !samples_unfold(&g->fields[i]))
			out_of_memory();
		show_hist(stdout, &p->show, rows[i].field, g->fields[i].x, g->fields[i].n, p->scale);
	}
}

static void
put_sketches(struct pctl *p, struct span text, struct gather *g)
{
	for (size_t i = 0; i < p->n_fields; i++) {
		struct samples *s = &g->fields[i];

		sketch_put(stdout, text.s, p->names[p->n_keys + i], s->sketch, s->bad, s->pooled);
	}
	gather_free(g);
}

/* Summaries of one group, in the order in which the fields were typed. */
static void
flush_group(struct pctl *p, struct span text, bool first, struct gather *g)
{
	size_t n = p->want.quantiles;
	struct show_row *rows = tool_grow(NULL, p->n_fields, sizeof *rows);
	struct summary **summaries = tool_grow(NULL, p->n_fields, sizeof *summaries);
	double *quantiles = tool_grow(NULL, p->n_fields, n * sizeof *quantiles);
	struct interval *intervals = tool_grow(NULL, p->n_fields, n * sizeof *intervals);
	struct summary_labels l = {text.s, NULL, p->percents.name, p->percents.q, n, p->want.method, p->ci, p->bad_as_inf};

	for (size_t i = 0; i < p->n_fields; i++) {
		rows[i].field = p->names[p->n_keys + i];
		rows[i].summary = (struct summary){.quantile = quantiles + i * n, .interval = intervals + i * n};
		summaries[i] = &rows[i].summary;
	}
	if (!gather_summaries(g, &p->want, summaries))
		out_of_memory();
	for (size_t i = 0; i < p->n_fields; i++) {
		l.field = rows[i].field;
		remarks_take(&p->remarks, &l, &rows[i].summary);
		if (!p->table && !p->hist)
			summary_put(stdout, &l, &rows[i].summary);
	}
	if (p->table || p->hist)
		show_group(p, text, first, g, rows);
	gather_free(g);
	free(rows);
	free(summaries);
	free(quantiles);
	free(intervals);
}

static void
flush(struct pctl *p)
{
	uint32_t *order;
	bool unordered = false;

	if (p->n_keys == 0)
		find_group(p, NULL); /* something is said even when nothing came */
	if (!(order = groups_in_order(&p->groups)))
		out_of_memory();
	for (size_t i = 0; i < p->n_groups; i++) {
		struct gather *g = &p->group[order[i]];

		unordered = unordered || g->by < 0;
		if (p->digits)
			put_sketches(p, p->groups.texts.text[order[i]], g);
		else
			flush_group(p, p->groups.texts.text[order[i]], i == 0, g);
	}
	free(order);
	free(p->group);
	groups_free(&p->groups);
	remarks_end(&p->remarks);
	if (*p->remarks.few && p->table && !p->quiet) /* a record has it in itself */
		tool_warn("%s", p->remarks.few);
	if (*p->remarks.dependent && !p->quiet)
		tool_warn("%s", p->remarks.dependent);
	if (p->order && unordered && !p->quiet)
		tool_warn("--order: %s: not a number in every record, which leaves them without an order", p->order);
}

static void
add_path(struct pctl *p, const char *what, char *text)
{
	size_t n = p->n_keys + p->n_fields;
	const char *why;

	if (n == MAX_PATHS)
		tool_usage("more than %d keys and fields", MAX_PATHS);
	if ((why = path_parse(&p->paths[n], text)))
		tool_usage("%s: %s: %s", what, text, why);
	p->names[n] = text;
}

static void
set_keys(struct pctl *p, char *list)
{
	for (p->n_keys = 0; list; p->n_keys++)
		add_path(p, "--group", percents_item(&list));
}

static void
set_percentiles(struct pctl *p, char *list)
{
	const char *item, *why = percents_parse(&p->percents, list, &item);

	if (why)
		tool_usage("--percentiles: %s: %s", item, why);
	p->want.q = p->percents.q;
	p->want.quantiles = p->percents.n;
}

static enum stats_method
method(const char *name)
{
	const char *near = nearest(name, stats_methods);

	for (int i = 0; stats_methods[i]; i++)
		if (strcmp(name, stats_methods[i]) == 0)
			return (enum stats_method)i;
	tool_usage("--method: %s: unknown%s%s%s", name, near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

static const struct tool self = {
	"pctl",
	"[-qt] [--hist[=SCALE]] [-f FILE ...] [-g KEY,...] [-p PERCENTILE,...] [--bad-as-inf] [--ci PERCENT] "
	"[--method NAME] [--order FIELD] [--resamples N] [--seed N] [--sketch[=DIGITS]] FIELD ...",
	"  -f, --file FILE      read FILE (-: stdin), may be given again; without it stdin\n"
	"  -g, --group KEY,...  one summary for each combination of the keys' values\n"
	"  -p, --percentiles P,...\n"
	"                       which percentiles (50,90,95,99)\n"
	"  -q, --quiet          say nothing on stderr of too few values and of dependent ones\n"
	"  -t, --table          print a table for people instead of records\n"
	"      --bad-as-inf     a record without a usable value counts as an infinite one in percentiles\n"
	"      --hist[=SCALE]   print histograms for people; SCALE is linear or log\n"
	"      --method NAME    linear (the default), inverted_cdf, lower, higher, midpoint, nearest\n"
	"      --ci PERCENT     confidence of the percentiles' intervals (95)\n"
	"      --order FIELD    what puts the records in the order of time (due_us, else id)\n"
	"      --resamples N    replicates of the bootstrap for fields that are arrays (1000)\n"
	"      --seed N         of the bootstrap (0)\n"
	"      --sketch[=DIGITS]\n"
	"                       write counts of bins instead, off by 10^-DIGITS at most (3), in little memory;\n"
	"                       pctl reads them again, those of parts as the whole\n",
};
enum { OPT_METHOD = 256, OPT_CI, OPT_RESAMPLES, OPT_SEED, OPT_HIST, OPT_BAD_AS_INF, OPT_ORDER, OPT_SKETCH };
static const struct option longs[] = {
	{"file", required_argument, NULL, 'f'},
	{"group", required_argument, NULL, 'g'},
	{"percentiles", required_argument, NULL, 'p'},
	{"quiet", no_argument, NULL, 'q'},
	{"table", no_argument, NULL, 't'},
	{"hist", optional_argument, NULL, OPT_HIST},
	{"bad-as-inf", no_argument, NULL, OPT_BAD_AS_INF},
	{"order", required_argument, NULL, OPT_ORDER},
	{"sketch", optional_argument, NULL, OPT_SKETCH},
	{"method", required_argument, NULL, OPT_METHOD},
	{"ci", required_argument, NULL, OPT_CI},
	{"resamples", required_argument, NULL, OPT_RESAMPLES},
	{"seed", required_argument, NULL, OPT_SEED},
	{0},
};

/* The commonest slip, in a shell where stdin would be waited for. */
static void
check_field(const char *text)
{
	const char *dot = strrchr(text, '.');

	if (dot && (strcmp(dot, ".jsonl") == 0 || strcmp(dot, ".json") == 0) && access(text, F_OK) == 0)
		tool_usage("%s: is a file, not a FIELD: read it with -f (or give -f - to mean the field)", text);
}

/* The record's id, and its time. */
static void
look_up_more(struct pctl *p)
{
	struct path *extra = &p->paths[p->n_keys + p->n_fields];
	const char *why = path_parse(&extra[AT], p->order ? p->order : "due_us");

	if (why)
		tool_usage("--order: %s: %s", p->order, why);
	path_parse(&extra[ID], "id");
	path_parse(&extra[ELSE_AT], p->order ? p->order : "id");
}

static int
options(struct pctl *p, int argc, char **argv, char **files)
{
	static char percentiles[] = "50,90,95,99";
	int c, n = 0;

	set_percentiles(p, percentiles);
	while ((c = tool_option(argc, argv, "f:g:p:qt", longs)) != -1)
		switch (c) {
		case 'f': files[n++] = optarg; break;
		case 'g': set_keys(p, optarg); break;
		case 'p': set_percentiles(p, optarg); break;
		case 'q': p->quiet = true; break;
		case 't': p->table = true; break;
		case OPT_BAD_AS_INF: p->bad_as_inf = true; break;
		case OPT_ORDER: p->order = optarg; break;
		case OPT_SKETCH:
			p->digits = optarg ? (unsigned)tool_count("--sketch", optarg, 1, SKETCH_DIGITS) : 3;
			break;
		case OPT_METHOD: p->want.method = method(optarg); break;
		case OPT_CI: p->ci = tool_number("--ci", optarg, 80, 99.99); break;
		case OPT_RESAMPLES: p->want.replicates = (size_t)tool_count("--resamples", optarg, 100, 1000000); break;
		case OPT_SEED: p->want.seed = (uint64_t)tool_count("--seed", optarg, 0, INT64_MAX); break;
		case OPT_HIST:
			p->hist = true;
			if (!hist_scale_of(optarg, &p->scale))
				tool_usage("--hist: %s: unknown (linear or log)", optarg);
			break;
		}
	for (; optind < argc; optind++, p->n_fields++) {
		if (n == 0)
			check_field(argv[optind]);
		add_path(p, "FIELD", argv[optind]);
	}
	if (p->n_fields == 0)
		tool_usage("no FIELD given");
	if (p->digits && (p->table || p->hist))
		tool_usage("--sketch writes records: read them with -t or --hist");
	look_up_more(p);
	p->numbers = p->n_keys == 0 && p->n_fields == 1 && p->paths[0].depth == 0;
	return n;
}

int
main(int argc, char **argv)
{
	static struct pctl p = {.ci = 95, .want = {.replicates = 1000}};
	char **files = calloc((size_t)argc, sizeof *files);
	int n, status;

	tool_start(&self);
	if (!files)
		out_of_memory();
	n = options(&p, argc, argv, files);
	p.want.level = p.ci / 100;
	p.groups.names = p.names;
	p.groups.keys = p.n_keys;
	p.show = (struct show){p.percents.name, p.want.quantiles, p.want.level, show_columns(STDOUT_FILENO), false};
	if (setlocale(LC_CTYPE, ""))
		p.show.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	tool_drain();
	status = tool_lines(n, files, fold, &p);
	free(files);
	flush(&p);
	return tool_finish(status);
}
