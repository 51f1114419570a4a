/* prom: see prom.h. */
#include "prom.h"

#include <stdlib.h>
#include <string.h>

struct cursor {
	const char *p, *end;
	const char *why;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void
skip_blanks(struct cursor *c)
{
	while (c->p < c->end && is_blank(*c->p))
		c->p++;
}

static bool
fail(struct cursor *c, const char *why)
{
	c->why = why;
	return false;
}

static bool
take(struct cursor *c, char wanted)
{
	skip_blanks(c);
	if (c->p == c->end || *c->p != wanted)
		return false;
	c->p++;
	return true;
}

/* A metric's name has colons, a label's has none; neither begins with a digit. */
static bool
bare_name(struct cursor *c, bool colons, struct span *out)
{
	const char *from = c->p;

	for (; c->p < c->end; c->p++) {
		char d = *c->p;
		bool letter = (d >= 'a' && d <= 'z') || (d >= 'A' && d <= 'Z') || d == '_' || (colons && d == ':');

		if (!letter && !(c->p > from && d >= '0' && d <= '9'))
			break;
	}
	*out = (struct span){from, (size_t)(c->p - from)};
	return out->n > 0;
}

/* What stands between two quotes; the first one is at the cursor. */
static bool
quoted(struct cursor *c, struct span *out)
{
	const char *from = ++c->p;

	while (c->p < c->end && *c->p != '"')
		c->p += *c->p == '\\' && c->p + 1 < c->end ? 2 : 1;
	if (c->p >= c->end)
		return fail(c, "a quote is not closed");
	*out = (struct span){from, (size_t)(c->p - from)};
	c->p++;
	return true;
}

/* One entry of the braces: a label, or, first and alone, the metric's name between quotes. */
static bool
entry(struct cursor *c, struct prom_sample *s)
{
	struct prom_label l;
	bool in_quotes = *c->p == '"';

	if (in_quotes ? !quoted(c, &l.name) : !bare_name(c, false, &l.name))
		return c->why ? false : fail(c, "expected the name of a label");
	if (!take(c, '=')) {
		if (!in_quotes || s->name.s || s->n > 0)
			return fail(c, "expected = after the name of a label");
		s->name = l.name;
		return true;
	}
	skip_blanks(c);
	if (c->p == c->end || *c->p != '"')
		return fail(c, "expected a value in double quotes");
	if (!quoted(c, &l.value))
		return false;
	if (s->n == PROM_MAX_LABELS)
		return fail(c, "too many labels");
	s->labels[s->n++] = l;
	return true;
}

static bool
braces(struct cursor *c, struct prom_sample *s)
{
	while (!take(c, '}')) {
		if (c->p == c->end)
			return fail(c, "a brace is not closed");
		if (!entry(c, s))
			return false;
		if (!take(c, ',') && (c->p == c->end || *c->p != '}'))
			return fail(c, c->p == c->end ? "a brace is not closed" : "expected , or } after a label");
	}
	return true;
}

/* The next word into a buffer, so that strtod() stops with it. */
static bool
word(struct cursor *c, char *out, size_t size)
{
	size_t n = 0;

	skip_blanks(c);
	while (c->p + n < c->end && !is_blank(c->p[n]))
		n++;
	if (n == 0 || n >= size)
		return false;
	memcpy(out, c->p, n);
	out[n] = '\0';
	return true;
}

/* A decimal number, NaN, or an infinity.  What else strtod() takes (hexadecimal, nan(1)) is none. */
static bool
number(struct cursor *c, double *out, const char *missing, const char *wrong)
{
	char text[128], *end;

	if (!word(c, text, sizeof text))
		return fail(c, c->p == c->end ? missing : wrong);
	*out = strtod(text, &end);
	if (*end || strpbrk(text, "xX("))
		return fail(c, wrong);
	c->p += strlen(text);
	return true;
}

static bool
sample(struct cursor *c, struct prom_sample *s)
{
	double time;

	if (*c->p != '{' && !bare_name(c, true, &s->name))
		return fail(c, "expected the name of a metric");
	if (c->p < c->end && *c->p != '{' && !is_blank(*c->p))
		return fail(c, "a character that names do not have");
	if (take(c, '{') && !braces(c, s))
		return false;
	if (!s->name.s)
		return fail(c, "a sample without a name");
	if (!number(c, &s->value, "a sample without a value", "the value is not a number"))
		return false;
	skip_blanks(c);
	if (c->p < c->end && *c->p != '#' && !number(c, &time, "", "the timestamp is not a number"))
		return false;
	skip_blanks(c);
	if (c->p == c->end || *c->p == '#') /* an exemplar: not ours to count */
		return true;
	return fail(c, "more than a value and a timestamp");
}

enum prom_line
prom_line(const char *text, size_t n, struct prom_sample *out, const char **why, size_t *column)
{
	struct cursor c = {.p = text, .end = text + n};

	while (c.end > c.p && (c.end[-1] == '\r' || is_blank(c.end[-1])))
		c.end--;
	skip_blanks(&c);
	if (c.p == c.end)
		return PROM_NOTHING;
	if (*c.p == '#')
		return c.end - c.p == 5 && memcmp(c.p, "# EOF", 5) == 0 ? PROM_END : PROM_NOTHING;
	out->name.s = NULL;
	out->n = 0;
	if (sample(&c, out))
		return PROM_SAMPLE;
	*why = c.why;
	*column = (size_t)(c.p - text) + 1;
	return PROM_BAD;
}

struct span
prom_label(const struct prom_sample *s, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < s->n; i++)
		if (s->labels[i].name.n == n && memcmp(s->labels[i].name.s, name, n) == 0)
			return s->labels[i].value;
	return (struct span){0};
}

size_t
prom_decode(struct span raw, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < raw.n; i++) {
		char c = raw.s[i], next = i + 1 < raw.n ? raw.s[i + 1] : '\0';

		if (c == '\\' && (next == '\\' || next == '"' || next == 'n')) {
			c = next == 'n' ? '\n' : next;
			i++;
		}
		out[n++] = c;
	}
	return n;
}
