/* httpd: see httpd.h.
 *
 * A connection is only ever freed from its own later() turn, never inside a call of the
 * answerer, so that nobody holds a connection that has gone. */
#include "httpd.h"

#include "rxtime.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event_struct.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE ((size_t)256 << 10)
#define AHEAD ((size_t)64 << 10) /* bytes of later requests that are read while one is answered */
#define LISTENERS 2
#define ACCEPTS 1024 /* in one go: the backlog must not overflow while requests are read */

struct mark {
	uint64_t at;
	size_t mark;
};

struct httpd_conn {
	struct httpd *h;
	int fd;
	struct event in, out, turn;
	struct httpreq req;
	struct evbuffer *waiting; /* bytes that the socket has not taken yet; NULL: none */
	uint64_t queued, sent;    /* bytes given to httpd_send(), and taken by the socket, ever */
	struct mark *marks;
	size_t mark_first, marks_n, marks_cap;
	bool busy, ended, last, dead, lingers;
	void *user;
	struct httpd_conn *prev, *next;
};

struct httpd {
	struct event_base *base;
	const struct clock *clock;
	const struct httpd_calls *calls;
	void *ctx;
	size_t max_body;
	struct event *listeners[LISTENERS], *retry;
	int fds[LISTENERS], n_listeners;
	bool troubled;
	struct httpd_conn *conns;
	char read_buf[READ_SIZE];
};

static void
later(struct httpd_conn *c)
{
	event_active(&c->turn, 0, 0);
}

/* The connection is of no more use; it goes in its next turn. */
static void
kill_conn(struct httpd_conn *c)
{
	c->dead = true;
	later(c);
}

static void
free_conn(struct httpd_conn *c)
{
	if (c->busy)
		c->h->calls->done(c->h->ctx, c);
	event_del(&c->in);
	event_del(&c->out);
	event_del(&c->turn);
	close(c->fd);
	if (c->waiting)
		evbuffer_free(c->waiting);
	httpreq_free(&c->req);
	free(c->marks);
	*(c->prev ? &c->prev->next : &c->h->conns) = c->next;
	if (c->next)
		c->next->prev = c->prev;
	free(c);
}

/* Our side is finished; what the peer still sends is read and dropped, so that no reset
 * overtakes the answer, but not for long. */
static void
linger(struct httpd_conn *c)
{
	struct timeval soon = {.tv_sec = 2};

	c->lingers = true;
	shutdown(c->fd, SHUT_WR);
	event_add(&c->in, &soon);
}

static void
finish(struct httpd_conn *c)
{
	c->busy = c->ended = false;
	c->h->calls->done(c->h->ctx, c);
	c->user = NULL;
	if (c->last)
		linger(c);
	else
		event_add(&c->in, NULL);
	if (c->req.n > 0)
		later(c);
}

static void
account(struct httpd_conn *c, int64_t t_us, size_t n)
{
	c->sent += n;
	while (c->mark_first < c->marks_n && c->marks[c->mark_first].at < c->sent)
		c->h->calls->sent(c->h->ctx, c, c->marks[c->mark_first++].mark, t_us);
	if (c->mark_first == c->marks_n)
		c->mark_first = c->marks_n = 0;
}

/* Gives bytes to the socket; returns how many it took, -1 when the connection is gone. */
static ssize_t
send_some(struct httpd_conn *c, const char *p, size_t n)
{
	int64_t t = clock_us(c->h->clock);
	ssize_t k = send(c->fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (k < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS))
		return 0;
	if (k < 0)
		kill_conn(c);
	else
		account(c, t, (size_t)k);
	return k;
}

void
httpd_mark(struct httpd_conn *c, size_t ahead, size_t mark)
{
	if (c->marks_n == c->marks_cap) {
		size_t cap = c->marks_cap ? 2 * c->marks_cap : 4;
		struct mark *m = realloc(c->marks, cap * sizeof *m);

		if (!m)
			return; /* this event goes without its stamp */
		c->marks = m;
		c->marks_cap = cap;
	}
	c->marks[c->marks_n++] = (struct mark){c->queued + ahead, mark};
}

void
httpd_send(struct httpd_conn *c, const char *p, size_t n)
{
	ssize_t k = 0;

	if (c->dead || n == 0)
		return;
	bool free_way = c->queued == c->sent;
	c->queued += n;
	if (free_way && (k = send_some(c, p, n)) < 0)
		return;
	if ((size_t)k == n)
		return;
	if (!c->waiting)
		c->waiting = evbuffer_new();
	if (!c->waiting || evbuffer_add(c->waiting, p + k, n - (size_t)k) != 0)
		kill_conn(c);
	else
		event_add(&c->out, NULL);
}

void
httpd_end(struct httpd_conn *c)
{
	c->ended = true;
	if (!c->dead && c->queued == c->sent)
		finish(c);
}

void
httpd_last(struct httpd_conn *c)
{
	c->last = true;
}

bool
httpd_is_last(const struct httpd_conn *c)
{
	return c->last;
}

void
httpd_reset(struct httpd_conn *c)
{
	struct linger now = {.l_onoff = 1};

	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	kill_conn(c);
}

