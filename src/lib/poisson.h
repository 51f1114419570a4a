/* poisson: how often each record counts in each replicate of a bootstrap.
 *
 * A weight is Poisson (mean 1) to 16 bits, drawn from a hash of seed, record and replicate alone: neither the
 * order of the records nor their split into files matters.  POISSON_ROW replicates are drawn at once. */
#ifndef POISSON_H
#define POISSON_H

#include <stddef.h>
#include <stdint.h>

#define POISSON_ROW 64

/* row[i] becomes the weight, 8 at most, of the record with that key in replicate number * POISSON_ROW + i. */
void poisson_row(uint8_t *row, uint64_t key, uint64_t seed, size_t number);

#endif
