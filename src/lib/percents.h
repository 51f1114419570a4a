/* percents: the percentiles that are asked for, as typed and as quantiles, and the items of a list like theirs. */
#ifndef PERCENTS_H
#define PERCENTS_H

#include <stddef.h>

#define PERCENTS_MOST 100

struct percents {
	char *name[PERCENTS_MOST]; /* as typed, into the list */
	double q[PERCENTS_MOST];
	size_t n;
};

/* Cut the next item off a list; a backslash takes a comma as it is.  *list becomes the rest, NULL at the end. */
char *percents_item(char **list);
/* Take a list "50,90,99.9", which is cut into items.  NULL, or why it is none (a constant string); *item is then the
 * item in question. */
const char *percents_parse(struct percents *p, char *list, const char **item);

#endif
