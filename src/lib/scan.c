/* scan: a pull scanner over JSON text; see scan.h. */
#include "scan.h"

#include <ctype.h>
#include <string.h>

static bool
bit(const uint8_t *bits, unsigned i)
{
	return bits[i / 8] >> (i % 8) & 1;
}

static void
set_bit(uint8_t *bits, unsigned i, bool on)
{
	uint8_t mask = (uint8_t)(1u << (i % 8));

	bits[i / 8] = (uint8_t)(on ? bits[i / 8] | mask : bits[i / 8] & ~mask);
}

bool
scan_fail(struct scan *s, const char *why)
{
	if (!s->why)
		s->why = why;
	return false;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static void
blanks(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\r' || *s->p == '\t'))
		s->p++;
}

/* The next character after blanks, or 0 at the end of the text. */
static char
next(struct scan *s)
{
	blanks(s);
	return s->p < s->end ? *s->p : '\0';
}

void
scan_start(struct scan *s, const char *text, size_t len)
{
	s->start = s->p = text;
	s->end = text + len;
	s->why = NULL;
	s->depth = 0;
}

enum scan_kind
scan_kind(struct scan *s)
{
	char c = s->why ? '\0' : next(s);

	switch (c) {
	case '{': return SCAN_OBJECT;
	case '[': return SCAN_ARRAY;
	case '"': return SCAN_STRING;
	case 'n': return SCAN_NULL;
	case 't':
	case 'f': return SCAN_BOOL;
	default: return c == '-' || digit(c) ? SCAN_NUMBER : SCAN_ERROR;
	}
}

static bool
enter(struct scan *s, char open, const char *why)
{
	if (s->why)
		return false;
	if (next(s) != open)
		return scan_fail(s, s->p == s->end ? "the text ends too early" : why);
	if (s->depth == SCAN_DEPTH)
		return scan_fail(s, "nested too deep");
	s->p++;
	set_bit(s->object, s->depth, open == '{');
	set_bit(s->begun, s->depth, false);
	s->depth++;
	return true;
}

bool
scan_object(struct scan *s)
{
	return enter(s, '{', "not an object");
}

bool
scan_array(struct scan *s)
{
	return enter(s, '[', "not an array");
}

/* Go past the comma or the closing bracket of the innermost container. */
static bool
step(struct scan *s, char close, const char *why)
{
	char c;

	if (s->why || s->depth == 0)
		return false;
	c = next(s);
	if (c == close) {
		s->p++;
		s->depth--;
		return false;
	}
	if (bit(s->begun, s->depth - 1)) {
		if (c != ',')
			return scan_fail(s, s->p == s->end ? "the text ends too early" : why);
		s->p++;
		blanks(s);
	}
	set_bit(s->begun, s->depth - 1, true);
	return true;
}

bool
scan_item(struct scan *s)
{
	return step(s, ']', "expected ',' or ']'");
}

bool
scan_member(struct scan *s, struct span *key)
{
	if (!step(s, '}', "expected ',' or '}'"))
		return false;
	if (next(s) != '"')
		return scan_fail(s, s->p == s->end ? "the text ends too early" : "expected a key");
	if (!scan_string(s, key))
		return false;
	if (next(s) != ':')
		return scan_fail(s, s->p == s->end ? "the text ends too early" : "expected ':'");
	s->p++;
	return true;
}

bool
scan_member_again(struct scan *s, const char *bytes, size_t n)
{
	if (s->why || (size_t)(s->end - s->p) < n || memcmp(s->p, bytes, n) != 0)
		return false;
	s->p += n;
	set_bit(s->begun, s->depth - 1, true);
	return true;
}

/* Go past one escape sequence; p is behind the backslash. */
static bool
escape(struct scan *s)
{
	if (s->p == s->end)
		return scan_fail(s, "the text ends inside a string");
	if (*s->p == 'u') {
		for (int i = 1; i <= 4; i++)
			if (s->end - s->p <= i || !isxdigit((unsigned char)s->p[i]))
				return scan_fail(s, "invalid \\u escape");
		s->p += 5;
		return true;
	}
	if (!*s->p || !strchr("\"\\/bfnrt", *s->p))
		return scan_fail(s, "invalid escape");
	s->p++;
	return true;
}

bool
scan_string(struct scan *s, struct span *raw)
{
	const char *from;

	if (s->why)
		return false;
	if (next(s) != '"')
		return scan_fail(s, "not a string");
	from = ++s->p;
	for (;;) {
		const char *p = s->p, *end = s->end;

		while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
			p++;
		s->p = p;
		if (p == end)
			return scan_fail(s, "the text ends inside a string");
		if (*p == '"')
			break;
		if (*p != '\\')
			return scan_fail(s, "control character in a string");
		s->p++;
		if (!escape(s))
			return false;
	}
	if (raw)
		*raw = (struct span){from, (size_t)(s->p - from)};
	s->p++;
	return true;
}

static bool
digits(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && digit(*s->p))
		s->p++;
	return s->p > from;
}

