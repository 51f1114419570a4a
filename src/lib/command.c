/* command: see command.h. */
#include "command.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The child gets the pipe, an empty input, and signals as a program expects them. */
static int
spawn(const char *const argv[], int to, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int code;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, to, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, to, STDERR_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	code = posix_spawnp(pid, argv[0], &files, &attributes, (char *const *)argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return code;
}

static const char late[] = "it did not end in time";

/* Until the end of what it prints; why there was none, else NULL. */
static const char *
collect(int from, const struct clock *clock, int64_t end, size_t max, struct text *out)
{
	int64_t left;
	struct pollfd p = {.fd = from, .events = POLLIN};
	char buf[4096];
	ssize_t n;

	for (;;) {
		if ((left = end - clock_us(clock)) <= 0)
			return late;
		if (poll(&p, 1, (int)(left / 1000) + 1) <= 0)
			continue;
		if ((n = read(from, buf, sizeof buf)) < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return NULL;
		if (out->n + (size_t)n > max)
			return "it printed too much";
		text_add(out, buf, (size_t)n);
	}
}

/* Wait for it: it may have closed its output and still run.  What is in trouble, or is late, is
 * killed first.  Returns the trouble. */
static const char *
reap(pid_t pid, const struct clock *clock, int64_t end, const char *trouble, int *status)
{
	pid_t got = 0;

	while (!trouble && (got = waitpid(pid, status, WNOHANG)) == 0) {
		if (clock_us(clock) >= end)
			trouble = late;
		else
			poll(NULL, 0, 1);
	}
	if (got != 0)
		return got == pid ? NULL : strerror(errno);
	kill(pid, SIGKILL);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	return trouble;
}

/* The last line that is not blank. */
static void
last_line(const struct text *out, char why[160])
{
	size_t end = out->n, from;

	while (end > 0 && strchr(" \t\r\n", out->s[end - 1]))
		end--;
	for (from = end; from > 0 && out->s[from - 1] != '\n';)
		from--;
	if (end > from)
		snprintf(why, 160, "%.*s", (int)(end - from), out->s + from);
}

const char *
command_run(const char *const argv[], int64_t timeout_us, size_t max, struct text *out, char why[160])
{
	struct clock clock = clock_start();
	int64_t end = clock_us(&clock) + timeout_us;
	const char *trouble;
	int ends[2], code, status = 0;
	pid_t pid;

	text_free(out);
	if (pipe2(ends, O_CLOEXEC) != 0) {
		snprintf(why, 160, "%s", strerror(errno));
		return why;
	}
	code = spawn(argv, ends[1], &pid);
	close(ends[1]);
	trouble = code ? strerror(code) : collect(ends[0], &clock, end, max, out);
	close(ends[0]);
	if (code == 0)
		trouble = reap(pid, &clock, end, trouble, &status);
	if (!trouble && status == 0)
		return out->bad ? "out of memory" : NULL;
	if (trouble)
		snprintf(why, 160, "%s", trouble);
	else if (WIFEXITED(status))
		snprintf(why, 160, "exit status %d", WEXITSTATUS(status));
	else
		snprintf(why, 160, "killed by signal %d", WTERMSIG(status));
	if (!trouble && out->n > 0)
		last_line(out, why);
	return why;
}
