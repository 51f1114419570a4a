/* bound: an expression such as ttft_ms.p95<=1000, taken apart.  Pure. */
#ifndef BOUND_H
#define BOUND_H

#include <stdbool.h>
#include <stddef.h>

enum bound_op {
	BOUND_LE,
	BOUND_LT,
	BOUND_GE,
	BOUND_GT,
	BOUND_EQ
};

struct bound {
	const char *text; /* as typed; the caller's */
	char path[256];
	enum bound_op op;
	double value;
};

/* NULL, or why the text is no bound (a constant string).  Blanks around the parts are allowed. */
const char *bound_parse(struct bound *b, const char *text);
bool bound_holds(const struct bound *b, double measured);

#endif
