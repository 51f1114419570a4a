/* loadtest: what the section load_test of a workload says about when requests are sent. */
#ifndef LOADTEST_H
#define LOADTEST_H

#include "keys.h"
#include "timetable.h"

#define LOADTEST_ENDLESS ((int64_t)-1)

struct loadtest {
	struct stage *stages; /* one without a name when the section names none */
	size_t n_stages;
	const char *schedule; /* the file of arrival schedule; points into the section */
	int64_t requests;     /* LOADTEST_ENDLESS: until the duration, the last stage or the schedule's end */
	int64_t duration_us;  /* 0: none given */
	int64_t warmup;
	uint64_t seed;
};

/* The keys that are read here; there are others, of other programs. */
extern const struct key loadtest_keys[];

/* In set, what flags say, mark as null what it stands against in old, and is not said as well: a
 * number of requests ends a duration and the other way round, an arrival ends a pattern, a
 * rate ends stages, and so on.  Either may be NULL.  False: out of memory. */
bool loadtest_override(const json_t *old, json_t *set);
/* Read the section, NULL for none; its members have passed key_check() with loadtest_keys.
 * False, and why, if it is wrong.  loadtest_free() in either case. */
bool loadtest_read(json_t *o, struct loadtest *l, struct key_error *why);
void loadtest_free(struct loadtest *l);

#endif
