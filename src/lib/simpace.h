/* simpace: bytes of an answer that go out otherwise than event by event: several events in
 * one send(2), or pieces of arbitrary length with pauses between them. */
#ifndef SIMPACE_H
#define SIMPACE_H

#include "httpd.h"
#include "simfault.h"

#include <event2/event.h>

struct simpace;

/* Whether the fault asks for it at all. */
bool simpace_wanted(const struct simfault *f);
/* drained(ctx): everything is out, and simpace_end() was called.  NULL: out of memory. */
struct simpace *simpace_new(struct event_base *base, struct httpd_conn *c, const struct simfault *f, uint64_t seed,
	void (*drained)(void *ctx), void *ctx);
void simpace_mark(struct simpace *p, size_t mark); /* the next byte added carries it */
/* Bytes to be sent; event: an event ends with them. */
void simpace_add(struct simpace *p, const char *s, size_t n, bool event);
void simpace_end(struct simpace *p);
void simpace_free(struct simpace *p);

#endif
