/* simevent: JSON as a server-sent event, well or oddly written. */
#ifndef SIMEVENT_H
#define SIMEVENT_H

#include "simfault.h"
#include "text.h"

/* Adds the event whose data is the n bytes at json; number: its place in the stream, from 0. */
void simevent_add(struct text *t, const char *json, size_t n, const struct simfault *f, size_t number);
/* Adds data as one chunk of an HTTP/1.1 body. */
void simevent_chunk(struct text *t, const char *data, size_t n);

#endif
