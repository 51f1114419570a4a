/* scrape: see scrape.h. */
#include "scrape.h"

#include "secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t
receive(char *bytes, size_t size, size_t n, void *ctx)
{
	struct scrape *s = ctx;

	if ((s->too_long = s->page.n + size * n > SCRAPE_MAX_PAGE))
		return 0;
	text_add(&s->page, bytes, size * n);
	return s->page.bad ? 0 : size * n;
}

static bool
add_header(struct scrape *s, const char *text)
{
	struct curl_slist *more = curl_slist_append(s->headers, text);

	if (more)
		s->headers = more;
	return more != NULL;
}

static bool
open_one(struct scrape *s, const char *url, const struct scrape_options *o)
{
	char key[SECRET_MAX + 32];

	if (!(s->easy = curl_easy_init()) || !add_header(s, "Accept: text/plain;version=0.0.4, */*;q=0.1"))
		return false;
	if (o->api_key) {
		snprintf(key, sizeof key, "Authorization: Bearer %s", o->api_key);
		if (!add_header(s, key))
			return false;
	}
	/* No compression is asked for: the processor that it would take may be the engine's. */
	curl_easy_setopt(s->easy, CURLOPT_PRIVATE, s);
	curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers);
	curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(s->easy, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(s->easy, CURLOPT_ERRORBUFFER, s->error);
	curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)((o->timeout_us + 999) / 1000));
	curl_easy_setopt(s->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(s->easy, CURLOPT_USERAGENT, "tokpipe/" VERSION);
	if (o->cacert)
		curl_easy_setopt(s->easy, CURLOPT_CAINFO, o->cacert);
	if (o->insecure) {
		curl_easy_setopt(s->easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(s->easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (o->proxy)
		curl_easy_setopt(s->easy, CURLOPT_PROXY, o->proxy);
	if (o->unix_socket)
		curl_easy_setopt(s->easy, CURLOPT_UNIX_SOCKET_PATH, o->unix_socket);
	return curl_easy_setopt(s->easy, CURLOPT_URL, url) == CURLE_OK;
}

static const char *
judge(struct scrape *s, CURLcode code)
{
	long status = 0;

	curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
	if (s->too_long)
		return "the page is longer than 16 MiB";
	if (s->page.bad)
		return "out of memory";
	if (code != CURLE_OK)
		return *s->error ? s->error : curl_easy_strerror(code);
	if (status == 200)
		return NULL;
	snprintf(s->error, sizeof s->error, "HTTP %ld", status);
	return s->error;
}

bool
scrapes_open(struct scrapes *s, char *const *urls, size_t n, const struct scrape_options *o)
{
	*s = (struct scrapes){.n = n};
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(s->multi = curl_multi_init()) ||
	    !(s->all = calloc(n + 1, sizeof *s->all)))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!open_one(&s->all[i], urls[i], o))
			return false;
	return true;
}

void
scrapes_ask(struct scrapes *s, int64_t now_us)
{
	for (size_t i = 0; i < s->n; i++) {
		struct scrape *one = &s->all[i];

		if (one->busy)
			continue;
		text_free(&one->page);
		*one->error = '\0';
		one->asked_us = now_us;
		one->busy = curl_multi_add_handle(s->multi, one->easy) == CURLM_OK;
	}
}

bool
scrapes_busy(const struct scrapes *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->all[i].busy)
			return true;
	return false;
}

void
scrapes_take(struct scrapes *s, void (*done)(void *ctx, size_t i, struct scrape *page, const char *why),
	void *ctx)
{
	struct scrape *one = NULL;
	CURLMsg *m;
	int n;

	curl_multi_perform(s->multi, &n);
	while ((m = curl_multi_info_read(s->multi, &n))) {
		CURLcode code = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &one);
		curl_multi_remove_handle(s->multi, one->easy);
		one->busy = false;
		done(ctx, (size_t)(one - s->all), one, judge(one, code));
	}
}

void
scrapes_wait(struct scrapes *s, int fd, int64_t us)
{
	struct curl_waitfd extra = {.fd = fd, .events = CURL_WAIT_POLLIN};

	curl_multi_poll(s->multi, &extra, 1, (int)((us < 1000000 ? us : 1000000) / 1000) + 1, NULL);
}

void
scrapes_close(struct scrapes *s)
{
	for (size_t i = 0; i < s->n; i++) {
		curl_multi_remove_handle(s->multi, s->all[i].easy);
		curl_easy_cleanup(s->all[i].easy);
		curl_slist_free_all(s->all[i].headers);
		text_free(&s->all[i].page);
	}
	curl_multi_cleanup(s->multi);
	free(s->all);
}
