/* wire_h2: which HTTP version a request asks libcurl for.
 *
 * On http:// HTTP/2 has to be known beforehand.  Libcurl before 8.0.0 (Debian 12 has 7.88.1) breaks a
 * connection with such knowledge when it is used again (curl/curl#10643); there only the request that
 * opens a connection has it, and those that share the connection ask for HTTP/2 without. */
#ifndef WIRE_H2_H
#define WIRE_H2_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

/* Of one target. */
struct wire_h2 {
	int64_t in_flight, connections;
};

/* A request goes to url. */
void wire_h2_send(struct wire_h2 *h, CURL *easy, const char *url);
/* It ended; good: with an answer over HTTP/2. */
void wire_h2_done(struct wire_h2 *h, bool good);

#endif
