/* wire: requests on their way, over libcurl's multi interface and libevent.
 *
 * Stamps each delivery once, at its entry, with the clock; keeps the deadlines; and hands
 * every exchange back exactly once, complete, through done().  It does not decide what is
 * sent or when: that is load.c's. */
#ifndef WIRE_H
#define WIRE_H

#include "clock.h"
#include "exchange.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

struct wire_options {
	const char *const *urls; /* base URLs, round robin */
	int n_urls;
	int64_t connect_us, first_us, total_us; /* deadlines; 0: none */
	const char *api_key;                    /* sent as a bearer token; NULL: none */
	const char *cacert, *unix_socket;       /* NULL: libcurl's default, TCP */
	const char *proxy;                      /* NULL: the environment's; "": none */
	bool insecure, compressed, keep_text, http2;
	int part;
	const struct clock *clock;
	struct event_base *base;
	/* Takes the finished exchange, and may change it; it and its request are freed after the call. */
	void (*done)(void *ctx, struct exchange *x, bool out_of_files);
	void *ctx;
};

struct wire;

/* NULL: *why is the reason (a constant string), and *bad_url the URL at fault,
 * as a message may call it, or NULL. */
struct wire *wire_open(const struct wire_options *o, const char **why, const char **bad_url);
/* Send it now; the wire takes the request over.  False: out of memory, and it stays the caller's. */
bool wire_send(struct wire *w, struct request *q, int64_t due_us);
/* Hand back at most n exchanges that are complete; done() runs inside.  True: there are more.
 * Call it after each turn of the event loop, so that writing one stream's record never
 * delays the stamps of the others. */
bool wire_poll(struct wire *w, int n);
/* End everything that is in flight: error "cancelled", not final. */
void wire_cancel(struct wire *w);
int64_t wire_in_flight(const struct wire *w);
int64_t wire_output(const struct wire *w); /* output tokens so far: usage where known, else events */
/* How late stamps are.  What comes in while the loop is awake, or should be, waits for its stamp. */
struct wire_lag {
	int64_t woke_us; /* since when that is so; the caller sets it to 0 before each turn of the loop */
	int64_t beat_us; /* the caller's: the loop is to be awake by then at the latest; 0: it does not say */
	int64_t first, first_us; /* the replies whose output has begun, and how late it was stamped at most, in all */
};

struct wire_lag *wire_lag(struct wire *w);
/* The loop is awake: each event's function says so first. */
void wire_woke(struct wire *w);
void wire_close(struct wire *w);

#endif
