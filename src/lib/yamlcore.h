/* yamlcore: what a plain scalar means in YAML 1.2's core schema (section 10.3.2):
 * null and ~, true and false, 12 0o14 0xC, 1.2e1, .inf and .nan; all else is a string.
 * The words of YAML 1.1 (yes, no, on, off, 1_000, 0b1, 1:30) are strings. */
#ifndef YAMLCORE_H
#define YAMLCORE_H

#include "node.h"

/* Set the kind and value of a scalar from its text.  Returns NULL, or the reason why it
 * has no JSON value: an integer beyond 64 bits, an infinity, not a number. */
const char *yamlcore_plain(struct node *scalar);
/* The same under a tag: "str", "null", "bool", "int", "float" (the part after !!), for
 * scalars in any style.  NULL, or the reason: no such tag, or the text is none of its. */
const char *yamlcore_tagged(struct node *scalar, const char *tag);

#endif
