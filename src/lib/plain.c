/* plain: see plain.h. */
#include "plain.h"

#include "reqhead.h"
#include "rxtime.h"
#include "wire_easy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define READ 65536

struct plain_connection {
	int fd;
	struct event *ready;
	short events; /* that it waits for */
	struct plain *plain;
	struct plain_call *call; /* NULL: idle, and in the list of those */
	struct plain_connection *next, *prev;
	int64_t last_us; /* the last stamp: a step of the system's clock turns none of them back */
	bool served; /* a request before this one: the server may have closed it since */
};

struct plain {
	struct plain_options o;
	struct reqhead head;
	struct plain_connection *idle;
	int64_t now_us; /* when the bytes in hand came */
	bool enough;
	char bytes[READ];
};

bool
plain_takes(const struct plain *p, struct span path)
{
	return reqhead_takes(&p->head, path);
}

static void
close_connection(struct plain_connection *k)
{
	struct plain *p = k->plain;

	if (!k->call && k->prev)
		k->prev->next = k->next;
	else if (!k->call && p->idle == k)
		p->idle = k->next;
	if (!k->call && k->next)
		k->next->prev = k->prev;
	event_free(k->ready);
	close(k->fd);
	free(k);
}

static void
keep_connection(struct plain_connection *k)
{
	struct plain *p = k->plain;

	k->call = NULL;
	k->served = true;
	k->prev = NULL;
	k->next = p->idle;
	if (p->idle)
		p->idle->prev = k;
	p->idle = k;
}

static void on_ready(evutil_socket_t fd, short what, void *ctx);

static void
wait_for(struct plain_connection *k, short events)
{
	if (k->events == events)
		return;
	k->events = events;
	event_del(k->ready);
	event_assign(k->ready, k->plain->o.wire->base, k->fd, events, on_ready, k);
	event_add(k->ready, NULL);
}

/* As much of the request as there is room for.  An error shows when the answer is read: there may be one. */
static void
push(struct plain_connection *k)
{
	struct plain_call *c = k->call;
	size_t head = c->sent < c->head.n ? c->head.n - c->sent : 0, body = c->sent < c->head.n ? 0 : c->sent - c->head.n;
	struct iovec v[] = {{c->head.s + (c->head.n - head), head}, {(char *)(uintptr_t)c->body + body, c->body_n - body}};
	struct msghdr m = {.msg_iov = v, .msg_iovlen = c->body_n ? 2 : 1};
	ssize_t n = sendmsg(k->fd, &m, MSG_NOSIGNAL);

	c->sent += n > 0 ? (size_t)n : 0;
	if (c->sent == c->head.n + c->body_n || (n < 0 && errno != EAGAIN && errno != EINTR))
		wait_for(k, EV_READ | EV_PERSIST);
	else
		wait_for(k, EV_READ | EV_WRITE | EV_PERSIST);
}

static void
attach(struct plain_call *c, struct plain_connection *k)
{
	c->connection = k;
	k->call = c;
	c->sent = 0;
	k->last_us = clock_us(k->plain->o.wire->clock); /* no answer comes before its request */
	push(k);
}

static bool
connect_anew(struct plain_call *c)
{
	struct plain *p = c->plain;

	if (!(c->easy = curl_easy_init()))
		return false;
	wire_easy_set(c->easy, p->o.wire);
	wire_easy_errno(c->easy, &c->os_error);
	curl_easy_setopt(c->easy, CURLOPT_URL, p->o.target->base);
	curl_easy_setopt(c->easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(c->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(c->easy, CURLOPT_PRIVATE, c->owner);
	curl_easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->error);
	if (curl_multi_add_handle(p->o.curl->multi, c->easy) != CURLM_OK) {
		curl_easy_cleanup(c->easy);
		c->easy = NULL;
		return false;
	}
	evcurl_kick(p->o.curl);
	return true;
}

static void
let_go(struct plain_call *c)
{
	if (!c->easy)
		return;
	curl_multi_remove_handle(c->plain->o.curl->multi, c->easy);
	curl_easy_cleanup(c->easy);
	c->easy = NULL;
}

/* The socket is duplicated: libcurl closes its own when its handle is let go. */
static struct plain_connection *
adopt(struct plain *p, CURL *easy)
{
	struct plain_connection *k = calloc(1, sizeof *k);
	curl_socket_t s = CURL_SOCKET_BAD;
	int why;

	if (!k)
		return NULL;
	k->plain = p;
	k->events = EV_READ | EV_PERSIST;
	curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &s);
	if ((k->fd = fcntl(s, F_DUPFD_CLOEXEC, 3)) >= 0 &&
	    (k->ready = event_new(p->o.wire->base, k->fd, k->events, on_ready, k)) && event_add(k->ready, NULL) == 0) {
		rxtime_start(k->fd);
		return k;
	}
	why = errno;
	if (k->ready)
		event_free(k->ready);
	if (k->fd >= 0)
		close(k->fd);
	free(k);
	errno = why;
	return NULL;
}

bool
plain_connected(struct plain_call *c, CURLcode result)
{
	struct plain_connection *k;
	curl_off_t us = 0;

	c->connects++;
	if (result != CURLE_OK)
		return false;
	if (!(k = adopt(c->plain, c->easy))) {
		c->os_error = errno;
		return false;
	}
	curl_easy_getinfo(c->easy, CURLINFO_CONNECT_TIME_T, &us);
	c->connect_us += us;
	let_go(c);
	attach(c, k);
	return true;
}

