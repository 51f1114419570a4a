/* latency: how long a simulated engine takes, as formulas of one request's own facts.
 *
 *	prefill = T(draw) * load,  T = ttft, or overhead + (prompt - cached) * per_token
 *	gap     = itl(draw) * load
 *	load    = 1 + (factor - 1) * (running - 1) / (max_running - 1)
 *
 * A draw is normal, cut off at 0.3 and 1.7 times its mean, and depends on nothing but the seed,
 * the request's number and the token's: who else runs does not change it. */
#ifndef LATENCY_H
#define LATENCY_H

#include <stdbool.h>
#include <stdint.h>

struct latency {
	int64_t ttft_us, overhead_us, per_token_us, itl_us;
	int64_t prefill_sd_us, itl_sd_us; /* 0: no jitter */
	bool per_token;                   /* prefill by prompt length instead of ttft_us */
	double factor;                    /* under full load, at least 1 */
	unsigned max_running;
	uint64_t seed;
};

/* A number in [0, 1) that depends on these three alone. */
double latency_uniform(uint64_t seed, uint64_t a, uint64_t b);
/* Microseconds from the start of a request to its first token, and from its token-th token
 * (from 1) to the next; running counts the request itself. */
int64_t latency_prefill(const struct latency *l, uint64_t number, int64_t prompt, int64_t cached, unsigned running);
int64_t latency_gap(const struct latency *l, uint64_t number, int64_t token, unsigned running);

#endif
