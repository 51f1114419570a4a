/* wire_easy: see wire_easy.h. */
#include "wire_easy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void
wire_easy_set(CURL *e, const struct wire_options *o)
{
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "tokpipe/" VERSION);
	/* Decodes gzip and deflate when they come; what is asked for stands in the headers. */
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, o->compressed ? "" : "gzip, deflate");
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)((o->connect_us + 999) / 1000));
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)((o->total_us + 999) / 1000));
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, o->insecure ? 0L : 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, o->insecure ? 0L : 2L);
	if (o->cacert)
		curl_easy_setopt(e, CURLOPT_CAINFO, o->cacert);
	if (o->unix_socket)
		curl_easy_setopt(e, CURLOPT_UNIX_SOCKET_PATH, o->unix_socket);
	if (o->proxy)
		curl_easy_setopt(e, CURLOPT_PROXY, o->proxy);
}

/* CURLOPT_OPENSOCKETFUNCTION */
static curl_socket_t
open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
	int fd = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);

	(void)purpose;
	if (fd < 0)
		*(int *)ctx = errno;
	return fd;
}

void
wire_easy_errno(CURL *e, int *os_error)
{
	*os_error = 0;
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, os_error);
}

void
wire_easy_request(CURL *e, const struct request *q, const char *url, struct curl_slist *headers)
{
	char method[32];

	curl_easy_setopt(e, CURLOPT_URL, url);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, NULL);
	if (q->body.s) {
		curl_easy_setopt(e, CURLOPT_POST, 1L);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, q->body.s);
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.n);
	} else {
		curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
	}
	if (q->method.s) {
		snprintf(method, sizeof method, "%.*s", (int)q->method.n, q->method.s);
		if (strcmp(method, q->body.s ? "POST" : "GET") != 0)
			curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, method);
		if (strcmp(method, "HEAD") == 0)
			curl_easy_setopt(e, CURLOPT_NOBODY, 1L); /* else it waits for the content that the answer tells of */
	}
}

struct curl_slist *
wire_easy_headers(const struct wire_options *o)
{
	/* "Expect:" without a value: never sent, so no 100-continue round trip. */
	static const char *const fixed[] = {"Content-Type: application/json", "Expect:", "Accept-Encoding: identity", NULL};
	struct curl_slist *headers = NULL;
	char *bearer;
	size_t n;

	for (const char *const *h = fixed; *h; h++)
		if (!(o->compressed && strncmp(*h, "Accept-E", 8) == 0))
			headers = curl_slist_append(headers, *h);
	if (headers && o->api_key) {
		n = strlen(o->api_key) + sizeof "Authorization: Bearer ";
		if (!(bearer = malloc(n))) {
			curl_slist_free_all(headers);
			return NULL;
		}
		snprintf(bearer, n, "Authorization: Bearer %s", o->api_key);
		headers = curl_slist_append(headers, bearer);
		free(bearer);
	}
	return headers;
}

void
wire_easy_collect(CURL *easy, struct exchange *x)
{
	curl_off_t connect = 0, tls = 0, retry = 0;
	long version = 0;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &x->status);
	curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &x->connects);
	curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connect);
	curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &tls);
	curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry);
	curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
	x->http2 = version == CURL_HTTP_VERSION_2_0;
	x->connect_us = x->connects ? (tls > connect ? tls : connect) : 0;
	x->retry_after_s = retry > 0 ? (long)retry : -1;
}
