/* prompts: see prompts.h. */
#include "prompts.h"

#include "estimate.h"
#include "nearest.h"
#include "promptline.h"
#include "scan.h"
#include "sharegpt.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const forms[] = {"lines", "vllm-custom", "lora", "sharegpt", NULL};

/* What vLLM's benchmark leaves out of a ShareGPT file. */
static const struct prompts_bounds vllm = {.least = 4, .most = 1024, .most_total = 2048};

bool
prompts_form(const char *name, enum prompts_form *form, const char **near)
{
	for (int i = 0; forms[i]; i++)
		if (strcmp(name, forms[i]) == 0) {
			*form = (enum prompts_form)i;
			return true;
		}
	*near = nearest(name, forms);
	return false;
}

bool
prompts_open(struct prompts *p, int fd, const struct prompts_options *o)
{
	*p = (struct prompts){.o = *o};
	jsonl_open(&p->lines, fd, o->max_line);
	return lseek(fd, 0, SEEK_CUR) >= 0 || (p->copy = tmpfile());
}

/* Whether the first byte says that the file is one array. */
static enum jsonl_status
begin(struct prompts *p)
{
	struct jsonl *r = &p->lines;
	enum jsonl_status got = JSONL_LINE;
	size_t i = 0;

	p->begun = true;
	do {
		while (r->from + i < r->to && strchr(" \t\r\n", r->buf[r->from + i]))
			i++;
	} while (r->from + i == r->to && (got = jsonl_more(r)) == JSONL_LINE);
	p->array = r->from + i < r->to && r->buf[r->from + i] == '[';
	elements_open(&p->elements, r);
	return got == JSONL_END ? JSONL_LINE : got;
}

/* Where the entry is bad: at `offset` of its text. */
static void
place(struct prompts *p, const char *text, size_t offset)
{
	if (p->array)
		elements_place(&p->elements, text, offset);
	p->number = p->array ? p->elements.line : p->lines.number;
	p->column = p->array ? p->elements.column : offset + 1;
}

/* The next entry's text; JSONL_TOO_LONG: p->why it is none. */
static enum jsonl_status
read_text(struct prompts *p, char **text, size_t *len)
{
	enum elements_status got;
	enum jsonl_status line;

	if (!p->begun && (line = begin(p)) != JSONL_LINE)
		return line;
	p->why = NULL;
	if (!p->array) {
		line = jsonl_next(&p->lines, text, len);
		p->number = p->lines.number;
		p->column = 0;
		if (line == JSONL_TOO_LONG)
			p->why = "longer than --max-line";
		return line;
	}
	got = elements_next(&p->elements, text, len);
	p->number = p->elements.line;
	p->column = p->elements.column;
	if (got == ELEMENTS_BAD)
		p->why = p->elements.why;
	return got == ELEMENTS_ONE ? JSONL_LINE : got == ELEMENTS_BAD ? JSONL_TOO_LONG :
	    got == ELEMENTS_END ? JSONL_END : JSONL_ERROR;
}

/* An entry may be a string that holds the entry.  False: out of memory. */
static bool
unwrap(struct prompts *p, const char **text, size_t *len)
{
	struct scan s;
	struct span raw;

	scan_start(&s, *text, *len);
	if (scan_kind(&s) != SCAN_STRING || !scan_string(&s, &raw) || !scan_end(&s))
		return true;
	free(p->decoded);
	if (!(p->decoded = malloc(raw.n + 1)))
		return false;
	*len = span_decode(raw, p->decoded);
	*text = p->decoded;
	return true;
}

static bool
read_entry(struct prompts *p, struct scan *s, const char **lacks)
{
	enum prompts_form form = p->o.form;

	if (form == PROMPTS_SHAREGPT)
		return sharegpt_read(s, p->o.messages, p->o.whole, &p->now, lacks);
	return promptline_read(s, form == PROMPTS_ANY ? PROMPTLINE_OURS : (enum promptline_form)form, p->o.messages,
	    &p->now, lacks);
}

static void
detect(struct prompts *p, const char *text, size_t len)
{
	struct scan s;

	scan_start(&s, text, len);
	if (scan_kind(&s) == SCAN_OBJECT)
		p->o.form = sharegpt_like(&s) ? PROMPTS_SHAREGPT : s.why ? PROMPTS_ANY : PROMPTS_LINES;
}

/* The text into now; p->why and its place when it is none. */
static void
parse(struct prompts *p, const char *text, size_t len)
{
	const char *lacks = NULL, *whole = text;
	struct scan s;

	entry_clear(&p->now);
	p->why = unwrap(p, &text, &len) ? NULL : "out of memory";
	if (p->why)
		return;
	if (p->o.form == PROMPTS_ANY)
		detect(p, text, len);
	scan_start(&s, text, len);
	read_entry(p, &s, &lacks);
	if (!lacks)
		scan_end(&s);
	p->why = s.why ? s.why : lacks;
	if (s.why)
		place(p, text, text == whole ? (size_t)(s.p - s.start) : 0);
	else if (!utf8_valid(text, len))
		p->why = "not UTF-8";
}

