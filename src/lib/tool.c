/* tool: see tool.h. */
#include "tool.h"

#include "jsonl.h"
#include "nearest.h"
#include "units.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_MAX_LINE = 1000 };

static const struct option common[] = {
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{"max-line", required_argument, NULL, OPT_MAX_LINE},
};
#define N_COMMON (sizeof common / sizeof *common)
#define MAX_OPTIONS 100

static const struct tool *tool;
static size_t max_line = JSONL_MAX_LINE;
static int out_errno; /* why writing to stdout first failed, or 0 */

void
tool_start(const struct tool *t)
{
	tool = t;
	/* A closed standard descriptor would be handed to the next file or socket. */
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			_exit(TOOL_RESOURCE); /* opened the wrong way round: use of it fails, as on a closed one */
}

static void
message(const char *fmt, va_list ap)
{
	fflush(stdout); /* keep the order on a terminal */
	fprintf(stderr, "%s: ", tool->name);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

void
tool_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
}

void
tool_die(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
	exit(tool_finish(status));
}

void
tool_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
	fprintf(stderr, "usage: %s %s\n", tool->name, tool->usage);
	exit(TOOL_USAGE);
}

static void
print_help(void)
{
	printf("usage: %s %s\n%s", tool->name, tool->usage, tool->help);
	printf("  --max-line BYTES     longest line that is read (64 MiB)\n"
	       "  -h, --help           print this help\n"
	       "  -V, --version        print the version\n");
	exit(tool_finish(TOOL_OK));
}

/* The long options of this program and the common ones, in one array. */
static const struct option *
all_options(const struct option *longs)
{
	static struct option all[MAX_OPTIONS];
	size_t n = 0;

	if (all[0].name)
		return all;
	for (; longs[n].name && n < MAX_OPTIONS - N_COMMON - 1; n++)
		all[n] = longs[n];
	memcpy(all + n, common, sizeof common);
	return all;
}

static _Noreturn void
unknown_option(char **argv, const char *shorts, const struct option *all)
{
	const char *word = argv[optind - 1], *names[MAX_OPTIONS], *near;
	size_t n = 0;

	if (optopt > 0 && optopt < 128 && !strchr(shorts, optopt)) /* it may stand in the middle of a word */
		tool_usage("-%c: unknown option", optopt);
	for (; all[n].name; n++)
		names[n] = all[n].name;
	names[n] = NULL;
	near = nearest(word + 2, names);
	tool_usage("%s: unknown option%s%s%s", word, near ? " (did you mean --" : "", near ? near : "", near ? "?)" : "");
}

int
tool_option(int argc, char **argv, const char *shorts, const struct option *longs)
{
	const struct option *all = all_options(longs);
	char with_common[128];
	int c;

	snprintf(with_common, sizeof with_common, ":hV%s", shorts);
	opterr = 0;
	for (;;) {
		switch (c = getopt_long(argc, argv, with_common, all, NULL)) {
		case 'h': print_help(); break;
		case 'V':
			printf("%s (tokpipe) " VERSION "\n", tool->name);
			exit(tool_finish(TOOL_OK));
		case OPT_MAX_LINE:
			max_line = (size_t)tool_count("--max-line", optarg, 1, (int64_t)1 << 40);
			break;
		case ':': tool_usage("%s: needs a value", argv[optind - 1]);
		case '?': unknown_option(argv, with_common, all);
		default: return c;
		}
	}
}

static void
check_value(const char *option, const char *text, const char *why)
{
	if (why)
		tool_usage("%s: %s: %s", option, text, why);
}

int64_t
tool_count(const char *option, const char *text, int64_t min, int64_t max)
{
	int64_t v = 0;

	check_value(option, text, units_count(text, min, max, &v));
	return v;
}

int64_t
tool_duration(const char *option, const char *text, int64_t min_us, int64_t max_us)
{
	int64_t v = 0;

	check_value(option, text, units_duration(text, min_us, max_us, &v));
	return v;
}

double
tool_number(const char *option, const char *text, double min, double max)
{
	double v = 0;

	check_value(option, text, units_number(text, min, max, &v));
	return v;
}

