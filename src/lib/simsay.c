/* simsay: see simsay.h. */
#include "simsay.h"

#include "simevent.h"
#include "simtell.h"

#include <stdlib.h>
#include <string.h>

#define SCRATCH ((size_t)1 << 20)    /* what a scratch text may keep */

static bool
has(const struct simstream *s, enum simfault_kind kind)
{
	return simfault_has(&s->fault, kind);
}

static void
send_bytes(struct simstream *s, const char *p, size_t n, size_t mark, bool event)
{
	struct text *w = &s->sim->wire;
	size_t from = w->n;

	if (s->http11)
		simevent_chunk(w, p, n);
	else
		text_add(w, p, n);
	if (s->pace) {
		if (mark != SIZE_MAX)
			simpace_mark(s->pace, mark);
		simpace_add(s->pace, w->s + from, w->n - from, event);
		w->n = from;
	} else if (mark != SIZE_MAX) {
		httpd_mark(s->conn, from, mark);
	}
}

static void
trim(struct text *t)
{
	if (t->cap > SCRATCH)
		text_free(t);
}

/* What was said at one moment goes out with one send(2): at thousands of streams those are what takes the time. */
static void
flush(struct sim *sim, struct httpd_conn *c)
{
	struct text *w = &sim->wire;

	if (w->n > 0)
		httpd_send(c, w->s, w->n);
	w->n = 0;
	trim(w);
}

/* Sends the event that lies in the sim's event text. */
static void
send_event(struct simstream *s, char kind, int64_t plan_us)
{
	struct sim *sim = s->sim;
	size_t mark = sim->truth_fd >= 0 ? simtruth_note(&s->truth, kind, plan_us) : SIZE_MAX;

	if (has(s, FAULT_COMMENTS)) {
		const char *ping = has(s, FAULT_CRLF) ? ": ping\r\n\r\n" : ": ping\n\n";

		send_bytes(s, ping, strlen(ping), SIZE_MAX, false);
	}
	send_bytes(s, sim->event.s, sim->event.n, mark, true);
	s->events++;
	trim(&sim->json);
	trim(&sim->event);
}

/* One event: its data is the sim's json. */
static void
say(struct simstream *s, char kind, int64_t plan_us)
{
	struct sim *sim = s->sim;

	sim->event.n = 0;
	simevent_add(&sim->event, sim->json.s, sim->json.n, &s->fault, s->events);
	sim->json.n = 0;
	send_event(s, kind, plan_us);
}

static void
say_done(struct simstream *s, int64_t plan_us)
{
	if (has(s, FAULT_NO_DONE))
		return;
	text_puts(&s->sim->json, "[DONE]");
	say(s, 'd', plan_us);
}

/* The last bytes of it are out; after this the stream may be gone. */
static void
conclude(void *stream)
{
	struct simstream *s = stream;

	if (s->ending == END_WELL && s->stream && s->http11)
		text_puts(&s->sim->wire, "0\r\n\r\n");
	flush(s->sim, s->conn);
	switch (s->ending) {
	case END_HANG: break;
	case END_RESET: httpd_reset(s->conn); break;
	case END_CLOSE:
		httpd_last(s->conn);
		httpd_end(s->conn);
		break;
	case END_WELL: httpd_end(s->conn); break;
	}
}

static void
end(struct simstream *s, enum simending ending)
{
	s->ending = ending;
	if (s->pace)
		simpace_end(s->pace);
	else
		conclude(s);
}

static void
end_stream(struct simstream *s, int64_t plan_us)
{
	for (int64_t i = 0; has(s, FAULT_FINISH_APART) && !has(s, FAULT_NO_FINISH) && i < s->reply.choices; i++) {
		s->reply.choice = i;
		simreply_finish(&s->sim->json, &s->reply, simtell_finish(s));
		say(s, 'r', plan_us);
	}
	if (s->usage && !has(s, FAULT_USAGE_WITH_CHOICES)) {
		simreply_usage(&s->sim->json, &s->reply);
		say(s, 'u', plan_us);
	}
	say_done(s, plan_us);
	end(s, END_WELL);
}

static void
say_error(struct simstream *s, int64_t plan_us)
{
	struct simerror e;

	simerror_set(&e, 500, "InternalServerError", NULL, "the simulated engine failed, as it was asked to");
	simreply_error(&s->sim->json, &e);
	if (has(s, FAULT_ERROR)) {
		say(s, 'e', plan_us);
		say_done(s, plan_us);
		return;
	}
	s->sim->event.n = 0;
	text_puts(&s->sim->event, "event: error\ndata: ");
	text_add(&s->sim->event, s->sim->json.s, s->sim->json.n);
	text_puts(&s->sim->event, "\n\n");
	s->sim->json.n = 0;
	send_event(s, 'e', plan_us);
}

/* How a reply with one of the faults that break it off ends. */
static enum simending
broken_ending(const struct simstream *s)
{
	if (has(s, FAULT_STALL))
		return END_HANG;
	return has(s, FAULT_RESET) ? END_RESET : has(s, FAULT_SHORT) ? END_CLOSE : END_WELL;
}

