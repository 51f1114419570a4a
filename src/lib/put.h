/* put: JSON text to a stream, for records that are written by hand on the hot path.
 * (Documents are built with jansson.)  Write errors show in ferror(), as usual. */
#ifndef PUT_H
#define PUT_H

#include "span.h"

#include <stdint.h>
#include <stdio.h>

/* A quoted JSON string of any bytes; invalid UTF-8 becomes U+FFFD. */
void put_string(FILE *f, const char *s, size_t n);
void put_int(FILE *f, int64_t n);
/* Microseconds as milliseconds with exactly three decimals: 1234567 -> 1234.567 */
void put_ms(FILE *f, int64_t us);
/* The shortest decimal text that reads back as the same number, with a point or an
 * exponent: 0.8, 2.0, 1e+300.  v is finite. */
void put_real(FILE *f, double v);
/* The same without a needless point: 2, and 0 for -0; null when v is not finite. */
void put_number(FILE *f, double v);
/* The span's text verbatim, or null when it is absent. */
void put_raw(FILE *f, struct span raw);

#endif
