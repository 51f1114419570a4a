/* wire_transfer: see wire_transfer.h. */
#include "wire_transfer.h"

#include "wire_easy.h"

#include <stdio.h>
#include <stdlib.h>

#define AFTER_DONE_US 50000       /* for the body's end to follow [DONE] */
#define ERROR_BODY_MAX (1L << 20) /* of an answer that is not 2xx: enough is enough */

static void
set_timer(struct event *e, int64_t us)
{
	struct timeval tv = {us / 1000000, us % 1000000};

	evtimer_add(e, &tv);
}

/* Of libcurl's transfers, libcurl itself watches the whole. */
void
transfer_arm(struct transfer *t)
{
	const struct wire_options *o = &t->wire->o;
	bool first = o->first_us && t->request.stream && t->x.reply.n == 0, total = t->plain && o->total_us;
	int64_t us = first && (!total || o->first_us < o->total_us) ? o->first_us : o->total_us;

	if (first || total)
		set_timer(t->deadline, t->x.sent_us + us - clock_us(o->clock));
	else
		evtimer_del(t->deadline);
}

/* Content of a reply that came at t_us.  False: no more of it. */
static bool
take(struct transfer *t, long status, const char *bytes, size_t n, int64_t t_us)
{
	struct reply *r = &t->x.reply;
	size_t events = r->n, output = r->output;

	if (!r->bytes) {
		t->x.status = status;
		r->http_error = status < 200 || status > 299;
	}
	reply_feed(r, bytes, n, t_us);
	t->wire->output += (int64_t)(r->output - output);
	if (r->output && !output && t->wire->lag.woke_us) {
		t->wire->lag.first++;
		if (t_us > t->wire->lag.woke_us) /* the kernel's stamp may be from before that: not late at all */
			t->wire->lag.first_us += t_us - t->wire->lag.woke_us;
	}
	if (r->done && t->x.end_us == 0) {
		t->x.end_us = t_us;
		set_timer(t->deadline, AFTER_DONE_US);
	} else if (r->n > events && !events) {
		transfer_arm(t);
	}
	return !(r->no_memory || (r->http_error && r->bytes > ERROR_BODY_MAX));
}

bool
transfer_content(void *ctx, const char *bytes, size_t n, int64_t t_us)
{
	struct transfer *t = ctx;

	return take(t, t->call.answer.status, bytes, n, t_us);
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	int64_t now = clock_us(t->wire->o.clock);
	long status = t->x.status;

	if (!t->x.reply.bytes)
		curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return take(t, status, bytes, size * n, now) ? size * n : CURL_WRITEFUNC_ERROR;
}

/* An easy handle with what is the same for every request. */
static bool
take_easy(struct wire *w, struct transfer *t)
{
	if (t->easy)
		curl_easy_reset(t->easy); /* else it adds up the retries of all its transfers, and gives up at five */
	else if (!(t->easy = curl_easy_init()))
		return false;
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
	wire_easy_set(t->easy, &w->o);
	wire_easy_errno(t->easy, &t->call.os_error);
	return true;
}

/* By libcurl. */
static bool
send_easy(struct transfer *t, const struct target *to)
{
	struct wire *w = t->wire;
	const struct request *q = &t->request;
	char *url = target_url(to, q->path);

	if (!url || !take_easy(w, t)) {
		free(url);
		return false;
	}
	if (t->h2)
		wire_h2_send(t->h2, t->easy, url);
	t->headers = (struct curl_slist){t->id_header, w->headers};
	wire_easy_request(t->easy, q, url, &t->headers);
	free(url);
	t->x.sent_us = clock_us(w->o.clock);
	if (curl_multi_add_handle(w->curl.multi, t->easy) != CURLM_OK)
		return false;
	evcurl_kick(&w->curl);
	return true;
}

bool
transfer_send(struct transfer *t, int i)
{
	struct wire *w = t->wire;
	const struct request *q = &t->request;

	t->h2 = w->o.http2 ? &w->h2[i] : NULL;
	t->plain = w->plain[i] && plain_takes(w->plain[i], q->path);
	snprintf(t->id_header, sizeof t->id_header, "X-Request-Id: %08x-%lld", w->run, (long long)q->id);
	t->x.sent_us = clock_us(w->o.clock);
	return t->plain ? plain_send(w->plain[i], &t->call, q, t->id_header) : send_easy(t, &w->targets[i]);
}

void
transfer_collect(struct transfer *t)
{
	struct exchange *x = &t->x;

	if (t->plain) {
		x->status = t->call.answer.status;
		x->connects = t->call.connects;
		x->connect_us = t->call.connect_us;
		x->retry_after_s = plain_retry_after(&t->call);
	} else {
		wire_easy_collect(t->easy, x);
	}
	if (x->reply.usage.completion >= 0)
		t->wire->output += x->reply.usage.completion - (int64_t)x->reply.output;
}

struct transfer *
transfer_take(struct wire *w, event_callback_fn deadline)
{
	struct transfer *t = w->idle;

	if (t) {
		w->idle = t->next;
		return t;
	}
	if (!(t = calloc(1, sizeof *t)))
		return NULL;
	t->wire = w;
	t->call.owner = t;
	if (!(t->deadline = evtimer_new(w->o.base, deadline, t))) {
		free(t);
		return NULL;
	}
	return t;
}

void
transfer_retire(struct transfer *t)
{
	struct wire *w = t->wire;

	evtimer_del(t->deadline);
	reply_free(&t->x.reply);
	free(t->x.record);
	request_free(&t->request);
	t->next = w->idle;
	w->idle = t;
}

void
transfer_free(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	event_free(t->deadline);
	text_free(&t->call.head);
	free(t);
}
