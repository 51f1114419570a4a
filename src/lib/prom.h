/* prom: one line of a Prometheus exposition: text format 0.0.4, and OpenMetrics 1.0 as far as
 * it goes beyond that (# EOF, exemplars, fractional timestamps, UTF-8 names between quotes).
 *
 * The caller cuts the lines; a carriage return at the end of one belongs to its end.  Names and
 * values stay pieces of the line.  Comments, HELP, TYPE and UNIT are passed over: a sample's
 * name says what it is. */
#ifndef PROM_H
#define PROM_H

#include "span.h"

#include <stddef.h>

#define PROM_MAX_LABELS 64

struct prom_label {
	struct span name;
	struct span value; /* as between the quotes: prom_decode() */
};

struct prom_sample {
	struct span name;
	struct prom_label labels[PROM_MAX_LABELS];
	size_t n;
	double value; /* may be NaN, +Inf, -Inf */
};

enum prom_line {
	PROM_NOTHING, /* blank, or a comment */
	PROM_SAMPLE,
	PROM_END, /* # EOF: what follows is none of it */
	PROM_BAD
};

/* On PROM_BAD *why is a constant string and *column, from 1, where. */
enum prom_line prom_line(const char *text, size_t n, struct prom_sample *out, const char **why, size_t *column);
/* The label's value; .s is NULL when there is none. */
struct span prom_label(const struct prom_sample *s, const char *name);
/* A label's value without its escapes into out (at least raw.n bytes); returns the length. */
size_t prom_decode(struct span raw, char *out);

#endif
