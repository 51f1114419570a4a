/* simstream: see simstream.h. */
#include "simstream.h"

#include "put.h"
#include "simtext.h"
#include "tool.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct simstream {
	struct sim *sim;
	struct httpd_conn *conn;
	uint64_t number;
	size_t batch_id;
	bool in_batch, stream, usage, http11;
	struct simreply reply;
	char id[48];
	char *request_id;
	int64_t recv_us, tokens;
	const char *finish;
	/* the truth: one entry an event */
	int64_t *plan_us, *ev_us;
	char *ev_kind;
	size_t events, cap;
};

/* Notes an event of that letter, planned at plan_us; its bytes are the next to be sent. */
static void
note(struct simstream *s, char kind, int64_t plan_us)
{
	if (!s->sim->truth)
		return;
	if (s->events == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		s->plan_us = tool_grow(s->plan_us, s->cap, sizeof *s->plan_us);
		s->ev_us = tool_grow(s->ev_us, s->cap, sizeof *s->ev_us);
		s->ev_kind = tool_grow(s->ev_kind, s->cap, 1);
	}
	s->plan_us[s->events] = plan_us;
	s->ev_us[s->events] = 0;
	s->ev_kind[s->events] = kind;
	httpd_mark(s->conn, 0, s->events++);
}

/* Sends the n bytes at p as one chunk of the body. */
static void
send_body(struct simstream *s, const char *p, size_t n)
{
	struct text *w = &s->sim->wire;

	if (!s->http11) {
		httpd_send(s->conn, p, n);
		return;
	}
	w->n = 0;
	text_printf(w, "%zx\r\n", n);
	text_add(w, p, n);
	text_add(w, "\r\n", 2);
	httpd_send(s->conn, w->s, w->n);
}

/* One event: its data is the sim's json. */
static void
event(struct simstream *s, char kind, int64_t plan_us)
{
	struct text *e = &s->sim->event;

	e->n = 0;
	text_add(e, "data: ", 6);
	text_add(e, s->sim->json.s, s->sim->json.n);
	text_add(e, "\n\n", 2);
	s->sim->json.n = 0;
	note(s, kind, plan_us);
	send_body(s, e->s, e->n);
}

static void
end_stream(struct simstream *s, int64_t plan_us)
{
	struct text *json = &s->sim->json;

	if (s->usage) {
		simreply_usage(json, &s->reply);
		event(s, 'u', plan_us);
	}
	text_puts(json, "[DONE]");
	event(s, 'd', plan_us);
	if (s->http11)
		httpd_send(s->conn, "0\r\n\r\n", 5);
	httpd_end(s->conn);
}

static void
whole_reply(struct simstream *s, int64_t plan_us)
{
	struct text *json = &s->sim->json, *words = &s->sim->event, *wire = &s->sim->wire;

	words->n = wire->n = json->n = 0;
	for (int64_t k = 0; k < s->tokens; k++) {
		text_puts(words, k ? " " : "");
		text_puts(words, simtext_word(s->number, (uint64_t)k));
	}
	simreply_whole(json, &s->reply, words->s, s->finish);
	simreply_head(wire, 200, "application/json", json->n, NULL, false);
	text_add(wire, json->s, json->n);
	json->n = 0;
	note(s, 'c', plan_us);
	httpd_send(s->conn, wire->s, wire->n);
	httpd_end(s->conn);
}

static void
token(struct simstream *s, const struct batch_event *e)
{
	struct text *json = &s->sim->json;

	s->in_batch = !e->last;
	s->reply.made = e->token;
	if (!s->stream) {
		if (e->last)
			whole_reply(s, e->plan_us);
		return;
	}
	if (e->token == 1 && s->reply.chat) {
		simreply_role(json, &s->reply);
		event(s, 'r', e->plan_us);
	}
	simreply_token(json, &s->reply, "content", simtext_word(s->number, (uint64_t)e->token - 1), e->token > 1,
		e->last ? s->finish : NULL, false);
	event(s, 'c', e->plan_us);
	if (e->last)
		end_stream(s, e->plan_us);
}

void
simstream_pump(struct sim *sim, int64_t now)
{
	struct batch_event e;

	while (batch_next(sim->batch, now, &e))
		token(e.user, &e);
}

int64_t
simstream_start(struct simstream *s, int64_t start_us)
{
	(void)start_us;
	return s->reply.cached;
}

void
simstream_sent(struct simstream *s, size_t n, int64_t t_us)
{
	s->ev_us[n] = t_us;
}

static void
put_times(FILE *f, const char *key, const int64_t *t, size_t n)
{
	fprintf(f, ",\"%s\":[", key);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s%" PRId64, i ? "," : "", t[i]);
	putc(']', f);
}

