/* scrape: an engine's metrics page, fetched again and again over kept connections, several
 * engines at a time, while the caller does something else. */
#ifndef SCRAPE_H
#define SCRAPE_H

#include "text.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#define SCRAPE_MAX_PAGE ((size_t)16 << 20)

struct scrape_options {
	int64_t timeout_us;
	const char *api_key, *cacert, *proxy, *unix_socket;
	bool insecure;
};

struct scrape {
	CURL *easy;
	struct curl_slist *headers;
	struct text page;
	bool busy, too_long;
	int64_t asked_us; /* when it was begun */
	char error[CURL_ERROR_SIZE];
};

struct scrapes {
	CURLM *multi;
	struct scrape *all;
	size_t n;
};

/* False: libcurl cannot, or out of memory.  What the options point to must stay. */
bool scrapes_open(struct scrapes *s, char *const *urls, size_t n, const struct scrape_options *o);
/* Ask for each page that is not still being waited for. */
void scrapes_ask(struct scrapes *s, int64_t now_us);
bool scrapes_busy(const struct scrapes *s);
/* Hand over the pages that are here by now: number i, or why there is none. */
void scrapes_take(struct scrapes *s, void (*done)(void *ctx, size_t i, struct scrape *page, const char *why),
	void *ctx);
/* Wait until there is something to take, or fd has input, or the time is over. */
void scrapes_wait(struct scrapes *s, int fd, int64_t us);
void scrapes_close(struct scrapes *s);

#endif
