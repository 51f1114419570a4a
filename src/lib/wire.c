/* wire: see wire.h.
 *
 * A transfer is plain.c's, or it lives in an easy handle of libcurl's; what can be used again is kept.  Whatever is
 * complete is taken by wire_poll(), never inside a callback. */
#include "wire.h"

#include "proxy.h"
#include "wire_easy.h"
#include "wire_judge.h"
#include "wire_transfer.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

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
on_over(void *ctx, CURLcode result, const char *words)
{
	struct transfer *t = ctx;
	struct wire *w = t->wire;

	t->result = result;
	snprintf(t->error, sizeof t->error, "%s", words);
	evtimer_del(t->deadline);
	t->next_over = NULL;
	*w->last_over = t;
	w->last_over = &t->next_over;
}

/* The transfer is over, one way or the other: out with it. */
static void
finish(struct transfer *t, CURLcode result)
{
	struct wire *w = t->wire;
	CURL *easy = t->plain ? t->call.easy : t->easy;
	const char *words = t->plain && easy ? t->call.error : t->error;
	bool no_file = result != CURLE_OK && (t->call.os_error == EMFILE || t->call.os_error == ENFILE);

	transfer_collect(t);
	if (!t->x.reply.done)
		wire_judge(&t->x, &(struct wire_end){.easy = easy, .result = result, .first_late = t->late,
			.location = t->plain ? t->call.answer.location : NULL,
			.words = no_file ? strerror(t->call.os_error) : words}, &w->o);
	if (t->h2)
		wire_h2_done(t->h2, t->x.http2 && !t->x.reply.error);
	if (t->plain)
		plain_end(&t->call);
	else
		curl_multi_remove_handle(w->curl.multi, t->easy);
	if (t->prev)
		t->prev->next = t->next;
	else
		w->flying = t->next;
	if (t->next)
		t->next->prev = t->prev;
	w->in_flight--;
	w->o.done(w->o.ctx, &t->x, no_file);
	transfer_retire(t);
}

bool
wire_poll(struct wire *w, int n)
{
	CURLMsg *m;
	struct transfer *t;
	int left = 0;

	for (; n > 0 && (t = w->over); n--) {
		w->over = t->next_over;
		if (!w->over)
			w->last_over = &w->over;
		finish(t, t->result);
	}
	for (; n > 0 && (m = curl_multi_info_read(w->curl.multi, &left)); n--) {
		CURLcode result = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		if (!t->plain || !plain_connected(&t->call, result))
			finish(t, result != CURLE_OK ? result : t->plain ? CURLE_COULDNT_CONNECT : CURLE_OK);
	}
	return n == 0 || w->over; /* n 0: there may be more */
}

static void
on_deadline(evutil_socket_t fd, short what, void *ctx)
{
	struct transfer *t = ctx;
	struct wire *w = t->wire;

	(void)fd, (void)what;
	wire_woke(w);
	t->late = !t->x.reply.done && w->o.first_us && t->request.stream && t->x.reply.n == 0 &&
	          clock_us(w->o.clock) - t->x.sent_us >= w->o.first_us;
	finish(t, t->x.reply.done ? CURLE_OK : CURLE_OPERATION_TIMEDOUT);
}

static void
before_action(void *ctx)
{
	wire_woke(ctx);
}

bool
wire_send(struct wire *w, struct request *q, int64_t due_us)
{
	struct transfer *t = transfer_take(w, on_deadline);

	if (!t)
		return false;
	t->request = *q;
	t->x = (struct exchange){.request = &t->request, .target = w->targets[w->next_target].shown, .due_us = due_us,
		.retry_after_s = -1, .bytes_out = (int64_t)q->body.n, .final = true, .part = w->o.part};
	t->late = false;
	t->error[0] = '\0';
	reply_start(&t->x.reply, q->api->read, w->o.keep_text || q->talk);
	if (!transfer_send(t, w->next_target)) {
		t->request = (struct request){0}; /* it stays the caller's */
		plain_end(&t->call);
		transfer_retire(t);
		return false;
	}
	w->next_target = (w->next_target + 1) % w->o.n_urls;
	t->prev = NULL;
	t->next = w->flying;
	if (w->flying)
		w->flying->prev = t;
	w->flying = t;
	w->in_flight++;
	transfer_arm(t);
	return true;
}

void
wire_cancel(struct wire *w)
{
	static const char cancelled[] = "cancelled: the run was interrupted";

	while (w->over)
		wire_poll(w, 1);
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
		transfer_free(t);
	}
	for (int i = 0; i < w->o.n_urls; i++) {
		plain_close(w->plain[i]);
		target_free(&w->targets[i]);
	}
	evcurl_close(&w->curl);
	curl_slist_free_all(w->headers);
	free(w->targets);
	free(w->h2);
	free(w->plain);
	free(w);
	curl_global_cleanup();
}

/* What goes through a proxy, or is to be HTTP/2 or compressed, is libcurl's. */
static bool
open_plain(struct wire *w, int i)
{
	char proxy[300];
	struct plain_options o = {.wire = &w->o, .target = &w->targets[i], .curl = &w->curl, .headers = w->headers,
		.before = before_action, .ctx = w, .content = transfer_content, .over = on_over};

	if (w->o.http2 || w->o.compressed || proxy_name(w->o.proxy, w->targets[i].shown, proxy, sizeof proxy))
		return true;
	return (w->plain[i] = plain_open(&o)) || errno == 0;
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
	    !(w->h2 = calloc((size_t)o->n_urls, sizeof *w->h2)) ||
	    !(w->plain = calloc((size_t)o->n_urls, sizeof *w->plain)))
		return NULL;
	w->last_over = &w->over;
	w->o = *o;
	if (getrandom(&w->run, sizeof w->run, 0) != sizeof w->run || !(w->headers = wire_easy_headers(o)))
		return NULL;
	for (int i = 0; i < o->n_urls; i++) {
		if ((*why = target_read(o->urls[i], &w->targets[i])))
			*bad_url = target_called(o->urls[i]);
		else if (!open_plain(w, i))
			*why = "out of memory";
		if (*why) {
			wire_close(w);
			return NULL;
		}
	}
	curl_multi_setopt(w->curl.multi, CURLMOPT_MAXCONNECTS, 1L << 17);
	return w;
}
