/* yamlcore: see yamlcore.h. */
#include "yamlcore.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

static const char too_large[] = "an integer beyond 64 bits (quote it to make it a string)";
static const char not_finite[] = "JSON has no infinity and no NaN (quote it to make it a string)";

static bool
one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

static bool
is_null(const char *text)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};

	return one_of(text, words);
}

static bool
is_boolean(const char *text, bool *value)
{
	static const char *const yes[] = {"true", "True", "TRUE", NULL};
	static const char *const no[] = {"false", "False", "FALSE", NULL};

	*value = one_of(text, yes);
	return *value || one_of(text, no);
}

static const char *
unsign(const char *text)
{
	return text + (*text == '+' || *text == '-');
}

/* The base of [-+]?[0-9]+ | 0o[0-7]+ | 0x[0-9a-fA-F]+, or 0. */
static int
integer_base(const char *text)
{
	const char *digits = unsign(text), *allowed = DIGITS;
	int base = 10;

	if (strncmp(text, "0o", 2) == 0 || strncmp(text, "0x", 2) == 0) {
		base = text[1] == 'o' ? 8 : 16;
		allowed = base == 8 ? "01234567" : DIGITS "abcdefABCDEF";
		digits = text + 2;
	}
	return *digits && digits[strspn(digits, allowed)] == '\0' ? base : 0;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool
is_float(const char *text)
{
	const char *s = unsign(text);
	size_t whole = strspn(s, DIGITS), part = 0;

	s += whole;
	if (*s == '.')
		s += 1 + (part = strspn(s + 1, DIGITS));
	if (whole + part == 0)
		return false;
	if (*s == 'e' || *s == 'E') {
		s = unsign(s + 1);
		if (*s == '\0')
			return false;
		s += strspn(s, DIGITS);
	}
	return *s == '\0';
}

static bool
is_not_finite(const char *text)
{
	static const char *const inf[] = {".inf", ".Inf", ".INF", NULL};
	static const char *const nan[] = {".nan", ".NaN", ".NAN", NULL};

	return one_of(unsign(text), inf) || one_of(text, nan);
}

static const char *
set_integer(struct node *n, int base)
{
	errno = 0;
	n->kind = NODE_INTEGER;
	n->value.integer = strtoll(n->text + (base == 10 ? 0 : 2), NULL, base);
	return errno ? too_large : NULL;
}

static const char *
set_number(struct node *n)
{
	n->kind = NODE_NUMBER;
	n->value.number = strtod(n->text, NULL); /* no program here sets a locale */
	return isfinite(n->value.number) ? NULL : "a number beyond a double's range";
}

const char *
yamlcore_plain(struct node *n)
{
	bool boolean;
	int base;

	n->kind = NODE_STRING;
	if (is_null(n->text)) {
		n->kind = NODE_NULL;
	} else if (is_boolean(n->text, &boolean)) {
		n->kind = NODE_BOOLEAN;
		n->value.boolean = boolean;
	} else if ((base = integer_base(n->text))) {
		return set_integer(n, base);
	} else if (is_float(n->text)) {
		return set_number(n);
	} else if (is_not_finite(n->text)) {
		return not_finite;
	}
	return NULL;
}

const char *
yamlcore_tagged(struct node *n, const char *tag)
{
	static const struct {
		const char *tag, *wrong;
		enum node_kind kind;
	} tags[] = {{"null", "not a null", NODE_NULL}, {"bool", "not true or false", NODE_BOOLEAN},
		{"int", "not an integer", NODE_INTEGER}, {"float", "not a number", NODE_NUMBER}};
	const char *why;

	n->kind = NODE_STRING;
	if (strcmp(tag, "str") == 0)
		return NULL;
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		if (strcmp(tag, tags[i].tag) != 0)
			continue;
		if (tags[i].kind == NODE_NUMBER && integer_base(n->text) == 10)
			return set_number(n);
		why = yamlcore_plain(n);
		return n->kind != tags[i].kind && why != not_finite ? tags[i].wrong : why;
	}
	return "an unknown tag";
}
