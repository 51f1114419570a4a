/* diagnosis: see diagnosis.h. */
#include "diagnosis.h"

#include "nearest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SHOWN 60 /* bytes of a value in a message */

void
phrase_add(struct phrase *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->s + t->n, t->size - t->n, fmt, ap);
	va_end(ap);
	t->n += n < 0 ? 0 : (size_t)n;
	if (t->n >= t->size)
		t->n = t->size - 1;
}

static char
visible(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f ? '?' : c;
}

void
phrase_value(struct phrase *t, const char *value)
{
	for (size_t i = 0; value[i]; i++) {
		if (i >= SHOWN && ((unsigned char)value[i] & 0xc0) != 0x80) {
			phrase_add(t, "...");
			return;
		}
		phrase_add(t, "%c", visible(value[i]));
	}
}

void
phrase_key(struct phrase *t, const char *key)
{
	for (; *key; key++)
		phrase_add(t, "%s%c", strchr(".\\=", *key) ? "\\" : "", visible(*key));
}

static void
add_path(struct phrase *t, const struct trail *path)
{
	if (!path->up)
		return;
	add_path(t, path->up);
	if (!path->key) {
		phrase_add(t, "[%zu]", path->index);
		return;
	}
	phrase_add(t, "%s", path->up->up ? "." : "");
	phrase_key(t, path->key);
}

void
diagnosis_add(struct diagnosis *d, struct pos at, const struct trail *path, const char *value, const char *what)
{
	struct problem p = {.at = at};
	struct phrase t = {p.text, sizeof p.text, 0};

	add_path(&t, path);
	phrase_add(&t, "%s", path->up ? ": " : "");
	if (value) {
		phrase_value(&t, *value ? value : "\"\"");
		phrase_add(&t, ": ");
	}
	phrase_add(&t, "%s", what);
	d->bad = true;
	d->fn(d->ctx, &p);
}

const char *
diagnosis_near(struct diagnosis *d, const char *word, const char *what, const char *const *names)
{
	const char *near = nearest(word, names);
	struct problem p;
	struct phrase t = {p.text, sizeof p.text, 0};

	if (!near)
		return what;
	phrase_add(&t, "%s (did you mean %s?)", what, near);
	return pool_text(d->pool, t.s, t.n);
}
