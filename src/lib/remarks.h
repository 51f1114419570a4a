/* remarks: what people should know of the summaries that were made, in a line each, however many those are. */
#ifndef REMARKS_H
#define REMARKS_H

#include "summary.h"

struct remarks {
	char few[1024];       /* too few values for an interval with two ends; empty: nothing to say */
	char dependent[1024]; /* values that depend on those before them */
	size_t n_few, n_dependent; /* of how many summaries that is so */
};

void remarks_take(struct remarks *r, const struct summary_labels *l, const struct summary *s);
/* Once all are taken: say of how many more each line is true. */
void remarks_end(struct remarks *r);

#endif
