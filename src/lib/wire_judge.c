/* wire_judge: see wire_judge.h. */
#include "wire_judge.h"

#include "proxy.h"
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
kind_of(CURLcode result)
{
	switch (result) {
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_INTERFACE_FAILED:
	case CURLE_PROXY: return "connect";
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_ENGINE_NOTFOUND:
	case CURLE_USE_SSL_FAILED: return "tls";
	case CURLE_OPERATION_TIMEDOUT: return "timeout";
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING: return "protocol";
	default: return "stream"; /* reset, short body, closed before an answer */
	}
}

static void
timed_out(char *out, size_t n, bool first_late, int64_t took_us, const struct wire_options *o)
{
	bool total = !first_late && o->total_us && took_us >= o->total_us;
	int64_t us = first_late ? o->first_us : total ? o->total_us : o->connect_us;
	const char *which = first_late ? "first event" : total ? "total" : "connect";
	bool seconds = us % 1000000 == 0;

	snprintf(out, n, "Request timed out after %lld%s (%s)", (long long)(seconds ? us / 1000000 : us / 1000),
	         seconds ? "s" : "ms", which);
}

static void
transport_error(struct exchange *x, const struct wire_end *e, const struct wire_options *o)
{
	char message[CURL_ERROR_SIZE];
	CURLcode result = e->result;
	const char *words = e->words;

	if (result == CURLE_OPERATION_TIMEDOUT)
		timed_out(message, sizeof message, e->first_late, x->end_us - x->sent_us, o);
	else if (result == CURLE_BAD_CONTENT_ENCODING)
		snprintf(message, sizeof message, "an encoding that nobody offered, or broken: %.200s", words);
	else
		snprintf(message, sizeof message, "%s", *words ? words : curl_easy_strerror(result));
	reply_fail(&x->reply, kind_of(result), message, strlen(message));
}

/* The proxy through which it went, if what failed was the way through it. */
static bool
through_proxy(const struct exchange *x, const struct wire_end *e, const struct wire_options *o, char *name, size_t size)
{
	CURLcode result = e->result;
	long code = 0;

	if (!e->easy || !proxy_name(o->proxy, x->target, name, size))
		return false;
	curl_easy_getinfo(e->easy, CURLINFO_HTTP_CONNECTCODE, &code);
	if (result == CURLE_COULDNT_RESOLVE_PROXY || result == CURLE_PROXY)
		return true;
	if (result != CURLE_OK && code && code / 100 != 2)
		return true;
	return x->status == 407 || (result == CURLE_COULDNT_CONNECT && proxy_named(name, e->words));
}

/* No connection was made, whatever status the proxy gave. */
static void
proxy_error(struct exchange *x, CURL *easy, CURLcode result, const char *words, const char *name)
{
	char message[512];
	long code = x->status;

	curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &code);
	if (x->status == 407 || code == 407)
		snprintf(message, sizeof message, "proxy %s: 407: it wants a user and a password, or others", name);
	else
		snprintf(message, sizeof message, "proxy %s: %s", name, *words ? words : curl_easy_strerror(result));
	x->status = 0;
	reply_fail(&x->reply, "connect", message, strlen(message));
}

/* Where a redirection leads, as a whole URL. */
static void
redirected(struct exchange *x, const struct wire_end *e)
{
	struct target at = {.base = (char *)(uintptr_t)x->target};
	char *asked = e->location ? target_url(&at, x->request->path) : NULL, *location = NULL;
	CURLU *u = asked ? curl_url() : NULL;

	if (e->easy)
		curl_easy_getinfo(e->easy, CURLINFO_REDIRECT_URL, &location);
	if (u && curl_url_set(u, CURLUPART_URL, asked, 0) == CURLUE_OK &&
	    curl_url_set(u, CURLUPART_URL, e->location, 0) == CURLUE_OK)
		curl_url_get(u, CURLUPART_URL, &location, 0);
	if (location)
		reply_fail(&x->reply, "http", location, strlen(location));
	if (u)
		curl_free(location);
	curl_url_cleanup(u);
	free(asked);
}

void
wire_judge(struct exchange *x, const struct wire_end *e, const struct wire_options *o)
{
	struct reply *r = &x->reply;
	char proxy[300];

	x->end_us = clock_us(o->clock);
	if (through_proxy(x, e, o, proxy, sizeof proxy)) {
		proxy_error(x, e->easy, e->result, e->words, proxy);
		return;
	}
	r->http_error = x->status && (x->status < 200 || x->status > 299);
	if (x->status / 100 == 3)
		redirected(x, e);
	if (e->result == CURLE_OK || r->http_error)
		reply_end(r, x->end_us);
	else
		transport_error(x, e, o);
}
