/* prompts: see prompts.h. */
#include "prompts.h"

#include "scan.h"
#include "utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THINK_MOST_MS 1e12

bool
prompts_open(struct prompts *p, int fd, bool messages, size_t max_line)
{
	*p = (struct prompts){.messages = messages};
	jsonl_open(&p->lines, fd, max_line);
	return lseek(fd, 0, SEEK_CUR) >= 0 || (p->copy = tmpfile());
}

/* A value of another kind than it should be; broken JSON has its own reason. */
static bool
wrong(struct scan *s, const char *why)
{
	return scan_kind(s) == SCAN_ERROR ? scan_value(s, NULL) : scan_fail(s, why);
}

/* An array of at least one message, each an object. */
static bool
take_messages(struct scan *s, struct span *raw)
{
	const char *from;
	size_t n = 0;

	if (scan_kind(s) != SCAN_ARRAY)
		return wrong(s, "messages is not an array");
	from = s->p;
	scan_array(s);
	while (scan_item(s)) {
		if (scan_kind(s) != SCAN_OBJECT)
			return wrong(s, "a message is not an object");
		scan_value(s, NULL);
		n++;
	}
	if (!s->why && n == 0)
		return scan_fail(s, "messages is empty");
	*raw = (struct span){from, (size_t)(s->p - from)};
	return !s->why;
}

static bool
take_text(struct scan *s, struct span *raw)
{
	if (scan_kind(s) != SCAN_STRING)
		return wrong(s, "prompt is not a string");
	return scan_string(s, raw) && (raw->n > 0 || scan_fail(s, "prompt is empty"));
}

static bool
take_tokens(struct scan *s, int64_t *v)
{
	enum scan_kind kind = scan_kind(s);

	if (kind == SCAN_NULL)
		return scan_value(s, NULL);
	if (kind == SCAN_NUMBER && scan_take_int(s, v) && *v > 0)
		return true;
	return scan_fail(s, "not a positive whole number of tokens");
}

static bool
take_think(struct scan *s, int64_t *us)
{
	double ms;

	if (scan_kind(s) == SCAN_NUMBER) {
		struct span raw;

		ms = scan_number(s, &raw) ? span_double(raw) : -1;
		if (ms >= 0 && ms <= THINK_MOST_MS) {
			*us = llround(ms * 1000);
			return true;
		}
	}
	return scan_fail(s, "think_ms is not a number of milliseconds from 0");
}

static struct prompt *
add_turn(struct prompts *p)
{
	static const struct prompt none = {.think_us = -1};

	if (p->turns == p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 8;
		struct prompt *t = reallocarray(p->turn, cap, sizeof *t);

		if (!t)
			return NULL;
		p->turn = t;
		p->cap = cap;
	}
	p->turn[p->turns] = none;
	return &p->turn[p->turns++];
}

static void
take_member(struct scan *s, struct span key, struct prompt *out)
{
	if (span_is(key, "prompt"))
		take_text(s, &out->text);
	else if (span_is(key, "messages"))
		take_messages(s, &out->messages);
	else if (span_is(key, "max_tokens"))
		take_tokens(s, &out->max_tokens);
	else if (span_is(key, "output_tokens"))
		take_tokens(s, &out->output_tokens);
	else if (span_is(key, "think_ms"))
		take_think(s, &out->think_us);
	else if (span_is(key, "category"))
		scan_take_string(s, &out->category);
	else
		scan_value(s, NULL);
}

/* NULL, or what a line or a turn lacks. */
static const char *
lacks(const struct prompts *p, const struct prompt *q)
{
	if (!q->text.s && !q->messages.s)
		return "neither prompt nor messages";
	if (q->text.s && q->messages.s)
		return "both prompt and messages";
	if (q->messages.s && !p->messages)
		return "messages need a chat API";
	return NULL;
}

static bool
take_turn(struct prompts *p, struct scan *s)
{
	struct prompt *q = add_turn(p);
	struct span key;
	const char *why;

	if (!q)
		return scan_fail(s, "out of memory");
	if (scan_kind(s) == SCAN_STRING)
		return take_text(s, &q->text);
	if (scan_kind(s) != SCAN_OBJECT)
		return wrong(s, "a turn is neither a string nor an object");
	scan_object(s);
	while (scan_member(s, &key))
		take_member(s, key, q);
	return !s->why && (!(why = lacks(p, q)) || scan_fail(s, why));
}

