/* httpd: a small HTTP/1.1 server on libevent, that says when each byte was sent.
 *
 * Requests come one at a time per connection (pipelined ones wait their turn); what is
 * answered is the callback's business, byte by byte.  A send that would block is kept and
 * finished when the socket takes it.  It never prints; errors come to the callbacks. */
#ifndef HTTPD_H
#define HTTPD_H

#include "clock.h"
#include "httpreq.h"

#include <event2/event.h>

struct httpd;
struct httpd_conn;

struct httpd_calls {
	/* A whole request, or (bad != 0) one that has to be refused with that status; then
	 * only the answer may be sent and the connection closes after it.  recv_us: when its
	 * last byte was read, or when its turn came, if it had to wait for the one before. */
	void (*request)(void *ctx, struct httpd_conn *c, const struct httpreq *r, int64_t recv_us, int bad);
	/* The byte that httpd_mark() marked went out with a send(2) called at t_us. */
	void (*sent)(void *ctx, struct httpd_conn *c, size_t mark, int64_t t_us);
	/* Once per request: its answer is out, or can no longer get there. */
	void (*done)(void *ctx, struct httpd_conn *c);
	/* accept(2) failed; called once until it works again. */
	void (*trouble)(void *ctx, int error);
};

/* NULL: out of memory. */
struct httpd *httpd_new(struct event_base *base, const struct clock *clock, size_t max_body,
	const struct httpd_calls *calls, void *ctx);
/* Serves what comes to this listening descriptor, which is then the server's own; at most two. */
bool httpd_listen(struct httpd *h, int fd);
/* Stops listening and closes every connection; done() comes for each open request. */
void httpd_free(struct httpd *h);

/* Where the answerer keeps what it needs for the request in hand; NULL at its start. */
void **httpd_user(struct httpd_conn *c);
/* The ahead-th byte of the next httpd_send() carries this mark. */
void httpd_mark(struct httpd_conn *c, size_t ahead, size_t mark);
void httpd_send(struct httpd_conn *c, const char *p, size_t n);
/* The answer is complete; done() may come before this returns. */
void httpd_end(struct httpd_conn *c);
/* Nothing is kept alive after this answer; whether that is so. */
void httpd_last(struct httpd_conn *c);
bool httpd_is_last(const struct httpd_conn *c);
/* Drop the connection with a reset, now. */
void httpd_reset(struct httpd_conn *c);

#endif
