/* holm: many tests at once, and still only a small chance of even one false alarm.
 *
 * Holm (1979): the k-th smallest of m p-values is multiplied by m - k + 1, and is at least what the one before
 * it became.  Valid however the tests depend on each other. */
#ifndef HOLM_H
#define HOLM_H

#include <stdbool.h>
#include <stddef.h>

/* adjusted[i] of p[i]; a NAN is no test, and stays.  False when memory ran out. */
bool holm_adjust(const double *p, double *adjusted, size_t n);

#endif
