/* reqhead: the heads of HTTP/1.1 requests to one http:// target, as libcurl would write them. */
#ifndef REQHEAD_H
#define REQHEAD_H

#include "request.h"
#include "target.h"
#include "text.h"

#include <curl/curl.h>

struct reqhead {
	const struct target *target;
	size_t origin; /* bytes of its base URL before the path */
	char *host;
	struct text headers; /* of every request */
	bool bad; /* out of memory */
};

/* False: the target is one for libcurl (https, a password, anything that it would rewrite), or there is no memory. */
bool reqhead_open(struct reqhead *h, const struct target *to, const struct curl_slist *headers);
/* Whether this path goes on the wire as it stands. */
bool reqhead_takes(const struct reqhead *h, struct span path);
/* Write the head of a request to *out, which is emptied first.  False: out of memory. */
bool reqhead_write(const struct reqhead *h, struct text *out, const struct request *q, const char *id_header);
void reqhead_free(struct reqhead *h);

#endif
