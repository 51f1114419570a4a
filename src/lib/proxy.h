/* proxy: the proxy that libcurl goes through for a URL, by its name.  Libcurl itself decides
 * whether it is used (no_proxy); this is for messages, so a user and password are left out. */
#ifndef PROXY_H
#define PROXY_H

#include <stdbool.h>
#include <stddef.h>

/* NULL, or the reason (a constant string) why the text is no proxy's URL; "" is one: none at all. */
const char *proxy_check(const char *text);
/* The proxy for base (a URL) as scheme://host:port: `given`, or where that is NULL the environment's.
 * False: there is none. */
bool proxy_name(const char *given, const char *base, char *out, size_t size);
/* Whether libcurl's message about a failed connection is about that proxy: host and port, since another
 * port of the same host may be the server, asked without it (no_proxy). */
bool proxy_named(const char *name, const char *message);

#endif