/* p is at a minus or a digit. */
static bool
number(struct scan *s)
{
	if (*s->p == '-')
		s->p++;
	if (s->p < s->end && *s->p == '0')
		s->p++;
	else if (!digits(s))
		return scan_fail(s, "invalid number");
	if (s->p < s->end && *s->p == '.') {
		s->p++;
		if (!digits(s))
			return scan_fail(s, "invalid number");
	}
	if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
		s->p++;
		if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
			s->p++;
		if (!digits(s))
			return scan_fail(s, "invalid number");
	}
	return !(s->p < s->end && digit(*s->p)) || scan_fail(s, "invalid number");
}

bool
scan_number(struct scan *s, struct span *raw)
{
	const char *from;

	if (s->why)
		return false;
	if (scan_kind(s) != SCAN_NUMBER)
		return scan_fail(s, "not a number");
	from = s->p;
	if (!number(s))
		return false;
	if (raw)
		*raw = (struct span){from, (size_t)(s->p - from)};
	return true;
}

static bool
word(struct scan *s, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, text, n) != 0)
		return scan_fail(s, "invalid value");
	s->p += n;
	return true;
}

static bool
scalar(struct scan *s)
{
	switch (scan_kind(s)) {
	case SCAN_STRING: return scan_string(s, NULL);
	case SCAN_NUMBER: return number(s);
	case SCAN_NULL: return word(s, "null");
	case SCAN_BOOL: return word(s, *s->p == 't' ? "true" : "false");
	default: return scan_fail(s, s->p == s->end ? "the text ends too early" : "invalid value");
	}
}

/* From behind one value to the start of the next one inside the containers above
 * `base`; false when they are all closed, or on an error. */
static bool
advance(struct scan *s, unsigned base)
{
	struct span key;

	while (s->depth > base && !s->why)
		if (bit(s->object, s->depth - 1) ? scan_member(s, &key) : scan_item(s))
			return true;
	return false;
}

bool
scan_value(struct scan *s, struct span *raw)
{
	const char *from;
	unsigned base = s->depth;

	if (s->why)
		return false;
	blanks(s);
	from = s->p;
	if (from < s->end && *from != '{' && *from != '[') { /* most are neither */
		if (!scalar(s))
			return false;
		if (raw)
			*raw = (struct span){from, (size_t)(s->p - from)};
		return true;
	}
	do {
		enum scan_kind kind = scan_kind(s);

		if (kind == SCAN_OBJECT)
			scan_object(s);
		else if (kind == SCAN_ARRAY)
			scan_array(s);
		else
			scalar(s);
	} while (advance(s, base));
	if (s->why)
		return false;
	if (raw)
		*raw = (struct span){from, (size_t)(s->p - from)};
	return true;
}

bool
scan_take_int(struct scan *s, int64_t *v)
{
	struct span raw;

	if (scan_kind(s) != SCAN_NUMBER) {
		scan_value(s, NULL);
		return false;
	}
	return scan_number(s, &raw) && span_int(raw, v);
}

bool
scan_take_object(struct scan *s)
{
	if (scan_kind(s) == SCAN_OBJECT)
		return scan_object(s);
	scan_value(s, NULL);
	return false;
}

bool
scan_take_array(struct scan *s)
{
	if (scan_kind(s) == SCAN_ARRAY)
		return scan_array(s);
	scan_value(s, NULL);
	return false;
}

bool
scan_take_string(struct scan *s, struct span *raw)
{
	if (scan_kind(s) != SCAN_STRING) {
		scan_value(s, NULL);
		return false;
	}
	return scan_string(s, raw);
}

void
scan_take_member_string(struct scan *s, const char *name, struct span *raw)
{
	struct span key;

	if (!scan_take_object(s))
		return;
	while (scan_member(s, &key))
		if (span_is(key, name))
			scan_take_string(s, raw);
		else
			scan_value(s, NULL);
}

bool
scan_end(struct scan *s)
{
	if (s->why)
		return false;
	blanks(s);
	return s->p == s->end || scan_fail(s, "something follows the value");
}

size_t
scan_column(const struct scan *s)
{
	return (size_t)(s->p - s->start) + 1;
}
