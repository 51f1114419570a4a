/* cost: what a server costs an hour, and what a run on it cost.  Pure; money is in nano-dollars
 * (money.h).
 *
 *	hour(gpu)      = GPUs x price            hour(cpu)      = cores x price
 *	hour(memory)   = GiB x price             hour(overhead) = fraction x the sum of those three
 *	run(part)      = hour(part) x window
 *	per n things   = hour(total) x window x n / things
 * Each part is rounded once, totals are sums of rounded parts, and what is per something comes
 * from the hour, not from a rounded sum. */
#ifndef COST_H
#define COST_H

#include "prices.h"

enum cost_part { COST_GPU, COST_CPU, COST_MEMORY, COST_OVERHEAD, COST_TOTAL, COST_PARTS };

/* What a run came to; -1: not known. */
struct usage {
	int64_t from_us, to_us; /* of the window, Unix epoch */
	int64_t window_us;      /* its length, without the pauses between the parts of a resumed run */
	int64_t ok;            /* requests */
	int64_t input, output; /* their tokens */
};

struct cost {
	int64_t hour[COST_PARTS], run[COST_PARTS]; /* MONEY_NONE: not known, or not priced */
};

/* gpu: an hour of one GPU, MONEY_NONE when it is not known which: then nothing is known, unless
 * the server has none.  A part that nobody described or that has no price is left out of the
 * sums.  False when an amount is above MONEY_MAX. */
bool cost_hour(struct cost *c, const struct server *s, int64_t gpu, const struct prices *p);
bool cost_run(struct cost *c, int64_t window_us);
/* Dollars for n of the things that there were in the run; NAN when there were none or the cost is
 * not known. */
double cost_per(const struct cost *c, int64_t window_us, int64_t things, int64_t n);
/* Such dollars in nano-dollars, MONEY_NONE for NAN. */
int64_t cost_nano(double usd);
/* An hour as people read it: parts[COST_GPU], [COST_CPU] and [COST_MEMORY] carry their share of the
 * overhead and add up to parts[COST_TOTAL]; units of the last of `decimals` places, -1: not known. */
unsigned cost_shown(const struct cost *c, int64_t *parts);

#endif
