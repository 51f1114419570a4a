/* tail: see tail.h. */
#include "tail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE ((size_t)64 << 10)

bool
tail_open(struct tail *t, const char *name, size_t max_line, bool wait)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | (wait ? 0 : O_NONBLOCK));

	*t = (struct tail){.name = name, .fd = fd, .lines = {.max_line = max_line}};
	return fd >= 0;
}

bool
tail_replaced(const struct tail *t)
{
	struct stat there, ours;

	return t->fd >= 0 && stat(t->name, &there) == 0 && fstat(t->fd, &ours) == 0 &&
	       (there.st_ino != ours.st_ino || there.st_dev != ours.st_dev || there.st_size < t->at);
}

enum tail_status
tail_read(struct tail *t, void (*bytes)(void *ctx, const char *p, size_t n), split_fn *line, void *ctx)
{
	char buf[READ_SIZE];
	ssize_t n = read(t->fd, buf, sizeof buf);

	if (n < 0)
		return errno == EINTR ? TAIL_SOME : errno == EAGAIN ? TAIL_AGAIN : TAIL_ERROR;
	if (n == 0)
		return TAIL_NONE;
	t->at += n;
	if (bytes)
		bytes(ctx, buf, (size_t)n);
	return split_feed(&t->lines, buf, (size_t)n, line, ctx) ? TAIL_SOME : TAIL_MEMORY;
}

static void
nothing(void *ctx, const struct split *s, const char *text, size_t len)
{
	(void)ctx, (void)s, (void)text, (void)len;
}

void
tail_close(struct tail *t, split_fn *line, void *ctx)
{
	split_end(&t->lines, line ? line : nothing, ctx);
	if (t->fd > STDIN_FILENO)
		close(t->fd);
	t->fd = -1;
}
