/* gauges: how busy the GPUs and the engines are now, from telemetry records (docs/RECORDS.md).
 *
 * Pure.  Of each GPU and each engine the newest record counts, for as long as it is news; one
 * that says what is wrong instead of values ends its entry. */
#ifndef GAUGES_H
#define GAUGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GAUGES_MOST 256 /* GPUs and engines; more are not looked at */

struct gauges {
	struct gauge {
		uint64_t key; /* of the GPU or the engine */
		int64_t t_us, gap_us; /* the newest record, and the time since the one before it */
		double util_ratio, mem_used_bytes, mem_total_bytes, running, waiting, kv_ratio; /* NAN: not measured */
		bool gpu;
	} of[GAUGES_MOST];
	size_t n;
	int64_t t_us; /* the newest of all */
};

/* Over all that are news at that time; NAN: nobody measured it. */
struct gauges_sum {
	int gpus;                              /* with a value of any kind */
	double util_ratio;                     /* their mean */
	double mem_used_bytes, mem_total_bytes; /* their sums; of those that say both */
	double running, waiting;               /* the engines' sums */
	double kv_ratio;                       /* the fullest */
};

/* Fold one record.  NULL, or why it is none (a constant string; *column: where, from 1, 0: unknown). */
const char *gauges_record(struct gauges *g, const char *text, size_t len, size_t *column);
struct gauges_sum gauges_at(const struct gauges *g, int64_t now_us);

#endif