static bool
take_turns(struct prompts *p, struct scan *s)
{
	if (!p->messages)
		return wrong(s, "turns need a chat API");
	if (scan_kind(s) != SCAN_ARRAY)
		return wrong(s, "turns is not an array");
	p->conversation = true;
	p->turns = 0;
	scan_array(s);
	while (scan_item(s))
		take_turn(p, s);
	return !s->why && (p->turns > 0 || scan_fail(s, "turns is empty"));
}

/* What the line says of all its turns counts for those that do not say it themselves. */
static void
share(struct prompts *p, const struct prompt *line)
{
	for (struct prompt *q = p->turn; q < p->turn + p->turns; q++) {
		q->max_tokens = q->max_tokens ? q->max_tokens : line->max_tokens;
		q->output_tokens = q->output_tokens ? q->output_tokens : line->output_tokens;
		q->think_us = q->think_us >= 0 ? q->think_us : line->think_us;
		q->category = q->category.s ? q->category : line->category;
	}
}

/* A line that is a prompt is the only one of its turns. */
static const char *
settle(struct prompts *p, const struct prompt *line)
{
	struct prompt *q;

	if (p->conversation) {
		share(p, line);
		return line->text.s || line->messages.s ? "turns, and a prompt or messages beside them" : NULL;
	}
	p->turns = 0;
	if (!(q = add_turn(p)))
		return "out of memory";
	*q = *line;
	return lacks(p, q);
}

static void
take_line(struct prompts *p, struct scan *s, struct prompt *whole)
{
	struct span key;

	scan_object(s);
	while (scan_member(s, &key))
		if (span_is(key, "turns"))
			take_turns(p, s);
		else
			take_member(s, key, whole);
}

static void
parse(struct prompts *p, const char *line, size_t len)
{
	struct prompt whole = {.think_us = -1};
	struct scan s;

	p->conversation = false;
	scan_start(&s, line, len);
	if (scan_kind(&s) != SCAN_OBJECT)
		wrong(&s, "not a JSON object");
	else
		take_line(p, &s, &whole);
	scan_end(&s);
	p->why = s.why;
	p->column = s.why ? scan_column(&s) : 0;
	if (!s.why)
		p->why = utf8_valid(line, len) ? settle(p, &whole) : "not UTF-8";
}

static bool
rewound(struct prompts *p)
{
	int fd = p->copy ? fileno(p->copy) : p->lines.fd;
	size_t max_line = p->lines.max_line;

	if ((p->copy && fflush(p->copy) != 0) || lseek(fd, 0, SEEK_SET) < 0)
		return false;
	jsonl_close(&p->lines);
	jsonl_open(&p->lines, fd, max_line);
	p->again = true;
	p->good = 0;
	return true;
}

static bool
keep(struct prompts *p, const char *line, size_t len)
{
	return !p->copy || p->again || (fwrite(line, 1, len, p->copy) == len && putc('\n', p->copy) != EOF);
}

enum prompts_status
prompts_next(struct prompts *p)
{
	for (;;) {
		char *line;
		size_t len;
		enum jsonl_status got = jsonl_next(&p->lines, &line, &len);

		if (got == JSONL_END && p->good == 0)
			return PROMPTS_NONE;
		if (got == JSONL_END && rewound(p))
			continue;
		if (got != JSONL_LINE && got != JSONL_TOO_LONG)
			return PROMPTS_ERROR;
		if (got == JSONL_LINE && strspn(line, " \t\r") == len)
			continue;
		p->number = p->lines.number;
		p->column = 0;
		p->why = "longer than --max-line";
		if (got == JSONL_LINE)
			parse(p, line, len);
		if (!p->why && !keep(p, line, len))
			return PROMPTS_ERROR;
		p->good += !p->why;
		if (!p->why)
			return PROMPTS_OK;
		if (!p->again)
			return PROMPTS_BAD;
	}
}

void
prompts_close(struct prompts *p)
{
	jsonl_close(&p->lines);
	free(p->turn);
	p->turn = NULL;
	if (p->copy)
		fclose(p->copy);
	p->copy = NULL;
}
