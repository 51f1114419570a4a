/* jsonschema: whether a JSON value satisfies a JSON Schema (draft 2020-12, local $ref).
 *
 * Our own because Debian has none for C: libvalijson-dev is C++ templates, and passes in silence over
 * keywords that it does not know, while here a schema with one is refused, so that no reply is
 * ever called right by a check that was not made.  Known are those of the table in jsonschema.c;
 * title, format and other annotations check nothing, as the specification has it. */
#ifndef JSONSCHEMA_H
#define JSONSCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct jsonschema;

/* The schema, which is shared with the caller and must not change.  NULL: why (of size bytes) says
 * what is wrong with it or beyond us, and where. */
struct jsonschema *jsonschema_new(json_t *schema, char *why, size_t size);
/* Whether v satisfies it.  *lost: it cannot be told (nested too deep, or too long to check, as a pattern may be). */
bool jsonschema_holds(const struct jsonschema *s, json_t *v, bool *lost);
/* Where "#", "#/a/b" or "#/$defs/x" points in a document; NULL: nowhere. */
json_t *jsonschema_pointer(json_t *doc, const char *ref);
void jsonschema_free(struct jsonschema *s);

#endif
