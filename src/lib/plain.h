/* plain: HTTP/1.1 to one http:// target, on kept connections of its own.
 *
 * Libcurl makes each connection (names, addresses, deadlines, Unix sockets); from then on the socket is read here: one
 * recv(2) a wake-up into one buffer for all, and nothing between that and the content.  What libcurl does beside that
 * for every piece of a stream costs about as much as the kernel does for it.  TLS, proxies, HTTP/2, --compressed,
 * passwords in URLs and odd URLs are left to libcurl: see plain_open() and plain_takes(). */
#ifndef PLAIN_H
#define PLAIN_H

#include "evcurl.h"
#include "gunzip.h"
#include "httpres.h"
#include "target.h"
#include "wire.h"

struct plain;
struct plain_connection;

struct plain_options {
	const struct wire_options *wire;
	const struct target *target;
	struct evcurl *curl;
	const struct curl_slist *headers; /* of every request */
	void (*before)(void *ctx); /* called when something happened, before anything is done about it */
	void *ctx;                 /* of before() */
	/* Content that came at t_us.  False: that is enough, end it. */
	bool (*content)(void *owner, const char *bytes, size_t n, int64_t t_us);
	/* The call is over; never from inside a function below.  words: a message, "" if there is none. */
	void (*over)(void *owner, CURLcode result, const char *words);
};

/* One request on its way; part of its owner, which sets `owner` and may read what comes after it. */
struct plain_call {
	void *owner;
	struct httpres answer;
	long connects;
	int64_t connect_us;
	int os_error; /* why there was no socket for it, or no second descriptor of that; 0: there was, or nobody knows */
	CURL *easy; /* while libcurl connects: a transfer of the multi handle, private pointer: owner */
	/* plain.c's own */
	struct plain *plain;
	struct plain_connection *connection;
	struct text head;
	const char *body;
	size_t body_n, sent;
	bool got; /* a byte of the answer */
	struct gunzip *gunzip;
	char error[CURL_ERROR_SIZE];
};

/* NULL: out of memory, or (errno 0) a target for libcurl. */
struct plain *plain_open(const struct plain_options *o);
/* Whether a request of this path can be sent so. */
bool plain_takes(const struct plain *p, struct span path);
/* Send it; the request must outlive the call.  False: out of memory. */
bool plain_send(struct plain *p, struct plain_call *c, const struct request *q, const char *id_header);
/* Libcurl is done with c->easy.  False: it could not connect, or there is no memory; the call is to be ended. */
bool plain_connected(struct plain_call *c, CURLcode result);
/* Give up what it holds; a connection whose answer is not whole is closed.  Harmless on a call that holds nothing. */
void plain_end(struct plain_call *c);
/* Seconds, or -1: the answer names none. */
long plain_retry_after(const struct plain_call *c);
void plain_close(struct plain *p); /* after the end of all calls; NULL is fine */

#endif
