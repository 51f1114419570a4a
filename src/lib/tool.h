/* tool: what every program here shares: its name in messages, its options, the loop over
 * its input lines, the end of its streams.  The one module that prints and exits.
 *
 * A program is:	main() { tool_start(&t); options with tool_option(); tool_lines(); return tool_finish(status); } */
#ifndef TOOL_H
#define TOOL_H

#include <getopt.h>
#include <stddef.h>
#include <stdint.h>

enum tool_status {
	TOOL_OK = 0,
	TOOL_BAD = 1,          /* ran to the end, but some records were bad */
	TOOL_USAGE = 2,        /* usage or configuration */
	TOOL_NETWORK = 3,
	TOOL_RESOURCE = 4,     /* memory, disk, file descriptors */
	TOOL_BOUND = 5,        /* a bound, an SLO or a comparison failed */
	TOOL_INTERRUPTED = 130
};

struct tool {
	const char *name;
	const char *usage; /* "[-t] [-g KEYS] FIELD... [FILE...]": the SYNOPSIS without the name */
	const char *help;  /* what -h prints below the usage line: one line an option */
};

void tool_start(const struct tool *t);
/* "name: " and the message on stderr; the caller's format names the object and the reason. */
void tool_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void tool_die(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same, then the usage line; exit 2. */
_Noreturn void tool_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The next option, as getopt_long(3) gives it, -1 at the end.  -h, --help, -V, --version
 * and --max-line are dealt with here (longs need not list them; shorts must not hold h or V);
 * an unknown option names the nearest one and exits 2.  longs ends with a zero entry. */
int tool_option(int argc, char **argv, const char *shorts, const struct option *longs);
/* Values of options; on a bad one "name: --requests: abc: not a number", exit 2. */
int64_t tool_count(const char *option, const char *text, int64_t min, int64_t max);
int64_t tool_duration(const char *option, const char *text, int64_t min_us, int64_t max_us);
double tool_number(const char *option, const char *text, double min, double max);
size_t tool_max_line(void); /* --max-line, or 64 MiB */

/* Memory or exit 4.  n * size is overflow-checked; tool_grow(NULL, …) allocates. */
void *tool_grow(void *p, size_t n, size_t size);

struct tool_line {
	const char *file; /* "<stdin>" for standard input */
	size_t number;
	char *text; /* len bytes and a NUL; the callee may write to it */
	size_t len;
	size_t column; /* out: where the line is bad, from 1; 0: unknown */
};

/* Feed each line that is not blank of the files (of stdin when there are none; "-" is stdin) to fn,
 * which returns NULL, or the reason why the line is bad: that is then reported as
 * "name: file:line[:column]: reason" and remembered.  stdout is flushed before reading
 * blocks.  A file that cannot be read is reported and the others are still read.
 * Returns TOOL_OK, TOOL_BAD, TOOL_USAGE (a file is missing, or a directory), TOOL_RESOURCE
 * (a read failed) or TOOL_INTERRUPTED (see tool_drain()).  Stops early when stdout cannot be
 * written: tool_finish() says why. */
int tool_lines(int n, char **files, const char *(*fn)(void *ctx, struct tool_line *l), void *ctx);
/* Have a filter that says something at the end of its input say it after a signal too: the first
 * SIGINT lets the input end by itself (Ctrl-C reaches a whole pipe), a second one or a SIGTERM
 * ends tool_lines() with TOOL_INTERRUPTED at the next read. */
void tool_drain(void);
/* Report a bad line the way tool_lines() does. */
void tool_bad_line(const struct tool_line *l, const char *why);

/* Flush and close stdout.  Returns status, or TOOL_RESOURCE after a message when a write
 * failed.  A reader that went away ends the program quietly by SIGPIPE instead. */
int tool_finish(int status);

#endif
