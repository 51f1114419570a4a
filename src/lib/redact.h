/* redact: a reply without the API key, whatever part of it the server put that in. */
#ifndef REDACT_H
#define REDACT_H

#include "reply.h"

void redact_reply(struct reply *r, const char *key);

#endif
