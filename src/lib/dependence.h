/* dependence: whether the values of a sequence depend on those just before them, so that intervals
 * that take them as independent are too narrow.
 *
 * All of it is of the values' ranks (ties share their mean rank), so that heavy tails do not matter.
 * r is their serial correlation at lag 1, sum(d[i] d[i+1]) / sum(d[i]^2), d[i] the distance from the mean
 * rank.  Were the order random, r would have the mean -1/n and a variance that follows exactly from the
 * ranks, ties included (Wald and Wolfowitz, 1943), and be near normal; the sequence is called dependent when r lies
 * more than 3.09 such deviations above: one random sequence in a thousand.
 * n_eff is n over the integrated autocorrelation time -1 + 2 (G[0] + G[1] + …), G[m] = rho[2m] + rho[2m+1],
 * summed while it is positive (Geyer's initial positive sequence, 1992). */
#ifndef DEPENDENCE_H
#define DEPENDENCE_H

#include <stdbool.h>
#include <stddef.h>

#define DEPENDENCE_MIN 30 /* values; below, nothing is said */

struct dependence {
	size_t n;
	double r;     /* NAN: too few values, or all the same */
	double n_eff; /* how many independent values these are worth; NAN unless they are dependent */
};

/* x in the order of time; it may hold infinities, but no NAN.  False when memory ran out. */
bool dependence_of(const double *x, size_t n, struct dependence *out);

#endif
