/* simtruth: one truth record in the making: every event of an answer, when it was planned and
 * when its first byte was given to the network. */
#ifndef SIMTRUTH_H
#define SIMTRUTH_H

#include "text.h"

#include <stdint.h>

struct simtruth {
	int64_t *plan_us, *ev_us; /* ev_us: 0 until it was sent */
	char *kind;
	size_t n, cap;
};

/* Notes an event; returns its index, or SIZE_MAX when memory ran out. */
size_t simtruth_note(struct simtruth *t, char kind, int64_t plan_us);
void simtruth_sent(struct simtruth *t, size_t i, int64_t t_us);
/* The record's opening up to ev_kind, without the closing brace; events that were never sent
 * are left out. */
void simtruth_begin(struct text *out, const struct simtruth *t, const char *request_id, int64_t arrived_us,
	int64_t recv_us);
void simtruth_free(struct simtruth *t);

#endif