static void
break_off(struct simstream *s, int64_t plan_us)
{
	simstream_leave(s, plan_us, FINISH_ERROR);
	if (has(s, FAULT_ERROR) || has(s, FAULT_ERROR_EVENT))
		say_error(s, plan_us);
	end(s, broken_ending(s));
}

static void
say_role_only(struct simstream *s, int64_t plan_us)
{
	simstream_leave(s, plan_us, FINISH_STOP);
	s->reply.made = 0;
	simreply_finish(&s->sim->json, &s->reply, has(s, FAULT_NO_FINISH) ? NULL : "stop");
	say(s, 'r', plan_us);
	if (s->usage) {
		simreply_usage(&s->sim->json, &s->reply);
		say(s, 'u', plan_us);
	}
	say_done(s, plan_us);
	end(s, END_WELL);
}

static void
whole_reply(struct simstream *s, int64_t plan_us)
{
	struct text *json = &s->sim->json, *wire = &s->sim->wire;
	size_t head, out;
	char kind;

	wire->n = json->n = 0;
	kind = simtell_whole(s);
	if (has(s, FAULT_MALFORMED))
		json->n = json->n * 2 / 3;
	simreply_head(wire, 200, "application/json", json->n, NULL, httpd_is_last(s->conn));
	head = wire->n;
	text_add(wire, json->s, json->n);
	out = has(s, FAULT_SHORT) || has(s, FAULT_RESET) ? head + json->n / 2 : wire->n;
	json->n = 0;
	if (s->sim->truth_fd >= 0)
		httpd_mark(s->conn, 0, simtruth_note(&s->truth, kind, plan_us));
	s->stream = false;
	wire->n = has(s, FAULT_STALL) ? 0 : out;
	end(s, broken_ending(s));
}

/* After this the stream may be gone. */
static void
say_token(struct simstream *s, int64_t plan_us, bool last)
{
	const char *finish = NULL;
	char kind;

	s->sim->json.n = 0;
	if (!s->stream || has(s, FAULT_PLAIN)) {
		if (last) {
			simstream_leave(s, plan_us, s->finish);
			whole_reply(s, plan_us);
		}
		return;
	}
	if ((s->fault.kinds & SIMFAULT_BREAKS) && s->reply.made > s->fault.after) {
		break_off(s, plan_us);
		return;
	}
	for (int64_t i = 0; s->reply.chat && s->reply.made == 1 && i < s->reply.choices; i++) {
		s->reply.choice = i;
		simreply_role(&s->sim->json, &s->reply);
		say(s, 'r', plan_us);
	}
	if (has(s, FAULT_ROLE_ONLY)) {
		say_role_only(s, plan_us);
		return;
	}
	if (last)
		simstream_leave(s, plan_us, s->finish);
	if (last && !has(s, FAULT_NO_FINISH) && !has(s, FAULT_FINISH_APART))
		finish = simtell_finish(s);
	simtell_piece(s);
	for (int64_t i = 0; i < s->reply.choices; i++) {
		kind = simtell_token(s, i, last, finish);
		if (has(s, FAULT_MALFORMED) && s->reply.made == s->fault.after + 1) {
			s->sim->json.n = s->sim->json.n * 2 / 3;
			kind = 'e';
		}
		say(s, kind, plan_us);
	}
	if (last)
		end_stream(s, plan_us);
}

void
simsay_token(struct simstream *s, int64_t plan_us, bool last)
{
	struct sim *sim = s->sim;
	struct httpd_conn *c = s->conn;

	say_token(s, plan_us, last);
	flush(sim, c);
}

void
simsay_instead(struct simstream *s)
{
	struct sim *sim = s->sim;
	struct simerror e;

	s->stream = false;
	sim->json.n = 0;
	if (has(s, FAULT_CLOSE))
		end(s, END_CLOSE);
	else if (has(s, FAULT_DROP))
		end(s, END_RESET);
	else if (has(s, FAULT_HANG))
		end(s, END_HANG);
	else if (has(s, FAULT_HTTP)) {
		simerror_set(&e, s->fault.status, "SimulatedError", NULL, "simulated: status %d", s->fault.status);
		sim_answer_error(sim, s->conn, &e);
	} else if (has(s, FAULT_REDIRECT)) {
		sim_answer(sim, s->conn, 302, "text/plain", "location: /somewhere/else\r\n");
	} else if (has(s, FAULT_HTML)) {
		text_puts(&sim->json, "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>"
			"<body>Please sign in.</body></html>\n");
		sim_answer(sim, s->conn, 200, "text/html", NULL);
	} else {
		sim_answer(sim, s->conn, 200, "application/json", NULL);
	}
}

void
simsay_begin(struct simstream *s)
{
	struct text *w = &s->sim->wire;

	if (!s->stream || has(s, FAULT_PLAIN))
		return;
	if (!s->http11)
		httpd_last(s->conn);
	w->n = 0;
	simreply_head(w, 200, "text/event-stream; charset=utf-8", SIZE_MAX,
		s->http11 ? "transfer-encoding: chunked\r\n" : NULL, httpd_is_last(s->conn));
	flush(s->sim, s->conn);
	if (simpace_wanted(&s->fault))
		s->pace = simpace_new(s->sim->base, s->conn, &s->fault, s->number, conclude, s);
}
