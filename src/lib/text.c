/* text: see text.h. */
#include "text.h"

#include "put.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
room(struct text *t, size_t n)
{
	size_t cap = t->cap ? t->cap : 256;
	char *s;

	if (t->bad || n > SIZE_MAX / 4 - t->n)
		return !(t->bad = true);
	if (t->n + n < t->cap)
		return true;
	while (cap <= t->n + n)
		cap *= 2;
	if (!(s = realloc(t->s, cap)))
		return !(t->bad = true);
	t->s = s;
	t->cap = cap;
	return true;
}

void
text_add(struct text *t, const char *s, size_t n)
{
	if (!room(t, n))
		return;
	if (n > 0)
		memcpy(t->s + t->n, s, n);
	t->s[t->n += n] = '\0';
}

void
text_puts(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void
text_int(struct text *t, int64_t n)
{
	char digits[20], *p = digits + sizeof digits;
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		*--p = (char)('0' + rest % 10);
	while (rest /= 10);
	if (n < 0)
		*--p = '-';
	text_add(t, p, (size_t)(digits + sizeof digits - p));
}

void
text_printf(struct text *t, const char *fmt, ...)
{
	size_t have = t->s ? t->cap - t->n : 0;
	va_list ap;
	int n;

	if (t->bad)
		return;
	va_start(ap, fmt);
	n = vsnprintf(have ? t->s + t->n : NULL, have, fmt, ap);
	va_end(ap);
	if (n < 0 || !room(t, (size_t)n))
		return;
	if ((size_t)n >= have) { /* it did not fit, and now it does */
		va_start(ap, fmt);
		vsnprintf(t->s + t->n, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	t->n += (size_t)n;
}

void
text_json(struct text *t, const char *s)
{
	char *quoted = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&quoted, &n);

	if (f)
		put_string(f, s, strlen(s));
	if (f && fclose(f) == 0)
		text_add(t, quoted, n);
	else
		t->bad = true;
	free(quoted);
}

void
text_free(struct text *t)
{
	free(t->s);
	*t = (struct text){0};
}
