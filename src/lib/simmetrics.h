/* simmetrics: what the simulated engine says of itself in /metrics, under vLLM's names.
 *
 * Times are those of the model (planned), in microseconds here and in seconds there. */
#ifndef SIMMETRICS_H
#define SIMMETRICS_H

#include "text.h"

#include <stdint.h>

#define SIMHIST_MAX 24

struct simhist {
	uint64_t buckets[SIMHIST_MAX], count;
	int64_t sum;
};

enum simfinish { FINISH_STOP, FINISH_LENGTH, FINISH_ABORT, FINISH_ERROR, FINISH_KINDS };
enum simtime { TIME_TTFT, TIME_ITL, TIME_E2E, TIME_QUEUE, TIME_PREFILL, TIME_DECODE, TIME_KINDS };

struct simmetrics {
	int64_t running, waiting, blocks; /* now; blocks: of the KV cache, held by running requests */
	uint64_t prompt_tokens, generation_tokens, prefix_queries, prefix_hits;
	uint64_t finished[FINISH_KINDS];
	struct simhist times[TIME_KINDS];
};

void simmetrics_time(struct simmetrics *m, enum simtime kind, int64_t us);
/* The whole page, for n models; names are JSON strings, which serve as label values. */
void simmetrics_page(struct text *t, const struct simmetrics *m, char *const *names, size_t n, int64_t kv_blocks,
	int64_t block_size, bool prefix_caching);

#endif
