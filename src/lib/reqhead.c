/* reqhead: see reqhead.h. */
#include "reqhead.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SCHEME "http://"

/* Nothing that libcurl would rewrite, refuse or hide. */
static bool
simple(const char *s, size_t n, const char *also)
{
	for (size_t i = 0; i < n; i++) {
		bool digit = s[i] >= '0' && s[i] <= '9', letter = (s[i] | 0x20) >= 'a' && (s[i] | 0x20) <= 'z';

		if (!s[i] || !(digit || letter || strchr(also, s[i])))
			return false;
	}
	return true;
}

bool
reqhead_takes(const struct reqhead *h, struct span path)
{
	const char *s = path.s;

	(void)h;
	for (size_t i = 0; i + 1 < path.n; i++)
		if (s[i] == '/' && (s[i + 1] == '.' || s[i + 1] == '/'))
			return false;
	return path.n > 0 && s[0] == '/' && simple(s, path.n, "/-_.~?&=%:,+");
}

static bool
is_simple(struct reqhead *h, const char *base)
{
	const char *from = base + strlen(SCHEME), *end;

	if (strncasecmp(base, SCHEME, strlen(SCHEME)) != 0)
		return false;
	end = from + strcspn(from, "/");
	h->origin = (size_t)(end - base);
	if (end == from || end[-1] == ':' || !simple(from, (size_t)(end - from), "-.:[]"))
		return false;
	h->host = strndup(from, (size_t)(end - from));
	return !*end || reqhead_takes(h, (struct span){end, strlen(end)});
}

bool
reqhead_open(struct reqhead *h, const struct target *to, const struct curl_slist *headers)
{
	bool good;

	*h = (struct reqhead){.target = to};
	good = is_simple(h, to->base);
	text_puts(&h->headers, "User-Agent: tokpipe/" VERSION "\r\nAccept: */*\r\n");
	for (; headers; headers = headers->next)
		if (headers->data[strcspn(headers->data, ":") + 1]) /* "Name:" is libcurl's way of leaving one out */
			text_printf(&h->headers, "%s\r\n", headers->data);
	h->bad = h->headers.bad || (good && !h->host);
	if (good && !h->bad)
		return true;
	reqhead_free(h);
	return false;
}

bool
reqhead_write(const struct reqhead *h, struct text *out, const struct request *q, const char *id_header)
{
	char *url = target_url(h->target, q->path);

	out->n = 0;
	if (!url)
		return false;
	if (q->method.s)
		text_add(out, q->method.s, q->method.n);
	else
		text_puts(out, q->body.s ? "POST" : "GET");
	text_printf(out, " %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", url + h->origin, h->host, id_header);
	text_add(out, h->headers.s, h->headers.n);
	if (q->body.s)
		text_printf(out, "Content-Length: %zu\r\n", q->body.n);
	text_puts(out, "\r\n");
	free(url);
	return !out->bad;
}

void
reqhead_free(struct reqhead *h)
{
	text_free(&h->headers);
	free(h->host);
	h->host = NULL;
}
