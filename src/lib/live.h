/* live: a run as it goes, folded from response records and, where there are any, from the
 * sender's progress records.
 *
 * All times are the records' own, so that the same records always show the same numbers.
 * Warm-up requests count in nothing.  Rates count ok requests and their tokens over the
 * window that docs/RECORDS.md defines; after a resume they are those of the newest part.
 * Until there is a response record, done, ok and failed are what the senders say; after a resume, these and what the
 * records said before.
 * Latencies are means over ok requests, counted from due_us. */
#ifndef LIVE_H
#define LIVE_H

#include "progress.h"
#include "response.h"
#include "shards.h"

struct live_mean {
	int64_t n, sum_us;
};

struct live {
	int64_t done, ok, failed; /* over all parts */
	struct live_mean ttft, e2e;
	int64_t part, from_us, to_us, part_done, part_ok, part_tokens; /* the newest part and its window */
	bool begun, guessed;                                /* from_us and to_us are known; from progress records alone */
	int64_t events;                                     /* output events of all records of the part, warm-ups too */
	bool records;                                       /* a response record was seen: only they count */
	int64_t newest_us;                                  /* the last end of one */
	struct live_counts {
		int64_t done, ok, failed;
	} before; /* of the records, when the senders began to count */
	bool progress;                                      /* a progress record was seen; below is the last */
	int64_t t_us, in_flight, waiting, out_tokens;
	struct live_shard {
		int64_t in_flight, waiting, out_tokens, done, ok, failed;
	} shard[SHARDS_MOST + 1]; /* what each of several processes said last */
};

/* Fold one record.  NULL, or why it cannot be counted (a constant string). */
const char *live_response(struct live *l, const struct response *r);
void live_progress(struct live *l, const struct progress *p);

/* Seconds from the first due_us to the last thing known to have happened; 0 before. */
double live_seconds(const struct live *l);
double live_rps(const struct live *l); /* ok requests per second, 0 when nothing is known */
/* Output tokens per second: of ok requests, and of replies still streaming as far as the
 * progress records know. */
double live_tps(const struct live *l);
/* Seconds until `total` requests are done at the pace so far; negative: unknown. */
double live_left(const struct live *l, int64_t total);
/* Nothing more will come: the progress record no longer counts, unless there is nothing else. */
void live_end(struct live *l);

#endif
