/* simvalue: a JSON value that satisfies a JSON Schema, made up. */
#ifndef SIMVALUE_H
#define SIMVALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Another number may give another value.  NULL: the schema cannot be checked or is beyond the maker
 * (a pattern, say), and why (of size bytes) says so.  The value was checked against the schema. */
json_t *simvalue_make(json_t *schema, uint64_t number, char *why, size_t size);
/* A value that breaks the schema; NULL when there is none to be found. */
json_t *simvalue_break(json_t *schema);

#endif