void **
httpd_user(struct httpd_conn *c)
{
	return &c->user;
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct httpd_conn *c = arg;
	struct evbuffer_iovec piece;
	ssize_t k;

	(void)fd;
	(void)what;
	while (!c->dead && c->queued > c->sent) {
		if (evbuffer_peek(c->waiting, -1, NULL, &piece, 1) < 1)
			break;
		if ((k = send_some(c, piece.iov_base, piece.iov_len)) <= 0)
			break;
		evbuffer_drain(c->waiting, (size_t)k);
	}
	if (c->dead)
		return;
	if (c->queued > c->sent)
		event_add(&c->out, NULL);
	else if (c->ended)
		finish(c);
}

/* Takes up the requests that are whole, while none is being answered. */
static void
take_requests(struct httpd_conn *c)
{
	while (!c->busy && !c->dead && !c->lingers) {
		int got = httpreq_next(&c->req);

		if (got == 0) {
			if (httpreq_wants_continue(&c->req))
				httpd_send(c, "HTTP/1.1 100 Continue\r\n\r\n", 25);
			return;
		}
		c->busy = true;
		c->last = got != 200 || !c->req.keep_alive;
		c->h->calls->request(c->h->ctx, c, &c->req, clock_us(c->h->clock), got == 200 ? 0 : got);
		if (got == 200)
			httpreq_drop(&c->req);
	}
	if (c->busy && c->req.n > AHEAD)
		event_del(&c->in);
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct httpd_conn *c = arg;
	ssize_t n = what & EV_TIMEOUT ? 0
		: rxtime_recv(fd, c->h->read_buf, READ_SIZE, c->h->clock, &c->req.arrived_us);

	if ((n < 0 && (errno == EAGAIN || errno == EINTR)) || (n > 0 && c->lingers))
		return;
	if (n <= 0)
		event_del(&c->in);
	if (n <= 0 || !httpreq_feed(&c->req, c->h->read_buf, (size_t)n))
		kill_conn(c);
	else
		take_requests(c);
}

static void
on_turn(evutil_socket_t fd, short what, void *arg)
{
	struct httpd_conn *c = arg;
	struct httpd *h = c->h;

	(void)fd;
	(void)what;
	if (!c->dead) {
		c->req.arrived_us = clock_us(h->clock); /* what waited for the one before comes when that is over */
		take_requests(c);
		return;
	}
	free_conn(c);
	if (h->troubled)
		event_active(h->retry, 0, 0);
}

static bool
new_conn(struct httpd *h, int fd)
{
	struct httpd_conn *c = calloc(1, sizeof *c);
	int on = 1;

	if (!c)
		return false;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* fails on a unix socket: no matter */
	c->h = h;
	c->fd = fd;
	httpreq_start(&c->req, h->max_body);
	event_assign(&c->in, h->base, fd, EV_READ | EV_PERSIST, on_readable, c);
	event_assign(&c->out, h->base, fd, EV_WRITE, on_writable, c);
	event_assign(&c->turn, h->base, -1, 0, on_turn, c);
	c->next = h->conns;
	if (c->next)
		c->next->prev = c;
	h->conns = c;
	event_add(&c->in, NULL);
	return true;
}

static void
on_accept(evutil_socket_t fd, short what, void *arg)
{
	struct httpd *h = arg;
	struct timeval pause = {.tv_usec = 200000};

	(void)what;
	for (int i = 0; i < ACCEPTS; i++) {
		int s = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (s >= 0) {
			h->troubled = false;
			if (!new_conn(h, s))
				close(s);
			continue;
		}
		if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
			return;
		if (!h->troubled)
			h->calls->trouble(h->ctx, errno);
		h->troubled = true;
		for (int l = 0; l < h->n_listeners; l++) /* those who knock wait in the backlog */
			event_del(h->listeners[l]);
		event_add(h->retry, &pause);
		return;
	}
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct httpd *h = arg;

	(void)fd;
	(void)what;
	for (int l = 0; l < h->n_listeners; l++)
		event_add(h->listeners[l], NULL);
}

struct httpd *
httpd_new(struct event_base *base, const struct clock *clock, size_t max_body, const struct httpd_calls *calls,
	void *ctx)
{
	struct httpd *h = calloc(1, sizeof *h);

	if (!h)
		return NULL;
	h->base = base;
	h->clock = clock;
	h->calls = calls;
	h->ctx = ctx;
	h->max_body = max_body;
	if (!(h->retry = event_new(base, -1, 0, on_retry, h))) {
		free(h);
		return NULL;
	}
	return h;
}

bool
httpd_listen(struct httpd *h, int fd)
{
	struct event *ev;

	if (h->n_listeners == LISTENERS || !(ev = event_new(h->base, fd, EV_READ | EV_PERSIST, on_accept, h)))
		return false;
	rxtime_start(fd);
	h->fds[h->n_listeners] = fd;
	h->listeners[h->n_listeners++] = ev;
	return event_add(ev, NULL) == 0;
}

void
httpd_free(struct httpd *h)
{
	while (h->conns)
		free_conn(h->conns);
	for (int l = 0; l < h->n_listeners; l++) {
		event_free(h->listeners[l]);
		close(h->fds[l]);
	}
	event_free(h->retry);
	free(h);
}
