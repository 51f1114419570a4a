/* transient: how long a series takes to come to its level, such as the latencies of a server
 * that warms up.  Pure.
 *
 * The values are smoothed by a running median of five (Tukey 1977: outliers go, steps stay; a series of
 * more than 4096 is cut into at most as many runs of five neighbours or more instead, each its
 * median).  To their logarithms the model
 *
 *	log y(t) = level + log(1 + excess * s(t / edge))
 *
 * is fitted by least squares, with excess and edge free, once for each shape s: a step (1 up to the
 * edge, 0 from there on), a ramp (1 - t / edge) and an exponential (exp(-3 t / edge): at its edge 95 % of
 * it is gone).  Of the three the closest is taken, and it is a transient when
 *
 *	(n / f - 5) log(RSS of a constant / RSS of the model) > 3 log n
 *
 * which is Schwarz' criterion for its parameters (Yao 1988: consistent for change points), f being by how
 * much autocorrelation of the residuals makes n values worth fewer (Bartlett window of sqrt(n) lags,
 * at most 50: Newey and West 1987; at least 4 after running medians), and 5 what the fit takes up; when
 * its mean is at least 5 % of the level; when the first quarter of it has at least half of the excess
 * that the model says, and the second half of what follows it the level to half of that excess (else it
 * is something that happened in the middle).  A series of fewer than 20 values, or without such a
 * transient, has its edge at 0. */
#ifndef TRANSIENT_H
#define TRANSIENT_H

#include <stdbool.h>
#include <stddef.h>

enum transient_shape {
	TRANSIENT_STEP,
	TRANSIENT_RAMP,
	TRANSIENT_EXPONENTIAL,
	TRANSIENT_SHAPES
};

extern const char *const transient_shapes[];

#define TRANSIENT_LEAST 20 /* values */

struct transient {
	double edge;   /* in the unit of t, from 0; 0: there is no transient */
	double excess; /* over the level at the start, as a ratio of it: 2: three times the level */
	double gain;   /* the left side above */
	enum transient_shape shape;
};

/* t ascending, from 0 up; v positive.  False when memory ran out. */
bool transient_find(const double *t, const double *v, size_t n, struct transient *out);

#endif
