/* wire_h2: see wire_h2.h. */
#include "wire_h2.h"

#include <strings.h>

#define STREAMS 100 /* that libcurl puts on one connection */

void
wire_h2_send(struct wire_h2 *h, CURL *easy, const char *url)
{
	static const unsigned mended = 0x080000;
	bool opens = h->in_flight++ >= STREAMS * h->connections;
	long version = CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;

	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L); /* one connection, not one for each that finds it opening */
	if (strncasecmp(url, "https:", 6) == 0) {
		version = CURL_HTTP_VERSION_2TLS;
	} else if (curl_version_info(CURLVERSION_NOW)->version_num < mended) {
		if (opens)
			curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
		else
			version = CURL_HTTP_VERSION_2_0;
	}
	h->connections += opens;
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, version);
}

void
wire_h2_done(struct wire_h2 *h, bool good)
{
	h->in_flight--;
	if (!good)
		h->connections = 0; /* it may be gone: the next one opens another */
}
