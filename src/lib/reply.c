/* reply: see reply.h. */
#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JSON_BODY_MAX SSE_MAX_EVENT

void
reply_start(struct reply *r, reply_reader *read, bool keep_text)
{
	*r = (struct reply){.read = read, .keep_text = keep_text, .usage = {-1, -1, -1, -1}};
}

void
reply_free(struct reply *r)
{
	free(r->ev_us);
	free(r->ev_kind);
	free(r->finish);
	free(r->timings);
	free(r->text);
	free(r->message);
	free(r->body);
	calls_free(&r->calls);
	sse_free(&r->sse);
}

void
reply_fail(struct reply *r, const char *kind, const char *message, size_t len)
{
	if (r->error)
		return;
	if (len > REPLY_MESSAGE)
		len = REPLY_MESSAGE;
	r->error = kind;
	if (!(r->message = strndup(message, len)))
		r->no_memory = true;
}

static void
fail_plainly(struct reply *r, const char *kind, const char *message)
{
	reply_fail(r, kind, message, strlen(message));
}

/* Room in *buf for n bytes. */
static bool
room(struct reply *r, char **buf, size_t *cap, size_t n)
{
	size_t want = *cap ? *cap : 256;
	char *p;

	if (n <= *cap)
		return true;
	while (want < n)
		want *= 2;
	if (!(p = realloc(*buf, want))) {
		r->no_memory = true;
		return false;
	}
	*buf = p;
	*cap = want;
	return true;
}

static void
add_event(struct reply *r, char kind)
{
	if (r->n == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : 64;
		int64_t *us = realloc(r->ev_us, cap * sizeof *us);
		char *letters;

		if (us)
			r->ev_us = us;
		letters = us ? realloc(r->ev_kind, cap) : NULL;
		if (!letters) {
			r->no_memory = true;
			return;
		}
		r->ev_kind = letters;
		r->cap = cap;
	}
	r->output += kind == 't' || kind == 'c' || kind == 'f';
	r->ev_us[r->n] = r->now_us;
	r->ev_kind[r->n++] = kind;
}

static void
replace(struct reply *r, char **field, struct span raw)
{
	char *copy = strndup(raw.s, raw.n);

	if (!copy)
		r->no_memory = true;
	free(*field);
	*field = copy;
}

static void
add_text(struct reply *r, struct span raw)
{
	if (room(r, &r->text, &r->text_cap, r->text_len + raw.n + 1))
		r->text_len += span_decode(raw, r->text + r->text_len);
}

static void
fail_event(struct reply *r, const struct event *e)
{
	char words[128], *decoded;

	if (e->broken) {
		snprintf(words, sizeof words, "%s %zu could not be read: %s",
		         "event", r->n, e->why);
		fail_plainly(r, "protocol", words);
	} else if (!e->message_is_text) {
		reply_fail(r, "stream", e->message.s, e->message.n);
	} else if ((decoded = malloc(e->message.n + 1))) {
		reply_fail(r, "stream", decoded, span_decode(e->message, decoded));
		free(decoded);
	}
}

static void
take_event(void *ctx, const char *name, const char *data, size_t len)
{
	struct reply *r = ctx;
	struct event e;

	if (r->done)
		return;
	r->read(name, data, len, &e);
	add_event(r, e.kind);
	if (e.kind == 'e')
		fail_event(r, &e);
	if (e.broken)
		return;
	if (e.has_usage)
		r->usage = e.usage;
	if (e.finish.s)
		replace(r, &r->finish, e.finish);
	if (e.timings.s)
		replace(r, &r->timings, e.timings);
	if (e.text.s && r->keep_text)
		add_text(r, e.text);
	if (e.calls.s && r->keep_text)
		calls_add(&r->calls, e.calls);
	r->no_memory |= r->calls.no_memory;
	r->done = e.kind == 'd';
}

/* Whether the n bytes at s begin with `with`, or could once more of them came. */
static bool
may_start(const char *s, size_t n, const char *with)
{
	size_t len = strlen(with);

	return memcmp(s, with, n < len ? n : len) == 0;
}

