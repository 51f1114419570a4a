/* intake: see intake.h. */
#include "intake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One line: into the ring, or the reason why not. */
static const char *
take_line(struct intake *t, const char *line, size_t len, size_t *column)
{
	struct request *q = &t->ring[(t->first + t->n) % INTAKE_AHEAD];
	char *copy;
	const char *why;

	*column = 0;
	if (strspn(line, " \t\r") == len)
		return NULL;
	if (!(copy = malloc(len + 1)))
		return "out of memory";
	memcpy(copy, line, len + 1);
	why = request_read(q, copy, len, column);
	if (!why && t->done && idset_has(t->done, q->id)) {
		free(copy);
		return NULL;
	}
	if (!why && idset_has(&t->seen, q->id))
		why = "an id that was there before";
	if (!why && !idset_add(&t->seen, q->id))
		why = "out of memory";
	if (why) {
		free(copy);
		return why;
	}
	t->n++;
	t->bytes += len;
	return NULL;
}

bool
intake_fill(struct intake *t)
{
	while (!t->ended && t->n < INTAKE_AHEAD && t->bytes < INTAKE_BYTES) {
		char *line;
		const char *why = NULL;
		size_t len, column = 0;

		switch (jsonl_next(&t->in, &line, &len)) {
		case JSONL_LINE: why = take_line(t, line, len, &column); break;
		case JSONL_TOO_LONG: why = "longer than --max-line"; break;
		case JSONL_AGAIN: return true;
		case JSONL_ERROR: t->read_errno = errno; /* fall through */
		case JSONL_END: t->ended = true; break;
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
intake_close(struct intake *t)
{
	for (; t->n; intake_pop(t))
		request_free(&t->ring[t->first]);
	idset_free(&t->seen);
	jsonl_close(&t->in);
}
