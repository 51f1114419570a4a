/* peerline: see peerline.h. */
#include "peerline.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void
peerline_open(struct peerline *p, int fd)
{
	int on = 1;

	*p = (struct peerline){.fd = fd};
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* what is measured is the way, not the waiting */
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

bool
peerline_read(struct peerline *p)
{
	ssize_t n;

	memmove(p->in, p->in + p->used, p->len - p->used);
	p->len -= p->used;
	p->used = 0;
	if (p->len == sizeof p->in) {
		errno = EMSGSIZE; /* no line is that long */
		return false;
	}
	n = recv(p->fd, p->in + p->len, sizeof p->in - p->len, 0);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	p->len += (size_t)n;
	errno = 0;
	return n > 0;
}

char *
peerline_next(struct peerline *p)
{
	char *line = p->in + p->used, *end = memchr(line, '\n', p->len - p->used);

	if (!end)
		return NULL;
	*end = '\0';
	p->used = (size_t)(end + 1 - p->in);
	return line;
}

bool
peerline_send(struct peerline *p, const char *fmt, ...)
{
	char line[PEERLINE_MOST];
	va_list ap;
	ssize_t sent;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof line - 1, fmt, ap);
	va_end(ap);
	n = n < (int)sizeof line - 2 ? n : (int)sizeof line - 2;
	line[n++] = '\n';
	sent = send(p->fd, line, (size_t)n, MSG_NOSIGNAL);
	if (sent >= 0 && sent < n)
		errno = EAGAIN;
	return sent == n;
}

void
peerline_close(struct peerline *p)
{
	if (p->fd >= 0)
		close(p->fd);
	*p = (struct peerline){.fd = -1};
}
