/* progress: reads one progress record (docs/RECORDS.md) in place.  Pure. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stddef.h>
#include <stdint.h>

struct progress {
	int64_t t_us;                                /* Unix epoch */
	int64_t shard;                               /* of several processes: which one; 0: there is one */
	int64_t in_flight, waiting, out_tokens;      /* -1: not said */
	int64_t done, ok, failed;                    /* -1: not said */
	int64_t first;                               /* of so many replies the output began; 0: not said */
	double loop_lag_ms, stamp_lag_ms, first_lag_ms, cpu_ratio; /* NAN: not measured */
};

/* NULL, or why the text is no such record (a constant string; *column: where, from 1, 0: unknown). */
const char *progress_read(struct progress *p, const char *text, size_t len, size_t *column);

#endif