size_t
tool_max_line(void)
{
	return max_line;
}

void *
tool_grow(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) || !(p = realloc(p, bytes ? bytes : 1)))
		tool_die(TOOL_RESOURCE, "out of memory");
	return p;
}

void
tool_bad_line(const struct tool_line *l, const char *why)
{
	if (l->column)
		tool_warn("%s:%zu:%zu: %s", l->file, l->number, l->column, why);
	else
		tool_warn("%s:%zu: %s", l->file, l->number, why);
}

/* Right after something was written: keep the reason, which later calls would lose. */
static void
watch_stdout(void)
{
	if (!out_errno && ferror(stdout))
		out_errno = errno ? errno : EIO;
}

static bool draining;
static volatile sig_atomic_t signals; /* SIGINTs seen; a SIGTERM counts as two */

static void
on_signal(int number)
{
	signals = signals + (number == SIGTERM ? 2 : 1);
}

void
tool_drain(void)
{
	draining = true;
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
}

/* Wait until a read would not block; false when it is time to stop.  The timeout covers a
 * signal that comes just before poll(). */
static bool
go_on(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	while (draining && signals < 2 && poll(&p, 1, 500) <= 0)
		;
	return signals < 2;
}

static int
worse(int a, int b)
{
	return a > b ? a : b;
}

/* Most lines begin with what is no blank. */
static bool
blank(const struct tool_line *l)
{
	return l->len == 0 || (*l->text <= ' ' && strspn(l->text, " \t\r") == l->len);
}

static int
lines_of(int fd, const char *name, const char *(*fn)(void *ctx, struct tool_line *l), void *ctx)
{
	struct jsonl r;
	struct tool_line l = {.file = name};
	enum jsonl_status got;
	int status = TOOL_OK;

	jsonl_open(&r, fd, max_line);
	while (!out_errno) {
		const char *why = NULL;

		if (jsonl_empty(&r)) {
			fflush(stdout);
			watch_stdout();
			if (!go_on(fd)) {
				status = TOOL_INTERRUPTED;
				break;
			}
		}
		if ((got = jsonl_next(&r, &l.text, &l.len)) == JSONL_END)
			break;
		l.number = r.number;
		l.column = 0;
		if (got == JSONL_TOO_LONG)
			why = "longer than --max-line";
		else if (got == JSONL_LINE && !blank(&l)) {
			why = fn(ctx, &l);
			watch_stdout();
		} else if (got != JSONL_LINE) {
			status = worse(status, errno == EISDIR ? TOOL_USAGE : TOOL_RESOURCE);
			tool_warn("%s: %s", name, strerror(errno));
			break;
		}
		if (why) {
			tool_bad_line(&l, why);
			status = worse(status, TOOL_BAD);
		}
	}
	jsonl_close(&r);
	return status;
}

int
tool_lines(int n, char **files, const char *(*fn)(void *ctx, struct tool_line *l), void *ctx)
{
	int status = TOOL_OK;

	if (n == 0)
		return lines_of(STDIN_FILENO, "<stdin>", fn, ctx);
	for (int i = 0; i < n; i++) {
		int fd;

		if (strcmp(files[i], "-") == 0) {
			status = worse(status, lines_of(STDIN_FILENO, "<stdin>", fn, ctx));
		} else if ((fd = open(files[i], O_RDONLY | O_CLOEXEC)) < 0) {
			tool_warn("%s: %s", files[i], strerror(errno));
			status = worse(status, TOOL_USAGE);
		} else {
			status = worse(status, lines_of(fd, files[i], fn, ctx));
			close(fd);
		}
	}
	return status;
}

int
tool_finish(int status)
{
	watch_stdout();
	if (fflush(stdout) != 0 && !out_errno)
		out_errno = errno;
	if (fclose(stdout) != 0 && !out_errno)
		out_errno = errno;
	if (!out_errno || out_errno == EPIPE)
		return status;
	fprintf(stderr, "%s: <stdout>: %s\n", tool->name, strerror(out_errno));
	return TOOL_RESOURCE;
}
