/* wire_judge: what libcurl's result means in a response record. */
#ifndef WIRE_JUDGE_H
#define WIRE_JUDGE_H

#include "wire.h"

#include <curl/curl.h>

/* How a transfer ended.  first_late: no event came in time. */
struct wire_end {
	CURL *easy; /* the handle that it was in, or NULL */
	CURLcode result;
	bool first_late;
	const char *words;    /* a message about the result, "" if there is none */
	const char *location; /* the answer's, where easy does not know it; or NULL */
};

/* Complete the exchange of a transfer that ended now: its end, its status's meaning, its error.  Not for one that saw
 * [DONE]: that is complete. */
void wire_judge(struct exchange *x, const struct wire_end *e, const struct wire_options *o);

#endif
