/* tokview: shows a run as it goes, on stderr; response records pass through untouched.
 *
 * What comes in is written to stdout byte by byte and only looked at besides.  With
 * --progress the sender's once-a-second records are read as well, with -g the telemetry; with
 * --follow the response records come from a file that grows, until the progress stream has ended.
 * The screen shows the records' own times, so a pause in reading changes no number. */
#include "lib/clock.h"
#include "lib/gauges.h"
#include "lib/live.h"
#include "lib/tail.h"
#include "lib/tool.h"
#include "lib/view.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FRAME_US 100000   /* between two screens of a terminal */
#define LINE_US 5000000   /* between two plain lines, at least */
#define FOLLOW_MS 100     /* between two looks at a file that grows */

static volatile sig_atomic_t signals; /* SIGINTs seen; a SIGTERM counts as two */

struct tokview;

struct source {
	struct tail tail;
	bool over;
	const char *(*fold)(struct tokview *w, const char *text, size_t len, size_t *column);
	struct tokview *w;
};

struct tokview {
	struct source records, progress, telemetry;
	char **files; /* the operands that are still to be read */
	int n_files;
	bool follow, tty, changed;
	unsigned drawn; /* lines that are on the screen */
	struct view view;
	struct live live;
	struct gauges gauges;
	struct response_room room;
	struct clock clock;
	int64_t first_us, next_us; /* when the display was begun and when it is due again */
	int status;
};

static void
on_signal(int sig)
{
	signals += sig == SIGTERM ? 2 : 1;
}

static void
worse(struct tokview *w, int status)
{
	if (status > w->status)
		w->status = status;
}

/* Make room for a message: the screen is drawn anew below it. */
static void
clear_screen(struct tokview *w)
{
	if (w->drawn)
		fprintf(stderr, "\r\033[%uA\033[J", w->drawn - 1);
	w->drawn = 0;
}

static void
draw(struct tokview *w)
{
	int64_t now_us = w->live.progress && w->live.t_us > w->gauges.t_us ? w->live.t_us : w->gauges.t_us;
	struct gauges_sum gauges = gauges_at(&w->gauges, now_us);
	char text[VIEW_SIZE];
	struct winsize ws;

	if (w->tty) {
		w->view.width = ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col ? ws.ws_col : 80;
		w->view.width = w->view.width < 40 ? 40 : w->view.width > 500 ? 500 : w->view.width;
		if (w->drawn)
			fprintf(stderr, "\r\033[%uA", w->drawn - 1);
		w->drawn = view_screen(text, &w->view, &w->live, &gauges);
		fprintf(stderr, "\r%s", text);
	} else {
		view_line(text, &w->view, &w->live, &gauges);
		fprintf(stderr, "tokview: %s\n", text);
	}
	fflush(stderr);
	w->changed = false;
}

/* Plain lines come ever more slowly: a night's run leaves a screenful in a log. */
static void
tick(struct tokview *w)
{
	int64_t now = clock_us(&w->clock), pause = (now - w->first_us) / 20;

	if (now < w->next_us || (w->tty && !w->changed))
		return;
	draw(w);
	w->next_us = now + (w->tty ? FRAME_US : pause > LINE_US ? pause : LINE_US);
}

static const char *
fold_response(struct tokview *w, const char *text, size_t len, size_t *column)
{
	struct response r;
	const char *why;

	if (!response_room(&w->room, len))
		tool_die(TOOL_RESOURCE, "out of memory");
	why = response_read(&r, text, len, w->room.ev_us, w->room.rest, column);
	return why ? why : live_response(&w->live, &r);
}

static const char *
fold_progress(struct tokview *w, const char *text, size_t len, size_t *column)
{
	struct progress p;
	const char *why = progress_read(&p, text, len, column);

	if (!why)
		live_progress(&w->live, &p);
	return why;
}

static const char *
fold_telemetry(struct tokview *w, const char *text, size_t len, size_t *column)
{
	return gauges_record(&w->gauges, text, len, column);
}

