/* httpreq: HTTP/1.x requests out of bytes, however they arrive; touches no socket.
 *
 * Feed bytes, then ask for the next request until it says that it needs more.  Bodies
 * come by Content-Length or chunked; both at once are refused, as are a bad length, a
 * NUL in the head, a head over 64 KiB and a body over max_body. */
#ifndef HTTPREQ_H
#define HTTPREQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTPREQ_MAX_HEAD ((size_t)64 << 10)

struct httpreq {
	/* of the request that httpreq_next() gave out; valid until the next feed or drop */
	const char *method, *path, *query; /* query: NULL if there is none */
	char *body;                        /* body_n bytes, no NUL behind them */
	size_t body_n;
	bool http11, keep_alive;
	int64_t arrived_us; /* set by who feeds: when its last byte came */
	/* the parser's own */
	size_t max_body;
	char *buf;
	size_t n, cap;
	size_t searched, head_n, headers; /* head_n: 0 until the head is whole */
	size_t length, in;                /* body length so far or in all; where the next chunk starts */
	size_t left;                      /* of the chunk being read */
	bool chunked, in_chunk, expects;
};

void httpreq_start(struct httpreq *r, size_t max_body);
bool httpreq_feed(struct httpreq *r, const char *p, size_t n); /* false: out of memory */
/* 0: more bytes are needed; 200: a request is there; else the status to refuse it with,
 * after which nothing more can be read from this peer. */
int httpreq_next(struct httpreq *r);
/* Whether the peer waits for "100 Continue" before it sends the body; true once. */
bool httpreq_wants_continue(struct httpreq *r);
/* The value of a header of the request given out, or NULL. */
const char *httpreq_header(const struct httpreq *r, const char *name);
/* Forget the request given out; what follows it stays. */
void httpreq_drop(struct httpreq *r);
void httpreq_free(struct httpreq *r);

#endif
