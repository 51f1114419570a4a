/* target: a base URL, and the URL of a path under it. */
#ifndef TARGET_H
#define TARGET_H

#include "span.h"

struct target {
	char *base;  /* as given, without a slash at the end */
	char *shown; /* the same without user and password: for records */
};

/* NULL, or the reason (a constant string) why the text is no http(s) base URL. */
const char *target_read(const char *text, struct target *out);
/* What a message may call a text that target_read() refused: the text, unless a password may be in it. */
const char *target_called(const char *text);
/* base + path, a doubled /v1 collapsed; the caller frees it; NULL: out of memory. */
char *target_url(const struct target *t, struct span path);
void target_free(struct target *t);

#endif
