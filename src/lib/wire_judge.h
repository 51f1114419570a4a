/* wire_judge: what libcurl's result means in a response record. */
#ifndef WIRE_JUDGE_H
#define WIRE_JUDGE_H

#include "wire.h"

#include <curl/curl.h>

/* Complete the exchange of a transfer that ended with `result` now: its end, its status's
 * meaning, its error.  first_late: it was ended because no event came in time; words:
 * libcurl's own message ("" if none).  Not for one that saw [DONE]: that is complete. */
void wire_judge(struct exchange *x, CURL *easy, CURLcode result, bool first_late, const char *words,
                const struct wire_options *o);

#endif
