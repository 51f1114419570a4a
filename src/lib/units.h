/* units: numbers as people type them: durations 10ms 2s 5m 1h, counts 500 10k 1M.
 *
 * Each returns NULL and the value, or the reason why the text is none (a constant
 * string, such as "not a number" or "too large").  Junk behind the number, a sign where
 * none belongs, and values outside [min, max] are refused; nothing is ever clamped. */
#ifndef UNITS_H
#define UNITS_H

#include <stdint.h>

const char *units_count(const char *text, int64_t min, int64_t max, int64_t *out);
/* Into microseconds.  A bare number is refused, but for 0: say 30s or 500ms. */
const char *units_duration(const char *text, int64_t min_us, int64_t max_us, int64_t *out_us);
/* A finite decimal number. */
const char *units_number(const char *text, double min, double max, double *out);

#endif
