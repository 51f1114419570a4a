/* client: was the load generator itself the limit?  From its progress records (docs/RECORDS.md). */
#ifndef CLIENT_H
#define CLIENT_H

#include "progress.h"

#include <jansson.h>

/* Above these the verdict is client-limited.  A stamp that is late on average by that much
 * moves every latency by as much; a single hiccup of the machine does not. */
#define CLIENT_STAMP_LAG_MS 1.0 /* mean */
#define CLIENT_SEND_LAG_MS 20.0 /* 99th percentile: what thousands of replies that end at one moment take to be
                                 * written and followed by the next; what it does to a mean has the bound below */
#define CLIENT_TTFT_LAG_MS 1.0  /* mean: what the requests that there were felt of it */
#define CLIENT_CPU_RATIO 0.9
/* Requests that are due at one moment can only go out one after the other: that much for each before it
 * is nobody's lateness. */
#define CLIENT_SEND_MS 0.2

struct client_send {
	int64_t due_us, sent_us;
};

/* The run record's client{}, null without progress records.  The sends get sorted.  NULL: out of memory.
 *
 * cpu_ratio (CPU over wall time) and stamp_lag_ms: the mean of all intervals weighted by their length,
 * which is the time since the record before, at most the second after which the next one is due.
 * max_in_flight: in_flight, which is what the metric records show, or more where a progress record saw it.
 * send_lag_ms.late_p99: of the lags less CLIENT_SEND_MS for each request of the same due time that went out before.
 * ttft_lag_ms: how late in that sense requests went out, plus how late their first tokens were stamped
 * at most: both lie in each TTFT.
 * Of several processes cpu_ratio and stamp_lag_ms are of the worst one.
 * loop_lag_ms: percentile of the intervals' maxima.  The verdict is client-limited when stamp lag, late
 * p99, TTFT lag or CPU is above its bound; null when none is, but one of stamp lag, send lag and CPU was
 * not measured. */
json_t *client_document(const struct progress *p, size_t n, struct client_send *sends, size_t n_sends,
                        size_t in_flight);

#endif
