/* proxy: see proxy.h. */
#include "proxy.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool
parse(CURLU *u, const char *text)
{
	return curl_url_set(u, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) == CURLUE_OK;
}

const char *
proxy_check(const char *text)
{
	static const char *const known[] = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
	CURLU *u = curl_url();
	char *scheme = NULL;
	const char *why = "not a URL";

	if (!*text || !u) {
		curl_url_cleanup(u);
		return u ? NULL : "out of memory";
	}
	/* Without a scheme libcurl takes it for http; what it would guess from the name is no matter. */
	if (parse(u, text) && curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK) {
		why = strstr(text, "://") ? "none of http, https, socks4, socks4a, socks5, socks5h" : NULL;
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			if (strcmp(scheme, known[i]) == 0)
				why = NULL;
	}
	curl_free(scheme);
	curl_url_cleanup(u);
	return why;
}

static const char *
set_and_not_empty(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* In the order in which libcurl looks; HTTP_PROXY is a CGI script's way of being fooled. */
static const char *
from_environment(const char *base)
{
	bool tls = strncasecmp(base, "https:", 6) == 0;
	const char *const names[] = {tls ? "https_proxy" : "http_proxy", tls ? "HTTPS_PROXY" : "http_proxy",
		"all_proxy", "ALL_PROXY"};
	const char *found = NULL;

	for (size_t i = 0; !found && i < sizeof names / sizeof *names; i++)
		found = set_and_not_empty(names[i]);
	return found;
}

bool
proxy_name(const char *given, const char *base, char *out, size_t size)
{
	const char *text = given ? given : from_environment(base);
	CURLU *u = text && *text ? curl_url() : NULL;
	char *scheme = NULL, *host = NULL, *port = NULL;
	bool good;

	if (!u)
		return false;
	good = parse(u, text) && curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK;
	if (good && strstr(text, "://"))
		curl_url_get(u, CURLUPART_SCHEME, &scheme, 0);
	if (good && curl_url_get(u, CURLUPART_PORT, &port, 0) != CURLUE_OK)
		port = NULL;
	if (good)
		snprintf(out, size, "%s://%s:%s", scheme ? scheme : "http", host,
		         port ? port : scheme && strcmp(scheme, "https") == 0 ? "443" : "1080"); /* libcurl's own */
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(u);
	return good;
}

bool
proxy_named(const char *name, const char *message)
{
	const char *host = strstr(name, "://"), *colon = strrchr(name, ':');
	char direct[300], via[300];
	int n;

	if (!host || colon - host <= 3)
		return false;
	host += 3;
	n = (int)(colon - host);
	if (n > 2 && host[0] == '[') { /* the message has an address without brackets */
		host++;
		n -= 2;
	}
	snprintf(direct, sizeof direct, "connect to %.*s port %s ", n, host, colon + 1);
	snprintf(via, sizeof via, " via %.*s ", n, host); /* newer ones, behind the name of the server */
	return strcasestr(message, direct) || strcasestr(message, via);
}
