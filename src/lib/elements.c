/* elements: see elements.h. */
#include "elements.h"

enum state {
	BEGIN,
	ITEM,  /* an element comes, or the end of an empty array */
	IN,    /* inside an element */
	COMMA, /* a comma comes, or the end */
	JUNK,  /* something else came: on to where an element may begin */
	END,   /* behind the array: blanks only */
	DONE
};

/* What one byte brings. */
enum step {
	ON,
	WHOLE,        /* it is the last one of the element */
	WHOLE_BEFORE, /* the one before it was */
	STAY,         /* it is to be looked at once more */
	WRONG
};

void
elements_open(struct elements *e, struct jsonl *r)
{
	*e = (struct elements){.r = r, .state = BEGIN, .now_line = 1, .now_column = 1};
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
drop(struct elements *e, size_t n)
{
	e->r->from += n;
	e->r->seen = e->r->from;
	e->at -= n;
}

static enum step
wrong(struct elements *e, int next, const char *why)
{
	e->state = next;
	e->why = why;
	e->line = e->now_line;
	e->column = e->now_column;
	return WRONG;
}

static enum step
inside(struct elements *e, char c)
{
	if (e->string) {
		if (e->escape || c == '\\')
			e->escape = !e->escape;
		else if (c == '"')
			e->string = false;
		return c == '"' && !e->string && e->depth == 0 ? WHOLE : ON;
	}
	if (c == '"')
		e->string = true;
	else if (c == '{' || c == '[')
		e->depth++;
	else if (e->depth == 0)
		return c == ',' || c == ']' || c == '}' || is_blank(c) ? WHOLE_BEFORE : ON;
	else if ((c == '}' || c == ']') && --e->depth == 0)
		return WHOLE;
	return ON;
}

static enum step
begin_item(struct elements *e, char c)
{
	if (c == ']') {
		if (!e->first)
			return wrong(e, END, "a comma before the end of the array");
		e->state = END;
		return ON;
	}
	if (c == ',' || c == '}' || c == ':')
		return wrong(e, c == ',' ? ITEM : JUNK, "not an element of the array");
	drop(e, e->at);
	e->line = e->now_line;
	e->column = e->now_column;
	e->depth = 0;
	e->string = e->escape = e->skipping = e->first = false;
	e->state = IN;
	return inside(e, c);
}

static enum step
step(struct elements *e, char c)
{
	if (e->state == IN)
		return inside(e, c);
	if (is_blank(c) || e->state == DONE)
		return ON;
	switch (e->state) {
	case BEGIN:
		e->state = ITEM;
		e->first = true;
		return ON;
	case ITEM: return begin_item(e, c);
	case END: return wrong(e, DONE, "something behind the array");
	case COMMA:
		if (c != ',' && c != ']')
			return wrong(e, JUNK, "no comma between two elements of the array");
		e->state = c == ',' ? ITEM : END;
		return ON;
	default: /* JUNK */
		if (c == '{')
			e->state = ITEM;
		else if (c == ',' || c == ']')
			e->state = COMMA;
		return e->state == JUNK ? ON : STAY;
	}
}

static void
pass(struct elements *e, char c)
{
	e->at++;
	e->now_column++;
	if (c == '\n') {
		e->now_line++;
		e->now_column = 1;
	}
}

static enum elements_status
at_end(struct elements *e)
{
	const char *why = e->state == IN ? "the text ends inside an element" : "the text ends before the array does";

	if (e->state == END || e->state == DONE)
		return ELEMENTS_END;
	if (e->state != IN)
		wrong(e, DONE, why);
	e->state = DONE;
	e->why = why;
	return ELEMENTS_BAD;
}

static enum elements_status
give(struct elements *e, char **text, size_t *len)
{
	e->state = COMMA;
	e->why = "longer than --max-line";
	if (e->skipping || e->at > e->r->max_line)
		return ELEMENTS_BAD;
	*text = e->r->buf + e->r->from;
	*len = e->at;
	return ELEMENTS_ONE;
}

/* Only an element that is not too long is kept while more is read. */
static enum jsonl_status
more(struct elements *e)
{
	e->skipping |= e->state == IN && e->at > e->r->max_line;
	if (e->state != IN || e->skipping)
		drop(e, e->at);
	return jsonl_more(e->r);
}

enum elements_status
elements_next(struct elements *e, char **text, size_t *len)
{
	drop(e, e->at);
	for (;;) {
		enum jsonl_status got;
		enum step s;
		char c;

		if (e->r->from + e->at == e->r->to) {
			if ((got = more(e)) == JSONL_END)
				return at_end(e);
			if (got != JSONL_LINE)
				return ELEMENTS_ERROR;
			continue;
		}
		c = e->r->buf[e->r->from + e->at];
		s = step(e, c);
		if (s != STAY && s != WHOLE_BEFORE && !(s == WRONG && e->state == JUNK))
			pass(e, c);
		if (s == WRONG)
			return ELEMENTS_BAD;
		if (s == WHOLE || s == WHOLE_BEFORE)
			return give(e, text, len);
	}
}

void
elements_place(struct elements *e, const char *text, size_t offset)
{
	for (size_t i = 0; i < offset; i++) {
		e->column++;
		if (text[i] == '\n') {
			e->line++;
			e->column = 1;
		}
	}
}
