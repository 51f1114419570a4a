/* tokview: shows a run as it goes, on stderr; response records pass through untouched.
 *
 * What comes in is written to stdout byte by byte and only looked at besides.  With
 * --progress the sender's once-a-second records are read as well; with --follow the
 * response records come from a file that grows, until the progress stream has ended.
 * The screen shows the records' own times, so a pause in reading changes no number. */
#include "lib/clock.h"
#include "lib/live.h"
#include "lib/split.h"
#include "lib/tool.h"
#include "lib/view.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE ((size_t)64 << 10)
#define FRAME_US 100000   /* between two screens of a terminal */
#define LINE_US 5000000   /* between two plain lines, at least */
#define FOLLOW_MS 100     /* between two looks at a file that grows */

static volatile sig_atomic_t signals; /* SIGINTs seen; a SIGTERM counts as two */

struct tokview;

struct source {
	const char *name;
	int fd; /* -1: not open (yet, or any more) */
	bool over;
	off_t at; /* followed files: bytes read so far */
	struct split lines;
	const char *(*fold)(struct tokview *w, const char *text, size_t len, size_t *column);
	struct tokview *w;
};

struct tokview {
	struct source records, progress;
	char **files; /* the operands that are still to be read */
	int n_files;
	bool follow, with_progress, tty, drawn, changed;
	struct view view;
	struct live live;
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
		fputs("\r\033[1A\033[J", stderr);
	w->drawn = false;
}

