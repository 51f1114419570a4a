/* jsonfile: the JSON object in a file. */
#ifndef JSONFILE_H
#define JSONFILE_H

#include "keys.h"

/* NULL and why ("file:line:column: reason" or "file: reason") when there is none.
 * "-" is standard input.  Duplicate keys are refused.  The object is the caller's. */
json_t *jsonfile_load(const char *name, struct key_error *why);

#endif
