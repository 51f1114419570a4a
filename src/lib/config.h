/* config: one configuration out of several documents and settings. */
#ifndef CONFIG_H
#define CONFIG_H

#include "node.h"

/* over laid on base: maps merge key by key, anything else in over (null too) replaces.
 * Both stay as they are. */
struct node *config_merge(struct pool *p, struct node *base, struct node *over);

/* root with the value of "a.b.c=value" put in: maps are made where there is nothing or
 * null, a backslash takes the next character as it is, the value is a YAML scalar or
 * flow collection.  number is which setting of the command line this is: positions are
 * "--set", that number, and the column in text.  NULL on a problem. */
struct node *config_set(struct pool *p, struct node *root, size_t number, const char *text, struct problem *why);

#endif
