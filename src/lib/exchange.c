/* exchange: see exchange.h. */
#include "exchange.h"

#include "put.h"
#include "scan.h"

#include <inttypes.h>
#include <string.h>

static void
put_count(FILE *f, const char *key, int64_t n)
{
	if (n < 0)
		fprintf(f, "\"%s\":null", key);
	else
		fprintf(f, "\"%s\":%" PRId64, key, n);
}

static void
put_events(FILE *f, const struct exchange *x)
{
	const struct reply *r = &x->reply;

	fputs(",\"ev_us\":[", f);
	for (size_t i = 0; i < r->n; i++) {
		if (i)
			putc(',', f);
		put_int(f, r->ev_us[i] - x->sent_us);
	}
	fputs("],\"ev_kind\":\"", f);
	fwrite(r->n ? r->ev_kind : "", 1, r->n, f);
	putc('"', f);
}

static void
put_usage(FILE *f, const struct usage *u)
{
	if (u->prompt < 0 && u->completion < 0 && u->cached < 0 && u->reasoning < 0) {
		fputs(",\"usage\":null", f);
		return;
	}
	fputs(",\"usage\":{", f);
	put_count(f, "prompt_tokens", u->prompt);
	putc(',', f);
	put_count(f, "completion_tokens", u->completion);
	putc(',', f);
	put_count(f, "cached_tokens", u->cached);
	putc(',', f);
	put_count(f, "reasoning_tokens", u->reasoning);
	putc('}', f);
}

static void
put_error(FILE *f, const struct exchange *x)
{
	const struct reply *r = &x->reply;

	if (!r->error) {
		fputs(",\"error\":null", f);
		return;
	}
	fprintf(f, ",\"error\":{\"kind\":\"%s\",\"status\":", r->error);
	if (x->status)
		fprintf(f, "%ld", x->status);
	else
		fputs("null", f);
	fputs(",\"message\":", f);
	put_string(f, r->message ? r->message : "", r->message ? strlen(r->message) : 0);
	putc(',', f);
	put_count(f, "retry_after_s", x->retry_after_s);
	putc('}', f);
}

static void
put_passed(FILE *f, const struct request *q)
{
	for (int i = 0; i < q->n_pass; i++) {
		fputs(",\"", f);
		put_raw(f, q->pass[i].key);
		fputs("\":", f);
		put_raw(f, q->pass[i].value);
	}
}

/* The object as it is, and in it the stage, unless it names one or there is none. */
static void
put_tags(FILE *f, struct span tags, const char *stage)
{
	struct scan s;
	struct span key;
	bool first = true;

	scan_start(&s, tags.s, tags.n);
	scan_object(&s);
	while (scan_member(&s, &key) && scan_value(&s, NULL)) {
		first = false;
		if (span_is(key, "stage"))
			stage = NULL;
	}
	if (stage)
		tags.n--;
	put_raw(f, tags);
	if (stage)
		fprintf(f, "%s\"stage\":\"%s\"}", first ? "" : ",", stage);
}

void
exchange_put(FILE *f, const struct exchange *x)
{
	const struct reply *r = &x->reply;
	const struct request *q = x->request;

	fprintf(f, "{\"id\":%" PRId64 ",\"tags\":", q->id);
	put_tags(f, q->tags.s ? q->tags : (struct span){"{}", 2}, q->stage);
	fputs(",\"target\":", f);
	if (x->target)
		put_string(f, x->target, strlen(x->target));
	else
		fputs("null", f);
	fprintf(f, ",\"due_us\":%" PRId64 ",", x->due_us);
	put_count(f, "sent_us", x->target ? x->sent_us : -1);
	putc(',', f);
	put_count(f, "connect_us", x->target ? x->connect_us : -1);
	putc(',', f);
	put_count(f, "first_byte_us", r->first_us ? r->first_us - x->sent_us : -1);
	fprintf(f, ",\"end_us\":%" PRId64 ",\"status\":", x->end_us);
	if (x->status)
		fprintf(f, "%ld", x->status);
	else
		fputs("null", f);
	fprintf(f, ",\"streamed\":%s,\"connects\":%ld", r->streamed ? "true" : "false", x->connects);
	put_events(f, x);
	put_usage(f, &r->usage);
	if (r->finish)
		fprintf(f, ",\"finish\":\"%s\"", r->finish);
	else
		fputs(",\"finish\":null", f);
	if (r->timings)
		fprintf(f, ",\"timings\":%s", r->timings);
	if (r->keep_text) {
		fputs(",\"text\":", f);
		put_string(f, r->text ? r->text : "", r->text_len);
		if (r->calls.n) {
			fputs(",\"calls\":", f);
			calls_put(f, &r->calls);
		}
	}
	fprintf(f, ",\"bytes_in\":%" PRId64 ",\"bytes_out\":%" PRId64, r->bytes, x->bytes_out);
	if (x->http2)
		fputs(",\"http\":\"2\"", f);
	if (x->part > 1)
		fprintf(f, ",\"part\":%d", x->part);
	fprintf(f, ",\"final\":%s", x->final ? "true" : "false");
	put_error(f, x);
	put_passed(f, q);
	fputs("}\n", f);
}

bool
exchange_ok(const struct exchange *x)
{
	const struct reply *r = &x->reply;

	return !r->error && x->status >= 200 && x->status < 300 &&
	       (r->output > 0 || (r->n && memchr(r->ev_kind, 'o', r->n)));
}
