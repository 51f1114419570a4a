/* wire: see wire.h.
 *
 * A transfer lives in one easy handle; both are kept for reuse.  Whatever libcurl completed
 * is read by wire_poll(), never inside one of libcurl's callbacks. */
#include "wire.h"

#include "evcurl.h"
#include "target.h"
#include "wire_easy.h"
#include "wire_h2.h"
#include "wire_judge.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define AFTER_DONE_US 50000       /* for the body's end to follow [DONE] */
#define ERROR_BODY_MAX (1L << 20) /* of an answer that is not 2xx: enough is enough */

struct transfer {
	struct exchange x;
	struct request request;
	struct wire *wire;
	CURL *easy;
	struct event *deadline;
	struct curl_slist headers; /* X-Request-Id, and then the common ones */
	char id_header[64], error[CURL_ERROR_SIZE];
	struct wire_h2 *h2; /* its target's; NULL: HTTP/1.1 was asked for */
	bool late; /* the deadline for the first event passed */
	struct transfer *next, *prev;
};

struct wire {
	struct wire_options o;
	struct evcurl curl;
	struct curl_slist *headers;
	struct target *targets;
	struct wire_h2 *h2; /* of each target */
	struct transfer *flying, *idle;
	uint32_t run; /* random: tells this run's requests from any other's in server logs */
	int next_target;
	int64_t in_flight, output;
	struct wire_lag lag;
};

void
wire_woke(struct wire *w)
{
	struct wire_lag *l = &w->lag;

	if (l->woke_us)
		return;
	l->woke_us = clock_us(w->o.clock);
	if (l->beat_us && l->beat_us < l->woke_us)
		l->woke_us = l->beat_us;
}

static void
set_timer(struct event *e, int64_t us)
{
	struct timeval tv = {us / 1000000, us % 1000000};

	evtimer_add(e, &tv);
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	struct reply *r = &t->x.reply;
	int64_t now = clock_us(t->wire->o.clock);
	size_t events = r->n, output = r->output;

	if (!r->bytes) {
		curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &t->x.status);
		r->http_error = t->x.status < 200 || t->x.status > 299;
	}
	reply_feed(r, bytes, size * n, now);
	t->wire->output += (int64_t)(r->output - output);
	if (r->output && !output && t->wire->lag.woke_us) {
		t->wire->lag.first++;
		t->wire->lag.first_us += now - t->wire->lag.woke_us;
	}
	if (r->n > events && !events)
		evtimer_del(t->deadline);
	if (r->done && t->x.end_us == 0) {
		t->x.end_us = now;
		set_timer(t->deadline, AFTER_DONE_US);
	}
	if (r->no_memory || (r->http_error && r->bytes > ERROR_BODY_MAX))
		return CURL_WRITEFUNC_ERROR;
	return size * n;
}

/* Take what libcurl knows about the finished transfer. */
static void
collect(struct transfer *t)
{
	struct exchange *x = &t->x;
	curl_off_t connect = 0, tls = 0, retry = 0;
	long version = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &x->status);
	curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &x->connects);
	curl_easy_getinfo(t->easy, CURLINFO_CONNECT_TIME_T, &connect);
	curl_easy_getinfo(t->easy, CURLINFO_APPCONNECT_TIME_T, &tls);
	curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &retry);
	curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
	x->http2 = version == CURL_HTTP_VERSION_2_0;
	x->connect_us = x->connects ? (tls > connect ? tls : connect) : 0;
	x->retry_after_s = retry > 0 ? (long)retry : -1;
	if (x->reply.usage.completion >= 0)
		t->wire->output += x->reply.usage.completion - (int64_t)x->reply.output;
}

static void
retire(struct transfer *t)
{
	struct wire *w = t->wire;

	evtimer_del(t->deadline);
	reply_free(&t->x.reply);
	free(t->x.record);
	request_free(&t->request);
	t->next = w->idle;
	w->idle = t;
}

/* The transfer is over, one way or the other: out with it. */
static void
finish(struct transfer *t, CURLcode result)
{
	struct wire *w = t->wire;
	long os_error = 0;

	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os_error);
	collect(t);
	if (!t->x.reply.done)
		wire_judge(&t->x, t->easy, result, t->late, t->error, &w->o);
	if (t->h2)
		wire_h2_done(t->h2, t->x.http2 && !t->x.reply.error);
	curl_multi_remove_handle(w->curl.multi, t->easy);
	if (t->prev)
		t->prev->next = t->next;
	else
		w->flying = t->next;
	if (t->next)
		t->next->prev = t->prev;
	w->in_flight--;
	w->o.done(w->o.ctx, &t->x, result != CURLE_OK && (os_error == EMFILE || os_error == ENFILE));
	retire(t);
}

bool
wire_poll(struct wire *w, int n)
{
	CURLMsg *m;
	int left = 0;

	while (n-- > 0 && (m = curl_multi_info_read(w->curl.multi, &left))) {
		struct transfer *t;
		CURLcode result = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		finish(t, result);
	}
	return left > 0;
}

static void
on_deadline(evutil_socket_t fd, short what, void *ctx)
{
	struct transfer *t = ctx;
	struct wire *w = t->wire;

	(void)fd, (void)what;
	wire_woke(w);
	t->late = !t->x.reply.done;
	finish(t, t->late ? CURLE_OPERATION_TIMEDOUT : CURLE_OK);
}

static void
before_action(void *ctx)
{
	wire_woke(ctx);
}