static void
on_line(void *ctx, const struct split *s, const char *text, size_t len)
{
	struct source *src = ctx;
	struct tool_line l = {.file = src->tail.name, .number = s->number};
	const char *why = NULL;
	size_t blank = 0;

	while (blank < len && strchr(" \t\r", text[blank]) && text[blank])
		blank++;
	if (s->too_long)
		why = "longer than --max-line";
	else if (blank < len)
		why = src->fold(src->w, text, len, &l.column);
	src->w->changed = true;
	if (!why)
		return;
	clear_screen(src->w);
	tool_bad_line(&l, why);
	worse(src->w, TOOL_BAD);
}

/* Straight to the descriptor: whoever reads on sees a record as soon as it is here. */
static void
pass_on(void *ctx, const char *p, size_t n)
{
	struct source *src = ctx;

	while (n > 0) {
		ssize_t k = write(STDOUT_FILENO, p, n);

		if (k < 0 && errno != EINTR) {
			clear_screen(src->w);
			tool_die(TOOL_RESOURCE, "<stdout>: %s", strerror(errno));
		}
		p += k > 0 ? k : 0;
		n -= k > 0 ? (size_t)k : 0;
	}
}

/* One read.  False at the end of what is there. */
static bool
take(struct source *src, bool pass)
{
	enum tail_status got = tail_read(&src->tail, pass ? pass_on : NULL, on_line, src);

	if (got == TAIL_MEMORY)
		tool_die(TOOL_RESOURCE, "out of memory");
	if (got == TAIL_ERROR) {
		clear_screen(src->w);
		tool_warn("%s: %s", src->tail.name, strerror(errno));
		worse(src->w, errno == EISDIR ? TOOL_USAGE : TOOL_RESOURCE);
		src->over = true;
	}
	return got == TAIL_SOME;
}

/* Open it; a file that cannot be opened is reported. */
static void
open_source(struct source *src, const char *name)
{
	if (strcmp(name, "-") == 0) {
		src->tail = (struct tail){.name = "<stdin>", .fd = STDIN_FILENO, .lines = {.max_line = tool_max_line()}};
	} else if (!tail_open(&src->tail, name, tool_max_line(), true)) {
		clear_screen(src->w);
		tool_warn("%s: %s", name, strerror(errno));
		worse(src->w, TOOL_USAGE);
	}
}

/* Open the next operand; records.over when there is none. */
static void
next_file(struct tokview *w)
{
	for (; w->n_files > 0 && w->records.tail.fd < 0; w->files++, w->n_files--)
		open_source(&w->records, *w->files);
	w->records.over = w->records.tail.fd < 0;
}

/* A file that was replaced (a resume compacts it) is read again from its start. */
static void
follow(struct tokview *w)
{
	struct source *r = &w->records;

	if (tail_replaced(&r->tail)) {
		tail_close(&r->tail, on_line, r);
		w->live = (struct live){0};
	}
	if (r->tail.fd < 0)
		tail_open(&r->tail, r->tail.name, tool_max_line(), true);
	while (r->tail.fd >= 0 && signals < 2 && take(r, true))
		tick(w);
	if (!w->progress.over)
		return;
	if (r->tail.fd < 0) {
		clear_screen(w);
		tool_warn("%s: %s", r->tail.name, strerror(errno));
		worse(w, TOOL_USAGE);
	}
	r->over = true;
}

/* What is new in the telemetry, which may not be there yet, or never. */
static void
look_at_gauges(struct tokview *w)
{
	struct source *t = &w->telemetry;

	if (!t->tail.name || t->over)
		return;
	if (tail_replaced(&t->tail)) {
		tail_close(&t->tail, NULL, NULL);
		w->gauges = (struct gauges){0};
	}
	if (t->tail.fd < 0 && !tail_open(&t->tail, t->tail.name, tool_max_line(), false) && errno != ENOENT) {
		open_source(t, t->tail.name); /* says why */
		t->over = true;
	}
	while (t->tail.fd >= 0 && signals < 2 && take(t, false))
		;
}

/* Wait for either input, or for the time of the next screen. */
static void
step(struct tokview *w)
{
	struct pollfd fds[2] = {
		{.fd = w->follow ? -1 : w->records.tail.fd, .events = POLLIN},
		{.fd = w->progress.tail.fd, .events = POLLIN},
	};
	int wait_ms = w->follow || w->tty ? FOLLOW_MS : 1000;

	if (poll(fds, 2, w->follow && w->progress.over ? 0 : wait_ms) < 0)
		return; /* interrupted */
	look_at_gauges(w);
	if (fds[1].revents && !take(&w->progress, false)) {
		tail_close(&w->progress.tail, on_line, &w->progress);
		w->progress.over = true;
	}
	if (w->follow) {
		follow(w);
	} else if (fds[0].revents && !take(&w->records, true)) {
		tail_close(&w->records.tail, on_line, &w->records);
		next_file(w);
	}
}

