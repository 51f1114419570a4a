/* request: see request.h. */
#include "request.h"

#include "scan.h"

#include <stdlib.h>
#include <string.h>

#define AT_MOST ((int64_t)1 << 53) /* later than ever; sums of times cannot overflow */

/* What sendreq itself writes into the response record: a request's field of that name
 * does not pass. */
static const char *const ours[] = {"target", "due_us", "sent_us", "connect_us", "first_byte_us", "end_us", "status",
	"streamed", "connects", "ev_us", "ev_kind", "usage", "finish", "timings", "text", "calls", "http", "bytes_in",
	"bytes_out", "part", "final", "error", "at_us", "think_us", NULL};

static bool
is_ours(struct span key)
{
	for (const char *const *name = ours; *name; name++)
		if (span_is(key, *name))
			return true;
	return false;
}

static void
take_natural(struct scan *s, int64_t *v, int64_t most, const char *why)
{
	*v = -1;
	if (!scan_take_int(s, v) || *v < 0 || *v > most)
		scan_fail(s, why);
}

static void
take_text(struct scan *s, struct span *raw, const char *why)
{
	if (scan_kind(s) != SCAN_STRING)
		scan_fail(s, why);
	else
		scan_string(s, raw);
}

/* These pass through as well. */
static void
look_at(struct scan *s, struct request *q, struct span key, struct span value)
{
	struct scan inner;

	if (span_is(key, "phase"))
		q->warmup = value.n > 2 && span_is((struct span){value.s + 1, value.n - 2}, "warmup");
	else if (span_is(key, "session") && (*value.s == '"' || *value.s == '-' || (*value.s >= '0' && *value.s <= '9')))
		q->session = value;
	else if (span_is(key, "session") && *value.s != 'n')
		scan_fail(s, "session is neither a string nor a number");
	scan_start(&inner, value.s, value.n);
	if (span_is(key, "turn"))
		scan_take_int(&inner, &q->turn);
	else if (span_is(key, "turns"))
		scan_take_int(&inner, &q->turns);
}

/* Everything that is not needed here passes through as it stands. */
static void
pass(struct scan *s, struct request *q, struct span key)
{
	struct span value;

	if (!scan_value(s, &value) || is_ours(key))
		return;
	look_at(s, q, key, value);
	if (q->n_pass == REQUEST_FIELDS) {
		scan_fail(s, "more than 32 fields to pass on");
		return;
	}
	q->pass[q->n_pass].key = key;
	q->pass[q->n_pass++].value = value;
}

static void
take_member(struct scan *s, struct request *q, struct span key, struct span *api)
{
	if (span_is(key, "id")) {
		take_natural(s, &q->id, INT64_MAX, "id is not a whole number from 0 up");
	} else if (span_is(key, "at_us")) {
		take_natural(s, &q->at_us, AT_MOST, "at_us is not a whole number from 0 to 2^53");
	} else if (span_is(key, "think_us")) {
		take_natural(s, &q->think_us, AT_MOST, "think_us is not a whole number from 0 to 2^53");
	} else if (span_is(key, "api")) {
		take_text(s, api, "api is not a string");
	} else if (span_is(key, "path")) {
		take_text(s, &q->path, "path is not a string");
	} else if (span_is(key, "method")) {
		take_text(s, &q->method, "method is not a string");
	} else if (span_is(key, "body")) {
		scan_value(s, &q->body);
	} else if (span_is(key, "tags")) {
		if (scan_kind(s) != SCAN_OBJECT)
			scan_fail(s, "tags is not an object");
		scan_value(s, &q->tags);
	} else {
		pass(s, q, key);
	}
}

static void
look_into_body(struct request *q)
{
	struct scan s;
	struct span key, value;

	scan_start(&s, q->body.s, q->body.n);
	if (!q->body.s || scan_kind(&s) != SCAN_OBJECT || !scan_object(&s))
		return;
	while (scan_member(&s, &key) && scan_value(&s, &value))
		if (span_is(key, "stream"))
			q->stream = value.s[0] == 't';
		else if (q->session.s && span_is(key, "messages"))
			q->messages = value;
}

/* Nothing that could smuggle a second header or request line onto the wire. */
static bool
is_token(struct span s, bool path)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] <= ' ' || s.s[i] == 0x7f || s.s[i] == '\\' ||
		    (!path && (s.s[i] < 'A' || s.s[i] > 'Z')))
			return false;
	return s.n > 0 && (!path || s.s[0] == '/');
}

static const char *
check_turn(const struct request *q)
{
	if (!q->api->messages)
		return "a session: only with api openai-chat";
	if (!q->messages.s || *q->messages.s != '[')
		return "a turn of a session without body.messages";
	if (q->turn < 1)
		return "a session, but turn is not a whole number from 1";
	if (q->turns < 0 || (q->turns > 0 && q->turn > q->turns))
		return "turn is above turns";
	if (q->turn > 1 && q->at_us >= 0)
		return "at_us: a session's first turn alone has one";
	return NULL;
}

static const char *
check(struct request *q, struct span api)
{
	q->api = api.s ? api_named(api) : &apis[0];
	if (q->id < 0)
		return "no id";
	if (!q->api)
		return "api is none of " API_KNOWN;
	if (!q->path.s)
		q->path = (struct span){q->api->path, strlen(q->api->path)};
	if (!is_token(q->path, true))
		return "path is not a path such as /v1/completions";
	if (q->method.s && !is_token(q->method, false))
		return "method is not an HTTP method such as POST";
	look_into_body(q);
	return q->session.s ? check_turn(q) : NULL;
}

const char *
request_read(struct request *q, char *line, size_t len, size_t *column)
{
	struct scan s;
	struct span key, api = {0};

	*q = (struct request){.id = -1, .at_us = -1};
	scan_start(&s, line, len);
	scan_object(&s);
	while (scan_member(&s, &key))
		take_member(&s, q, key, &api);
	if (!scan_end(&s)) {
		*column = scan_column(&s);
		return s.why;
	}
	*column = 0;
	q->line = line;
	q->len = len;
	return check(q, api);
}

void
request_free(struct request *q)
{
	free(q->line);
	free(q->history_body);
	q->line = q->history_body = NULL;
}
