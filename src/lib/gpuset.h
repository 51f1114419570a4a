/* gpuset: which GPUs telemetry records (docs/RECORDS.md) are of, and how busy they were. */
#ifndef GPUSET_H
#define GPUSET_H

#include "pool.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct gpuset {
	struct pool *pool;   /* the caller's: all memory is from there */
	char **ids;          /* what tells them apart: uuid, else host and index */
	const char *product; /* the first one's name, NULL: none */
	bool several;        /* products */
	bool mig;            /* one is partitioned */
	struct gpu_sample *samples;
	size_t n, cap, n_samples, cap_samples; /* n: GPUs */
};

/* Take a record in; those that are of no GPU count for nothing.  NULL, or why it is bad. */
const char *gpuset_add(struct gpuset *g, const json_t *record);
/* Why the product and the number of a server's GPUs cannot be taken from here (gpus: that many
 * were named, -1: nobody said); NULL when they can. */
const char *gpuset_unclear(const struct gpuset *g, int64_t gpus);
/* Why these are not the so many GPUs of a server, and nothing but those; NULL when they are. */
const char *gpuset_others(const struct gpuset *g, int64_t gpus);
/* Mean use between two times, from 0 to 1, of all samples alike; NAN when there are none. */
double gpuset_util(const struct gpuset *g, int64_t from_us, int64_t to_us);

#endif
