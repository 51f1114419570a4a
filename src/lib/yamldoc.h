/* yamldoc: the one document in a YAML text, as nodes.
 *
 * YAML as libyaml parses it, types by YAML 1.2's core schema.  What JSON cannot hold or
 * what is nearly always a mistake is refused: keys that are no scalars, duplicate and
 * empty keys, the merge key <<, unknown tags, a second document, NUL characters. */
#ifndef YAMLDOC_H
#define YAMLDOC_H

#include "node.h"

#define YAMLDOC_DEPTH 100                      /* levels of lists and maps, aliases included */
#define YAMLDOC_EXPANSION ((uint64_t)16 << 20) /* bytes that the aliases of one text stand for */

/* start is where the text's first character stands; a text that starts inside of a line is
 * taken as part of that one line.  start.file lives as long as the pool.
 * A text without a document is a null node.  NULL on a problem. */
struct node *yamldoc_parse(struct pool *p, struct pos start, const char *text, size_t len, struct problem *why);

#endif
