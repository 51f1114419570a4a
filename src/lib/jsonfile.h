/* jsonfile: the JSON document in a file. */
#ifndef JSONFILE_H
#define JSONFILE_H

#include "keys.h"

/* NULL and why ("file:line:column: reason" or "file: reason") when there is none.
 * "-" is standard input.  Duplicate keys are refused.  The object is the caller's. */
json_t *jsonfile_load(const char *name, struct key_error *why);

/* The same for a file that holds an array or an object. */
json_t *jsonfile_load_any(const char *name, struct key_error *why);

#endif
