/* intake: see intake.h. */
#include "intake.h"

#include "hash.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct request *
slot(struct intake *t)
{
	return &t->ring[(t->first + t->n) % INTAKE_AHEAD];
}

/* Whether another process sends it. */
static bool
others(const struct intake *t, const struct request *q)
{
	if (!t->shards)
		return false;
	return q->at_us < 0 ? q->arrival < shards_taken(t->shards) : !shards_mine(t->shards, q->arrival);
}

/* Into the ring, last, or away with it. */
static void
append(struct intake *t, const struct request *q)
{
	struct request *r = slot(t);

	*r = *q;
	r->arrival = q->at_us < 0 ? t->n_closed++ : t->n_open++;
	t->n++;
	t->bytes += q->len;
	t->measured |= !q->warmup;
	if (t->first_at_us < 0 && q->at_us >= 0 && !q->warmup && !(q->talk && q->talk->turn[0].done))
		t->first_at_us = q->at_us;
	if (!others(t, r))
		return;
	request_free(r);
	session_free(r->talk);
	t->n--;
	t->bytes -= q->len;
}

/* No further turn comes to the session whose turns were coming. */
static void
close_session(struct intake *t)
{
	struct session *s = t->open;
	char words[128];

	if (!s)
		return;
	t->open = NULL;
	if (!session_complete(s) && s->turns > 0) {
		snprintf(words, sizeof words, "the session before it ends at turn %zu of %" PRId64, s->n, s->turns);
		t->bad(t->ctx, t->in.number, 0, words);
	}
	if (session_done(s)) {
		session_free(s);
		return;
	}
	append(t, &(struct request){.at_us = s->at_us, .warmup = s->warmup, .len = s->bytes, .talk = s});
}

/* A turn of the session whose turns are coming, or the first one of another. */
static const char *
take_turn(struct intake *t, struct request *q, bool done)
{
	int64_t name = (int64_t)(hash_bytes(q->session.s, q->session.n) >> 1);
	const char *why = t->open ? session_add(t->open, q, done) : "";

	if (!why || *why)
		return why;
	if (idset_has(&t->sessions, name))
		return "a session that was there before: its turns must follow each other";
	if (q->turn != 1)
		return "a session that does not begin with its turn 1";
	close_session(t);
	if (!idset_add(&t->sessions, name) || !(t->open = session_new(q, done)))
		return "out of memory";
	return NULL;
}

static const char *
take_request(struct intake *t, struct request *q, bool done)
{
	close_session(t);
	if (done)
		request_free(q);
	else
		append(t, q);
	return NULL;
}

/* One line: into the ring, or the reason why not. */
static const char *
take_line(struct intake *t, const char *line, size_t len, size_t *column)
{
	struct request q;
	char *copy;
	const char *why;
	bool done;

	*column = 0;
	if (strspn(line, " \t\r") == len)
		return NULL;
	if (!(copy = malloc(len + 1)))
		return "out of memory";
	memcpy(copy, line, len + 1);
	why = request_read(&q, copy, len, column);
	done = !why && t->done && idset_has(t->done, q.id);
	if (!why && !done && idset_has(&t->seen, q.id))
		why = "an id that was there before";
	if (!why)
		why = q.session.s ? take_turn(t, &q, done) : take_request(t, &q, done);
	if (why)
		free(copy);
	else if (!done && !idset_add(&t->seen, q.id))
		why = "out of memory";
	else if (t->open && session_complete(t->open))
		close_session(t);
	return why;
}

bool
intake_fill(struct intake *t)
{
	/* A line may end one session and be a request of its own. */
	while (!t->ended && t->n < INTAKE_AHEAD - 1 && t->bytes < INTAKE_BYTES) {
		char *line;
		const char *why = NULL;
		size_t len, column = 0;

		switch (jsonl_next(&t->in, &line, &len)) {
		case JSONL_LINE: why = take_line(t, line, len, &column); break;
		case JSONL_TOO_LONG: why = "longer than --max-line"; break;
		case JSONL_AGAIN: return true;
		case JSONL_ERROR: t->read_errno = errno; /* fall through */
		case JSONL_END:
			t->ended = true;
			close_session(t);
			break;
		}
		if (why)
			t->bad(t->ctx, t->in.number, column, why);
	}
	return false;
}

struct request *
intake_next(struct intake *t)
{
	return t->n ? &t->ring[t->first] : NULL;
}

void
intake_pop(struct intake *t)
{
	t->bytes -= t->ring[t->first].len;
	t->first = (t->first + 1) % INTAKE_AHEAD;
	t->n--;
}

void
intake_drop(struct intake *t)
{
	request_free(&t->ring[t->first]);
	session_free(t->ring[t->first].talk);
	intake_pop(t);
}

void
intake_close(struct intake *t)
{
	while (t->n)
		intake_drop(t);
	session_free(t->open);
	idset_free(&t->seen);
	idset_free(&t->sessions);
	jsonl_close(&t->in);
}
