/* simask: what form a request asks its reply to have: choices, where to stop, JSON, a tool call. */
#ifndef SIMASK_H
#define SIMASK_H

#include "simreq.h"

#include <jansson.h>

struct simask {
	int64_t choices;
	json_t *stop;       /* an array of strings that are not empty; NULL: none */
	json_t *schema;     /* of the text; true: any JSON object; NULL: no JSON was asked for */
	json_t *tools;      /* names and parameters: [{"name":…,"parameters":…}]; NULL: no call is asked for */
};

/* False: *e says what is wrong.  Free in either case. */
bool simask_read(struct simask *a, const json_t *doc, bool chat, struct simerror *e);
void simask_free(struct simask *a);

#endif
