/* evcurl: libcurl's multi handle driven by libevent. */
#ifndef EVCURL_H
#define EVCURL_H

#include <curl/curl.h>
#include <event2/event.h>
#include <stdbool.h>

struct evcurl {
	CURLM *multi;
	struct event_base *base;
	struct event *timer;
	void (*before)(void *ctx); /* called before libcurl is told that something happened */
	void *ctx;
};

bool evcurl_open(struct evcurl *c, struct event_base *base, void (*before)(void *), void *ctx);
/* Let libcurl start at once on what was just added. */
void evcurl_kick(struct evcurl *c);
void evcurl_close(struct evcurl *c);

#endif
