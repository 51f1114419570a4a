/* engine: what an inference engine says of itself: the samples of its metrics page, summed over
 * their label sets into the fields of a telemetry record.  docs/RECORDS.md has the table of
 * names; an engine is known by them. */
#ifndef ENGINE_H
#define ENGINE_H

#include "prom.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define ENGINE_MAX_NAMES 80

struct engine_sum {
	double value;
	bool seen, unusable; /* unusable: one of its series is no finite number */
	unsigned char parts; /* of a sum of two names: 1 the first, 2 the second is there */
};

/* One series of several that say the same thing. */
struct engine_series {
	size_t name;
	uint64_t labels;
	double value;
};

struct engine_page {
	struct engine_sum sums[ENGINE_MAX_NAMES]; /* by the table's lines */
	struct engine_series *series;
	size_t n_series, cap;
	double lora_time;
	char *lora[2]; /* running, waiting: names with commas between */
};

void engine_start(struct engine_page *p);
/* False: out of memory. */
bool engine_add(struct engine_page *p, const struct prom_sample *s);
/* The engine that the samples are of, NULL when none of their names is known.  Call it once, at the end. */
const char *engine_end(struct engine_page *p);
/* All lines of a page (NULL: an empty one; it is cut into pieces), a bad one handed to bad. */
bool engine_read(struct engine_page *p, char *page, void (*bad)(void *ctx, size_t line, size_t column, const char *why),
	void *ctx);
/* The fields of that engine, each with a comma before it. */
void engine_put(FILE *f, const struct engine_page *p, const char *engine);
void engine_free(struct engine_page *p);

#endif