/* The call is over; its connection is kept, if another one may follow on it. */
static void
over(struct plain_call *c, CURLcode result, const char *words, bool reuse)
{
	struct plain_connection *k = c->connection;

	c->connection = NULL;
	if (k && reuse)
		keep_connection(k);
	else if (k)
		close_connection(k);
	c->plain->o.over(c->owner, result, words);
}

/* The server closed or reset the connection. */
static void
lost(struct plain_connection *k, int why)
{
	struct plain_call *c = k->call;
	char words[CURL_ERROR_SIZE];

	if (!why && httpres_close(&c->answer)) {
		over(c, CURLE_OK, "", false);
	} else if (k->served && !c->got) { /* it was closed before the request came: send it on another */
		c->connection = NULL;
		close_connection(k);
		if (!connect_anew(c))
			over(c, CURLE_OUT_OF_MEMORY, "", false);
	} else if (why) {
		snprintf(words, sizeof words, "the connection broke: %s", strerror(why));
		over(c, CURLE_RECV_ERROR, words, false);
	} else if (!c->got) {
		over(c, CURLE_GOT_NOTHING, "the server closed the connection without an answer", false);
	} else {
		over(c, CURLE_PARTIAL_FILE, "the server closed the connection in the middle of its answer", false);
	}
}

static void
deliver(void *ctx, const char *bytes, size_t n)
{
	struct plain_call *c = ctx;
	struct plain *p = c->plain;

	p->enough = p->enough || !p->o.content(c->owner, bytes, n, p->now_us);
}

/* Content as it came, decoded if it must be. */
static void
on_content(void *ctx, const char *bytes, size_t n)
{
	struct plain_call *c = ctx;

	if (c->answer.encoding == HTTPRES_IDENTITY) {
		deliver(c, bytes, n);
		return;
	}
	if (c->answer.encoding == HTTPRES_DEFLATED && !c->gunzip && !(c->gunzip = gunzip_new()))
		c->answer.why = "out of memory";
	else if (c->answer.encoding == HTTPRES_UNKNOWN || !gunzip_feed(c->gunzip, bytes, n, deliver, c))
		c->answer.why = "content";
}

static void
take_bytes(struct plain_connection *k, size_t n)
{
	struct plain_call *c = k->call;
	struct plain *p = k->plain;
	char words[128];
	size_t used;

	c->got = true;
	p->enough = false;
	used = httpres_feed(&c->answer, p->bytes, n, on_content, c);
	if (p->enough) {
		over(c, CURLE_WRITE_ERROR, "", false);
	} else if (c->answer.why && c->answer.encoding != HTTPRES_IDENTITY) {
		snprintf(words, sizeof words, "Content-Encoding: %.80s", c->answer.content);
		over(c, CURLE_BAD_CONTENT_ENCODING, words, false);
	} else if (c->answer.why) {
		over(c, CURLE_WEIRD_SERVER_REPLY, c->answer.why, false);
	} else if (c->answer.whole) {
		over(c, CURLE_OK, "", c->answer.keep_alive && used == n && c->sent == c->head.n + c->body_n);
	}
}

static void
on_ready(evutil_socket_t fd, short what, void *ctx)
{
	struct plain_connection *k = ctx;
	struct plain *p = k->plain;
	ssize_t n;

	p->o.before(p->o.ctx);
	if (!k->call) { /* closed while idle, or an answer to nothing */
		close_connection(k);
		return;
	}
	if (what & EV_WRITE)
		push(k);
	if (!(what & EV_READ))
		return;
	n = rxtime_recv(fd, p->bytes, sizeof p->bytes, p->o.wire->clock, &p->now_us);
	if (p->now_us < k->last_us)
		p->now_us = k->last_us;
	k->last_us = p->now_us;
	if (n > 0)
		take_bytes(k, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		lost(k, n < 0 ? errno : 0);
}

bool
plain_send(struct plain *p, struct plain_call *c, const struct request *q, const char *id_header)
{
	struct plain_connection *k = p->idle;
	struct text head = c->head;

	*c = (struct plain_call){.owner = c->owner, .plain = p, .head = head, .body = q->body.s, .body_n = q->body.n,
		.answer.bodiless = q->method.s && span_is(q->method, "HEAD")};
	if (!reqhead_write(&p->head, &c->head, q, id_header))
		return false;
	if (!k)
		return connect_anew(c);
	p->idle = k->next;
	if (k->next)
		k->next->prev = NULL;
	attach(c, k);
	return true;
}

void
plain_end(struct plain_call *c)
{
	if (!c->plain)
		return;
	let_go(c);
	if (c->connection)
		close_connection(c->connection);
	httpres_free(&c->answer);
	gunzip_free(c->gunzip);
	c->connection = NULL;
	c->gunzip = NULL;
	c->plain = NULL;
}

long
plain_retry_after(const struct plain_call *c)
{
	const char *value = c->answer.retry_after;
	char *end;
	long s;
	time_t date;

	if (!value)
		return -1;
	s = strtol(value, &end, 10);
	if (end == value || *end)
		s = (date = curl_getdate(value, NULL)) > 0 ? (long)(date - time(NULL)) : 0;
	return s > 0 ? s : -1;
}

struct plain *
plain_open(const struct plain_options *o)
{
	struct plain *p = calloc(1, sizeof *p);

	if (p && reqhead_open(&p->head, o->target, o->headers)) {
		p->o = *o;
		return p;
	}
	if (p)
		errno = p->head.bad ? ENOMEM : 0;
	free(p);
	return NULL;
}

void
plain_close(struct plain *p)
{
	if (!p)
		return;
	while (p->idle)
		close_connection(p->idle);
	reqhead_free(&p->head);
	free(p);
}