static void
draw(struct tokview *w)
{
	char text[VIEW_SIZE];
	struct winsize ws;

	if (w->tty) {
		w->view.width = ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col ? ws.ws_col : 80;
		w->view.width = w->view.width < 40 ? 40 : w->view.width > 500 ? 500 : w->view.width;
		view_screen(text, &w->view, &w->live);
		fprintf(stderr, "%s%s", w->drawn ? "\r\033[1A" : "\r", text);
		w->drawn = true;
	} else {
		view_line(text, &w->view, &w->live);
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

static void
on_line(void *ctx, const struct split *s, const char *text, size_t len)
{
	struct source *src = ctx;
	struct tool_line l = {.file = src->name, .number = s->number};
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

static void
close_source(struct source *src)
{
	split_end(&src->lines, on_line, src);
	if (src->fd > STDIN_FILENO)
		close(src->fd);
	src->fd = -1;
}

/* Straight to the descriptor: whoever reads on sees a record as soon as it is here. */
static void
pass_on(struct tokview *w, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(STDOUT_FILENO, p, n);

		if (k < 0 && errno != EINTR) {
			clear_screen(w);
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
	static char buf[READ_SIZE];
	ssize_t n = read(src->fd, buf, sizeof buf);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return errno == EINTR;
	if (n < 0) {
		clear_screen(src->w);
		tool_warn("%s: %s", src->name, strerror(errno));
		worse(src->w, errno == EISDIR ? TOOL_USAGE : TOOL_RESOURCE);
	}
	if (n <= 0)
		return false;
	src->at += n;
	if (pass)
		pass_on(src->w, buf, (size_t)n);
	if (!split_feed(&src->lines, buf, (size_t)n, on_line, src))
		tool_die(TOOL_RESOURCE, "out of memory");
	return true;
}

/* Open the next operand; records.over when there is none. */
static void
next_file(struct tokview *w)
{
	struct source *r = &w->records;

	for (; w->n_files > 0 && r->fd < 0; w->files++, w->n_files--) {
		bool standard = strcmp(*w->files, "-") == 0;

		r->name = standard ? "<stdin>" : *w->files;
		r->fd = standard ? STDIN_FILENO : open(*w->files, O_RDONLY | O_CLOEXEC);
		r->lines = (struct split){.max_line = tool_max_line()};
		if (r->fd >= 0)
			continue;
		clear_screen(w);
		tool_warn("%s: %s", r->name, strerror(errno));
		worse(w, TOOL_USAGE);
	}
	r->over = r->fd < 0;
}

/* A file that was replaced (a resume compacts it) is read again from its start. */
static void
follow(struct tokview *w)
{
	struct source *r = &w->records;
	struct stat there, ours;

	if (r->fd >= 0 && stat(r->name, &there) == 0 && fstat(r->fd, &ours) == 0 &&
	    (there.st_ino != ours.st_ino || there.st_dev != ours.st_dev || there.st_size < r->at)) {
		close_source(r);
		w->live = (struct live){0};
	}
	if (r->fd < 0) {
		r->fd = open(r->name, O_RDONLY | O_CLOEXEC);
		r->lines = (struct split){.max_line = tool_max_line()};
		r->at = 0;
	}
	while (r->fd >= 0 && signals < 2 && take(r, true))
		tick(w);
	if (!w->progress.over)
		return;
	if (r->fd < 0) {
		clear_screen(w);
		tool_warn("%s: %s", r->name, strerror(errno));
		worse(w, TOOL_USAGE);
	}
	r->over = true;
}

/* Wait for either input, or for the time of the next screen. */
static void
step(struct tokview *w)
{
	struct pollfd fds[2] = {
		{.fd = w->follow ? -1 : w->records.fd, .events = POLLIN},
		{.fd = w->progress.fd, .events = POLLIN},
	};
	int wait_ms = w->follow || w->tty ? FOLLOW_MS : 1000;

	if (poll(fds, 2, w->follow && w->progress.over ? 0 : wait_ms) < 0)
		return; /* interrupted */
	if (fds[1].revents && !take(&w->progress, false)) {
		close_source(&w->progress);
		w->progress.over = true;
	}
	if (w->follow) {
		follow(w);
	} else if (fds[0].revents && !take(&w->records, true)) {
		close_source(&w->records);
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
	if (w->records.fd >= 0)
		close_source(&w->records);
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
	w->progress = (struct source){.fd = -1, .over = true, .fold = fold_progress, .w = w};
	if (!file)
		return;
	w->progress.name = strcmp(file, "-") == 0 ? "<stdin>" : file;
	w->progress.fd = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	w->progress.lines.max_line = tool_max_line();
	w->progress.over = w->progress.fd < 0;
	if (w->progress.fd >= 0)
		return;
	tool_warn("%s: %s", file, strerror(errno));
	worse(w, TOOL_USAGE);
}

static const struct tool self = {
	"tokview",
	"[--plain] [-n REQUESTS] [--progress FILE] [--follow FILE | FILE...]",
	"  -n, --requests N     how many requests there will be: gives a bar and an ETA\n"
	"      --progress FILE  sendreq's progress records (-: stdin)\n"
	"      --follow FILE    response records from a file that grows, until the progress ends\n"
	"      --plain          one plain line now and then, also on a terminal\n",
};
enum { OPT_PROGRESS = 256, OPT_FOLLOW, OPT_PLAIN };
static const struct option longs[] = {
	{"requests", required_argument, NULL, 'n'},
	{"progress", required_argument, NULL, OPT_PROGRESS},
	{"follow", required_argument, NULL, OPT_FOLLOW},
	{"plain", no_argument, NULL, OPT_PLAIN},
	{0},
};

int
main(int argc, char **argv)
{
	static char standard[] = "-", *just_stdin[] = {standard};
	struct tokview w = {.records = {.fd = -1, .fold = fold_response}};
	const char *progress = NULL;
	bool plain = false;
	int c;

	tool_start(&self);
	while ((c = tool_option(argc, argv, "n:", longs)) != -1)
		switch (c) {
		case 'n': w.view.total = tool_count("--requests", optarg, 1, INT64_MAX / 1000); break;
		case OPT_PROGRESS: progress = optarg; break;
		case OPT_FOLLOW: w.records.name = optarg; break;
		case OPT_PLAIN: plain = true; break;
		}
	w.files = argv + optind;
	w.n_files = argc - optind;
	w.follow = w.records.name;
	if (w.follow && (!progress || w.n_files))
		tool_usage("--follow: needs %s", progress ? "no other FILE beside it" : "--progress, whose end is the run's");
	if (!w.follow && w.n_files == 0) {
		w.files = just_stdin;
		w.n_files = 1;
		if (progress && strcmp(progress, "-") == 0)
			tool_usage("--progress -: the response records would come from stdin too; give --follow FILE");
	}
	w.records.w = &w;
	open_progress(&w, progress);
	look_at_terminal(&w, plain);
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	watch(&w);
	response_room_free(&w.room);
	return tool_finish(signals > 1 ? TOOL_INTERRUPTED : w.status);
}
