/* slo: a bound on each request, as people type it: "ttft_ms=500", "itl_ms.max<=80", "output_tokens>=100". */
#ifndef SLO_H
#define SLO_H

#include "outcome.h"

/* Sets all but the bound, whose text becomes *number.  NULL, or why the text is none; then it has not been
 * touched.  s->field points into it otherwise, and s->name is the caller's to free. */
const char *slo_parse(struct slo *s, char *text, const char **number);

#endif
