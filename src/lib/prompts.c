/* prompts: see prompts.h. */
#include "prompts.h"

#include "scan.h"
#include "utf8.h"

#include <string.h>
#include <unistd.h>

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
	else if (span_is(key, "category"))
		scan_take_string(s, &out->category);
	else
		scan_value(s, NULL);
}

static void
parse(struct prompts *p, const char *line, size_t len, struct prompt *out)
{
	struct scan s;
	struct span key;

	*out = (struct prompt){0};
	scan_start(&s, line, len);
	if (scan_kind(&s) != SCAN_OBJECT)
		wrong(&s, "not a JSON object");
	else if (scan_object(&s))
		while (scan_member(&s, &key))
			take_member(&s, key, out);
	scan_end(&s);
	p->why = s.why;
	p->column = s.why ? scan_column(&s) : 0;
	if (s.why)
		return;
	if (!utf8_valid(line, len))
		p->why = "not UTF-8";
	else if (!out->text.s && !out->messages.s)
		p->why = "neither prompt nor messages";
	else if (out->text.s && out->messages.s)
		p->why = "both prompt and messages";
	else if (out->messages.s && !p->messages)
		p->why = "messages need a chat API";
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
prompts_next(struct prompts *p, struct prompt *out)
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
			parse(p, line, len, out);
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
	if (p->copy)
		fclose(p->copy);
	p->copy = NULL;
}
