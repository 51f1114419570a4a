/* schema: checks a document against a small language of ours (yaml2json(1), SCHEMA). */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "diagnosis.h"

/* Diagnose the schema itself: it may be used only when nothing was found. */
void schema_valid(struct diagnosis *d, const struct node *schema);
/* Diagnose a document.  A null document counts as an empty map. */
void schema_check(struct diagnosis *d, const struct node *schema, const struct node *doc);

#endif