static void
watch(struct tokview *w)
{
	w->clock = clock_start();
	w->first_us = clock_us(&w->clock);
	w->next_us = w->first_us + (w->tty ? 0 : LINE_US);
	if (!w->follow)
		next_file(w);
	while (!w->records.over && signals < 2) {
		step(w);
		tick(w);
	}
	if (w->records.tail.fd >= 0)
		tail_close(&w->records.tail, on_line, &w->records);
	if (w->telemetry.tail.fd >= 0)
		tail_close(&w->telemetry.tail, NULL, NULL); /* half a line is one that is being written */
	live_end(&w->live);
	w->view.final = true;
	draw(w);
	if (w->tty)
		fputc('\n', stderr);
}

static void
look_at_terminal(struct tokview *w, bool plain)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	setlocale(LC_CTYPE, "");
	w->view.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	w->tty = !plain && isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
	w->view.color = w->tty && !(no_color && *no_color);
}

static void
open_progress(struct tokview *w, const char *file)
{
	w->progress.over = true;
	if (!file)
		return;
	open_source(&w->progress, file);
	w->progress.over = w->progress.tail.fd < 0;
}

static const struct tool self = {
	"tokview",
	"[--plain] [-n REQUESTS] [-g TELEMETRY] [--progress FILE] [--follow FILE | FILE...]",
	"  -n, --requests N     how many requests there will be: gives a bar and an ETA\n"
	"      --progress FILE  sendreq's progress records (-: stdin)\n"
	"  -g, --telemetry FILE gpusample's records, as they come: GPUs and the engine's queue\n"
	"      --follow FILE    response records from a file that grows, until the progress ends\n"
	"      --plain          one plain line now and then, also on a terminal\n",
};
enum { OPT_PROGRESS = 256, OPT_FOLLOW, OPT_PLAIN };
static const struct option longs[] = {
	{"requests", required_argument, NULL, 'n'},
	{"progress", required_argument, NULL, OPT_PROGRESS},
	{"telemetry", required_argument, NULL, 'g'},
	{"follow", required_argument, NULL, OPT_FOLLOW},
	{"plain", no_argument, NULL, OPT_PLAIN},
	{0},
};

int
main(int argc, char **argv)
{
	static char standard[] = "-", *just_stdin[] = {standard};
	static struct tokview w = {.records = {.tail = {.fd = -1}, .fold = fold_response, .w = &w},
		.progress = {.tail = {.fd = -1}, .fold = fold_progress, .w = &w},
		.telemetry = {.tail = {.fd = -1}, .fold = fold_telemetry, .w = &w}};
	const char *progress = NULL;
	bool plain = false;
	int c;

	tool_start(&self);
	while ((c = tool_option(argc, argv, "g:n:", longs)) != -1)
		switch (c) {
		case 'n': w.view.total = tool_count("--requests", optarg, 1, INT64_MAX / 1000); break;
		case OPT_PROGRESS: progress = optarg; break;
		case 'g': w.telemetry.tail.name = optarg; break;
		case OPT_FOLLOW: w.records.tail.name = optarg; break;
		case OPT_PLAIN: plain = true; break;
		}
	w.files = argv + optind;
	w.n_files = argc - optind;
	w.follow = w.records.tail.name;
	if (w.follow && (!progress || w.n_files))
		tool_usage("--follow: needs %s", progress ? "no other FILE beside it" : "--progress, whose end is the run's");
	if (!w.follow && w.n_files == 0) {
		w.files = just_stdin;
		w.n_files = 1;
		if (progress && strcmp(progress, "-") == 0)
			tool_usage("--progress -: the response records would come from stdin too; give --follow FILE");
	}
	open_progress(&w, progress);
	look_at_terminal(&w, plain);
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	watch(&w);
	response_room_free(&w.room);
	return tool_finish(signals > 1 ? TOOL_INTERRUPTED : w.status);
}
