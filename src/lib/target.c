/* target: see target.h. */
#include "target.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *
without_slash(const char *text)
{
	size_t n = strlen(text);

	while (n > 0 && text[n - 1] == '/')
		n--;
	return strndup(text, n);
}

static const char *
check(CURLU *u, const char *text)
{
	char *part = NULL;

	if (!strstr(text, "://"))
		return "no http:// or https:// in front";
	if (curl_url_set(u, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		return "not a URL";
	if (curl_url_get(u, CURLUPART_QUERY, &part, 0) == CURLUE_OK ||
	    curl_url_get(u, CURLUPART_FRAGMENT, &part, 0) == CURLUE_OK) {
		curl_free(part);
		return "a base URL has no ? and no #";
	}
	if (curl_url_get(u, CURLUPART_SCHEME, &part, 0) != CURLUE_OK)
		return "not a URL";
	const char *why = strcmp(part, "http") != 0 && strcmp(part, "https") != 0 ? "neither http nor https" : NULL;

	curl_free(part);
	return why;
}

const char *
target_read(const char *text, struct target *out)
{
	CURLU *u = curl_url();
	char *shown = NULL;
	const char *why;

	*out = (struct target){0};
	if (!u)
		return "out of memory";
	if (!(why = check(u, text))) {
		curl_url_set(u, CURLUPART_USER, NULL, 0);
		curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
		if (curl_url_get(u, CURLUPART_URL, &shown, 0) == CURLUE_OK)
			out->shown = without_slash(shown);
		curl_free(shown);
		out->base = without_slash(text);
		if (!out->shown || !out->base)
			why = "out of memory";
	}
	curl_url_cleanup(u);
	return why;
}

const char *
target_called(const char *text)
{
	return strchr(text, '@') ? "the one with an @" : text;
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

char *
target_url(const struct target *t, struct span path)
{
	size_t n = strlen(t->base), size;
	char *url;

	if (ends_with(t->base, "/v1") && !ends_with(t->base, "://v1") && path.n >= 4 && memcmp(path.s, "/v1/", 4) == 0)
		n -= 3;
	size = n + path.n + 1;
	if ((url = malloc(size)))
		snprintf(url, size, "%.*s%.*s", (int)n, t->base, (int)path.n, path.s);
	return url;
}

void
target_free(struct target *t)
{
	free(t->base);
	free(t->shown);
}