static double
bound(const struct prompts *p, int64_t given, int64_t otherwise)
{
	if (given < 0)
		given = p->o.form == PROMPTS_SHAREGPT ? otherwise : 0;
	return given > 0 ? (double)given : 0;
}

/* The estimated length of the reply that the entry says or has. */
static double
reply_of(const struct prompts *p, const struct prompt *q)
{
	return q->output_tokens ? (double)q->output_tokens : q->reply * p->o.ratio;
}

/* Whether the entry keeps within the bounds; a conversation is cut where it would not. */
static enum entry_verdict
judge(const struct prompts *p, struct entry *e)
{
	double least = bound(p, p->o.bounds.least, vllm.least), most = bound(p, p->o.bounds.most, vllm.most);
	double most_total = bound(p, p->o.bounds.most_total, vllm.most_total), total = 0, input, reply;
	struct prompt *q = e->turn;

	if (!p->o.estimate && least == 0 && most == 0 && most_total == 0)
		return ENTRY_USED;
	for (size_t i = 0; i < e->turns; i++) {
		if (q[i].text.s && q[i].input == 0)
			q[i].input = estimate_tokens(q[i].text);
		input = q[i].input * p->o.ratio;
		reply = reply_of(p, &q[i]);
		total += input + reply;
		if (i == 0 && q->input > 0 && (input < least || (reply > 0 && reply < least)))
			return ENTRY_TOO_SHORT;
		if (i == 0 && ((most > 0 && input > most) || (most_total > 0 && total > most_total)))
			return ENTRY_TOO_LONG;
		if (most_total > 0 && total > most_total)
			e->turns = i;
	}
	return ENTRY_USED;
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
	p->begun = false;
	p->again = true;
	p->good = 0;
	return true;
}

/* The copy has a line for each entry: a newline of an array's can only be a blank. */
static bool
keep(struct prompts *p, const char *text, size_t len)
{
	if (!p->copy || p->again)
		return true;
	for (size_t i = 0; i < len; i++)
		if (putc(text[i] == '\n' ? ' ' : text[i], p->copy) == EOF)
			return false;
	return putc('\n', p->copy) != EOF;
}

/* An entry that was read is used, or left out, or bad. */
static enum prompts_status
settle(struct prompts *p, const char *text, size_t len)
{
	if (p->why)
		return PROMPTS_BAD;
	if (p->now.verdict == ENTRY_USED)
		p->now.verdict = judge(p, &p->now);
	p->verdicts[p->now.verdict] += !p->again;
	if (p->now.verdict != ENTRY_USED)
		return PROMPTS_NONE;
	p->good++;
	return keep(p, text, len) ? PROMPTS_OK : PROMPTS_ERROR;
}

enum prompts_status
prompts_next(struct prompts *p)
{
	for (;;) {
		char *text = NULL;
		size_t len = 0;
		enum jsonl_status got = read_text(p, &text, &len);
		enum prompts_status what;

		if (got == JSONL_END && p->good == 0)
			return PROMPTS_NONE;
		if (got == JSONL_END && rewound(p))
			continue;
		if (got != JSONL_LINE && got != JSONL_TOO_LONG)
			return PROMPTS_ERROR;
		if (got == JSONL_LINE && !p->array && strspn(text, " \t\r") == len)
			continue;
		if (got == JSONL_LINE)
			parse(p, text, len);
		what = settle(p, text, len);
		if (what == PROMPTS_OK || what == PROMPTS_ERROR || (what == PROMPTS_BAD && !p->again))
			return what;
	}
}

bool
prompts_left_out(const struct prompts *p, char *text, size_t size)
{
	const int64_t *n = p->verdicts;
	int64_t out = n[ENTRY_NO_EXCHANGE] + n[ENTRY_TOO_SHORT] + n[ENTRY_TOO_LONG];

	snprintf(text, size,
	    "%" PRId64 " of the first %" PRId64 " entries were left out: %" PRId64 " do not begin with a user's turn and "
	    "the reply to it, %" PRId64 " are too short, %" PRId64 " too long (by estimated tokens)",
	    out, out + n[ENTRY_USED], n[ENTRY_NO_EXCHANGE], n[ENTRY_TOO_SHORT], n[ENTRY_TOO_LONG]);
	return out > 0;
}

void
prompts_close(struct prompts *p)
{
	jsonl_close(&p->lines);
	entry_free(&p->now);
	free(p->decoded);
	p->decoded = NULL;
	if (p->copy)
		fclose(p->copy);
	p->copy = NULL;
}