/* What a body is that begins with these n bytes; REPLY_UNKNOWN: too few to tell. */
static int
shape_of(const char *s, size_t n)
{
	static const char *const fields[] = {"data:", "event:", "id:", "retry:", ":", "\n", "\r", NULL};
	size_t blanks = strspn(s, " \t");

	if (blanks < n && (s[blanks] == '{' || s[blanks] == '['))
		return REPLY_JSON;
	if (blanks == n)
		return REPLY_UNKNOWN;
	for (const char *const *f = fields; *f; f++)
		if (may_start(s, n, *f))
			return n < strlen(*f) ? REPLY_UNKNOWN : REPLY_SSE;
	return REPLY_OTHER;
}

static void
decide_shape(struct reply *r)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t skip = may_start(r->body, r->body_len, bom) ? sizeof bom - 1 : 0;

	if (r->body_len <= skip)
		return;
	r->body_len -= skip;
	memmove(r->body, r->body + skip, r->body_len + 1);
	r->shape = shape_of(r->body, r->body_len);
}

static void
feed_sse(struct reply *r, const char *bytes, size_t n)
{
	if (!sse_feed(&r->sse, bytes, n, take_event, r))
		fail_plainly(r, "protocol", "an event is larger than 256 MiB");
}

/* Of a body that is no reply its start is enough; any other is kept whole, also while too little
 * has come to tell. */
static void
feed_body(struct reply *r, const char *bytes, size_t n)
{
	bool whole = !r->http_error && r->shape != REPLY_OTHER;
	size_t most = whole ? JSON_BODY_MAX : 2 * REPLY_MESSAGE;
	size_t left = most > r->body_len ? most - r->body_len : 0;

	if (n > left && whole) {
		fail_plainly(r, "protocol", "the reply is larger than 256 MiB");
		return;
	}
	n = n < left ? n : left;
	if (!room(r, &r->body, &r->body_cap, r->body_len + n + 1))
		return;
	memcpy(r->body + r->body_len, bytes, n);
	r->body_len += n;
	r->body[r->body_len] = '\0';
}

void
reply_feed(struct reply *r, const char *bytes, size_t n, int64_t t_us)
{
	if (n == 0)
		return;
	r->now_us = r->last_us = t_us;
	if (!r->first_us)
		r->first_us = t_us;
	r->bytes += (int64_t)n;
	if (r->done)
		return;
	if (r->shape == REPLY_SSE && !r->http_error) {
		feed_sse(r, bytes, n);
		return;
	}
	feed_body(r, bytes, n);
	if (r->shape != REPLY_UNKNOWN || r->http_error || !r->body)
		return;
	decide_shape(r);
	if (r->shape == REPLY_SSE) {
		r->streamed = true;
		feed_sse(r, r->body, r->body_len);
	}
}

/* An answer that is not 2xx: the server's own message, or the start of its body. */
static void
end_http_error(struct reply *r)
{
	struct event e;
	char *decoded;

	event_openai("error", r->body ? r->body : "", r->body_len, &e);
	if (e.message_is_text && (decoded = malloc(e.message.n + 1))) {
		reply_fail(r, "http", decoded, span_decode(e.message, decoded));
		free(decoded);
	} else {
		reply_fail(r, "http", r->body ? r->body : "", r->body_len);
	}
}

void
reply_end(struct reply *r, int64_t t_us)
{
	if (r->http_error) {
		end_http_error(r);
		return;
	}
	if (!r->last_us)
		r->last_us = t_us;
	r->now_us = r->last_us;
	if (r->shape == REPLY_SSE) {
		r->streamed = true;
		sse_end(&r->sse, take_event, r);
		if (!r->done && !r->finish)
			fail_plainly(r, "stream", "truncated: the stream ended without [DONE] or a finish_reason");
	} else if (r->shape == REPLY_JSON) {
		take_event(r, "", r->body, r->body_len);
	} else {
		fail_plainly(r, "protocol", r->body_len ? "neither an event stream nor JSON" : "an empty reply");
	}
}
