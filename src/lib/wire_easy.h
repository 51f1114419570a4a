/* wire_easy: what is the same for all requests of a run, in libcurl's terms. */
#ifndef WIRE_EASY_H
#define WIRE_EASY_H

#include "wire.h"

#include <curl/curl.h>

/* The options of o on a handle that has none yet. */
void wire_easy_set(CURL *easy, const struct wire_options *o);
/* The headers; NULL: out of memory. */
struct curl_slist *wire_easy_headers(const struct wire_options *o);

#endif
