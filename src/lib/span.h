/* span: a piece of somebody else's text, and what it stands for when it is the raw
 * text of a JSON number, string or key that scan.h has checked.  Owns nothing. */
#ifndef SPAN_H
#define SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const char *s; /* NULL: absent */
	size_t n;
};

/* A raw number's value.  span_int: false unless it is written as an integer and fits. */
bool span_int(struct span raw, int64_t *v);
double span_double(struct span raw); /* +-HUGE_VAL when too large */
/* Whether a raw string or key, once decoded, equals text. */
bool span_is(struct span raw, const char *text);
/* Decode a raw string into out (at least raw.n bytes); returns the length.
 * A half surrogate becomes U+FFFD; other bytes are copied as they are. */
size_t span_decode(struct span raw, char *out);

#endif