static void
write_truth(struct simstream *s)
{
	FILE *f = s->sim->truth;
	size_t n = s->events;

	while (n > 0 && s->ev_us[n - 1] == 0) /* what never went out was no event */
		n--;
	fputs("{\"request_id\":", f);
	put_string(f, s->request_id, strlen(s->request_id));
	fprintf(f, ",\"recv_us\":%" PRId64, s->recv_us);
	put_times(f, "plan_us", s->plan_us, n);
	put_times(f, "ev_us", s->ev_us, n);
	fputs(",\"ev_kind\":", f);
	put_string(f, s->ev_kind ? s->ev_kind : "", n);
	fprintf(f, ",\"prompt_tokens\":%" PRId64 ",\"cached_tokens\":%" PRId64 ",\"tokens\":%" PRId64 "}\n",
		s->reply.prompt, s->reply.cached, s->reply.made);
	if (fflush(f) != 0)
		event_base_loopbreak(s->sim->base);
}

void
simstream_done(struct simstream *s)
{
	int64_t now = clock_us(&s->sim->clock);

	if (s->in_batch)
		simstream_pump(s->sim, now);
	if (s->in_batch)
		batch_cancel(s->sim->batch, now, s->batch_id);
	if (s->sim->truth)
		write_truth(s);
	free(s->plan_us);
	free(s->ev_us);
	free(s->ev_kind);
	free(s->request_id);
	free(s);
}

/* How many tokens are made, and why it ends there. */
static void
decide_length(struct simstream *s, const struct simreq *r)
{
	int64_t natural = s->sim->output_tokens, room = s->sim->max_model_len - s->reply.prompt;
	int64_t most = r->max_tokens >= 0 && r->max_tokens < room ? r->max_tokens : room;

	if (natural < 0)
		natural = r->max_tokens >= 0 ? most : 128;
	if (natural < r->min_tokens)
		natural = r->min_tokens;
	if (r->ignore_eos && r->max_tokens >= 0)
		natural = most;
	s->tokens = natural < most ? natural : most;
	s->finish = natural < most ? "stop" : "length";
}

static bool
fits(const struct sim *sim, const struct simreq *r, struct simerror *e)
{
	int64_t want = r->max_tokens > 0 ? r->max_tokens : 1;

	if ((int64_t)r->tokens + want <= sim->max_model_len)
		return true;
	simerror_set(e, 400, "BadRequestError", NULL, "This model's maximum context length is %" PRId64
		" tokens. However, you requested %" PRId64 " tokens (%zu in the prompt, %" PRId64
		" for the completion).", sim->max_model_len, (int64_t)r->tokens + want, r->tokens, want);
	return false;
}

static struct simstream *
new_stream(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, const struct simreq *r, int64_t recv_us)
{
	struct simstream *s = tool_grow(NULL, 1, sizeof *s);
	const char *id = httpreq_header(http, "x-request-id");

	*s = (struct simstream){.sim = sim, .conn = c, .number = ++sim->number, .stream = r->stream, .usage = r->usage,
		.http11 = http->http11, .recv_us = recv_us};
	snprintf(s->id, sizeof s->id, "%s-%016" PRIx64 "%08" PRIx64, r->chat ? "chatcmpl" : "cmpl",
		(uint64_t)sim->started_us, s->number);
	s->request_id = strdup(id ? id : s->id);
	if (!s->request_id)
		tool_grow(NULL, SIZE_MAX, 2);
	s->reply = (struct simreply){.chat = r->chat, .id = s->id, .model = sim->models_json[r->model],
		.created = recv_us / 1000000, .prompt = (int64_t)r->tokens};
	decide_length(s, r);
	return s;
}

static bool
enter_batch(struct simstream *s, struct simerror *e)
{
	struct batch_job job = {.number = s->number, .prompt = s->reply.prompt, .tokens = s->tokens, .user = s};

	switch (batch_arrive(s->sim->batch, s->recv_us, &job, &s->batch_id)) {
	case BATCH_OK: return s->in_batch = true;
	case BATCH_FULL:
		simerror_set(e, 429, "TooManyRequestsError", NULL, "Too many requests: the waiting queue is full.");
		return false;
	default: simerror_set(e, 500, "InternalServerError", NULL, "out of memory"); return false;
	}
}

bool
simstream_open(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, struct simreq *r, int64_t recv_us,
	struct simerror *e)
{
	struct simstream *s;
	bool good = fits(sim, r, e);

	if (good) {
		s = new_stream(sim, c, http, r, recv_us);
		good = enter_batch(s, e);
		if (!good)
			simstream_done(s);
	}
	simreq_free(r);
	if (!good)
		return false;
	*httpd_user(c) = s;
	if (s->stream) {
		struct text *w = &sim->wire;

		w->n = 0;
		if (!s->http11)
			httpd_last(c);
		simreply_head(w, 200, "text/event-stream; charset=utf-8", SIZE_MAX,
			s->http11 ? "transfer-encoding: chunked\r\n" : NULL, !s->http11 || !http->keep_alive);
		httpd_send(c, w->s, w->n);
	}
	return true;
}
