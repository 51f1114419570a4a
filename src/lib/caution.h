/* caution: what a reader of a run's figures has to be told, as the run record's warnings[]
 * (docs/RECORDS.md): objects with code and message. */
#ifndef CAUTION_H
#define CAUTION_H

#include "steady.h"
#include "summaries.h"

#include <jansson.h>

/* Percentiles of the summaries for which there are too few ok requests (interval.h says how many it
 * takes), the extreme ones last; latencies whose order matters; parts whose latencies never came to a level. */
json_t *caution_list(const struct summaries *s, size_t ok, const struct steady_edge *edges, size_t parts);

#endif