/* The options that are the same for every request of this handle. */
static void
set_up(struct wire *w, struct transfer *t)
{
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
	wire_easy_set(e, &w->o);
}

static struct transfer *
take_transfer(struct wire *w)
{
	struct transfer *t = w->idle;

	if (t) {
		w->idle = t->next;
		curl_easy_reset(t->easy); /* else it adds up the retries of all its transfers, and gives up at five */
		set_up(w, t);
		return t;
	}
	if (!(t = calloc(1, sizeof *t)))
		return NULL;
	t->wire = w;
	t->easy = curl_easy_init();
	t->deadline = evtimer_new(w->o.base, on_deadline, t);
	if (!t->easy || !t->deadline) {
		curl_easy_cleanup(t->easy);
		if (t->deadline)
			event_free(t->deadline);
		free(t);
		return NULL;
	}
	set_up(w, t);
	return t;
}

/* The request line, the headers and the body of this one request. */
static bool
address(struct transfer *t, const struct target *to)
{
	struct wire *w = t->wire;
	const struct request *q = &t->request;
	char *url = target_url(to, q->path), method[32];

	if (!url)
		return false;
	curl_easy_setopt(t->easy, CURLOPT_URL, url);
	if (t->h2)
		wire_h2_send(t->h2, t->easy, url);
	free(url);
	snprintf(t->id_header, sizeof t->id_header, "X-Request-Id: %08x-%lld", w->run, (long long)q->id);
	t->headers = (struct curl_slist){t->id_header, w->headers};
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, &t->headers);
	curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, NULL);
	if (q->body.s) {
		curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, q->body.s);
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.n);
	} else {
		curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
	}
	if (q->method.s) {
		snprintf(method, sizeof method, "%.*s", (int)q->method.n, q->method.s);
		if (strcmp(method, q->body.s ? "POST" : "GET") != 0)
			curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, method);
	}
	return true;
}

bool
wire_send(struct wire *w, struct request *q, int64_t due_us)
{
	struct transfer *t = take_transfer(w);
	const struct target *to = &w->targets[w->next_target];
	bool good;

	if (!t)
		return false;
	t->request = *q;
	t->x = (struct exchange){.request = &t->request, .target = to->shown, .due_us = due_us, .retry_after_s = -1,
		.bytes_out = (int64_t)q->body.n, .final = true, .part = w->o.part};
	t->h2 = w->o.http2 ? &w->h2[w->next_target] : NULL;
	t->late = false;
	t->error[0] = '\0';
	reply_start(&t->x.reply, q->api->read, w->o.keep_text || q->talk);
	good = address(t, to);
	t->x.sent_us = clock_us(w->o.clock);
	if (!good || curl_multi_add_handle(w->curl.multi, t->easy) != CURLM_OK) {
		t->request = (struct request){0}; /* it stays the caller's */
		retire(t);
		return false;
	}
	w->next_target = (w->next_target + 1) % w->o.n_urls;
	t->prev = NULL;
	t->next = w->flying;
	if (w->flying)
		w->flying->prev = t;
	w->flying = t;
	w->in_flight++;
	if (w->o.first_us && q->stream)
		set_timer(t->deadline, w->o.first_us);
	evcurl_kick(&w->curl);
	return true;
}

void
wire_cancel(struct wire *w)
{
	static const char cancelled[] = "cancelled: the run was interrupted";

	while (w->flying) {
		struct transfer *t = w->flying;

		if (!t->x.reply.done) {
			reply_fail(&t->x.reply, "cancelled", cancelled, strlen(cancelled));
			t->x.final = strcmp(t->x.reply.error, "cancelled") != 0;
		}
		finish(t, CURLE_ABORTED_BY_CALLBACK);
	}
}

int64_t
wire_in_flight(const struct wire *w)
{
	return w->in_flight;
}

int64_t
wire_output(const struct wire *w)
{
	return w->output;
}

struct wire_lag *
wire_lag(struct wire *w)
{
	return &w->lag;
}

void
wire_close(struct wire *w)
{
	while (w->idle) {
		struct transfer *t = w->idle;

		w->idle = t->next;
		curl_easy_cleanup(t->easy);
		event_free(t->deadline);
		free(t);
	}
	for (int i = 0; i < w->o.n_urls; i++)
		target_free(&w->targets[i]);
	evcurl_close(&w->curl);
	curl_slist_free_all(w->headers);
	free(w->targets);
	free(w->h2);
	free(w);
	curl_global_cleanup();
}

struct wire *
wire_open(const struct wire_options *o, const char **why, const char **bad_url)
{
	struct wire *w = calloc(1, sizeof *w);

	*why = "out of memory";
	*bad_url = NULL;
	if (!w || curl_global_init(CURL_GLOBAL_DEFAULT) != 0 ||
	    !evcurl_open(&w->curl, o->base, before_action, w) ||
	    !(w->targets = calloc((size_t)o->n_urls, sizeof *w->targets)) ||
	    !(w->h2 = calloc((size_t)o->n_urls, sizeof *w->h2)))
		return NULL;
	w->o = *o;
	if (getrandom(&w->run, sizeof w->run, 0) != sizeof w->run || !(w->headers = wire_easy_headers(o)))
		return NULL;
	for (int i = 0; i < o->n_urls; i++)
		if ((*why = target_read(o->urls[i], &w->targets[i]))) {
			*bad_url = target_called(o->urls[i]);
			wire_close(w);
			return NULL;
		}
	curl_multi_setopt(w->curl.multi, CURLMOPT_MAXCONNECTS, 1L << 17);
	return w;
}
