/* wire_easy: a request, and what is the same for all requests of a run, in libcurl's terms. */
#ifndef WIRE_EASY_H
#define WIRE_EASY_H

#include "wire.h"

#include <curl/curl.h>

/* The options of o on a handle that has none yet. */
void wire_easy_set(CURL *easy, const struct wire_options *o);
/* Note in *os_error why it has no socket: libcurl does not say. */
void wire_easy_errno(CURL *easy, int *os_error);
/* The rest of them for one request, which must outlive the transfer, as the headers must. */
void wire_easy_request(CURL *easy, const struct request *q, const char *url, struct curl_slist *headers);
/* The headers; NULL: out of memory. */
struct curl_slist *wire_easy_headers(const struct wire_options *o);

/* What libcurl knows about a finished transfer. */
void wire_easy_collect(CURL *easy, struct exchange *x);

#endif
