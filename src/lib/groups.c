/* groups: see groups.h. */
#include "groups.h"

#include "put.h"
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_number(struct span raw)
{
	return *raw.s == '-' || (*raw.s >= '0' && *raw.s <= '9');
}

/* Written as an integer; such a text, but -0, is the only one of its value among integers. */
static bool
whole(struct span raw)
{
	for (size_t i = 0; i < raw.n; i++)
		if (raw.s[i] == '.' || raw.s[i] == 'e' || raw.s[i] == 'E')
			return false;
	return !(raw.n == 2 && raw.s[0] == '-' && raw.s[1] == '0');
}

/* One value: scalars so that equal ones have one form, the rest verbatim. */
static bool
put_value(FILE *f, struct span raw)
{
	if (raw.s && *raw.s == '"') {
		char *text = malloc(raw.n);

		if (!text)
			return false;
		put_string(f, text, span_decode((struct span){raw.s + 1, raw.n - 2}, text));
		free(text);
	} else if (raw.s && is_number(raw) && !whole(raw)) {
		put_number(f, span_double(raw));
	} else {
		put_raw(f, raw);
	}
	return true;
}

static bool
put_group(FILE *f, const struct groups *g, const struct span *values)
{
	bool ok = true;

	putc('{', f);
	for (size_t i = 0; i < g->keys; i++) {
		if (i)
			putc(',', f);
		put_string(f, g->names[i], strlen(g->names[i]));
		putc(':', f);
		ok = put_value(f, values[i]) && ok;
	}
	putc('}', f);
	return ok;
}

static uint32_t
find_text(struct groups *g, const struct span *values)
{
	char *text = NULL;
	size_t n = 0;
	uint32_t number = GROUPS_NONE;
	FILE *f = open_memstream(&text, &n);
	bool ok = f && put_group(f, g, values);

	if (f && fclose(f) == 0 && ok)
		number = intern(&g->texts, text, n);
	free(text);
	return number;
}

/* Remember what a raw text that was just interned stands for; room doubles at powers of two. */
static uint32_t
remember(struct groups *g, uint32_t raw, uint32_t group)
{
	if ((raw & (raw - 1)) == 0) {
		uint32_t *p = reallocarray(g->of_raw, raw ? 2 * (size_t)raw : 1, sizeof *p);

		if (!p)
			return GROUPS_NONE;
		g->of_raw = p;
	}
	return g->of_raw[raw] = group;
}

uint32_t
groups_find(struct groups *g, const struct span *values)
{
	char small[512], *text = small, *end;
	size_t n = g->keys;
	uint32_t raw, group, known = (uint32_t)g->raw.n;

	for (size_t i = 0; i < g->keys; i++)
		n += values[i].n;
	if (n > sizeof small && !(text = malloc(n)))
		return GROUPS_NONE;
	end = text;
	for (size_t i = 0; i < g->keys; i++) {
		if (values[i].s)
			end = mempcpy(end, values[i].s, values[i].n);
		*end++ = '\n'; /* no line holds one */
	}
	raw = intern(&g->raw, text, n);
	if (raw == INTERN_NONE)
		group = GROUPS_NONE;
	else if (raw < known)
		group = g->of_raw[raw];
	else if ((group = find_text(g, values)) != GROUPS_NONE)
		group = remember(g, raw, group);
	if (text != small)
		free(text);
	return group;
}

/* null, false, true, numbers, strings, arrays, objects */
static size_t
kind_of(struct span raw)
{
	static const char first[] = "nft-\"[{";

	return (size_t)(strchr(first, is_number(raw) ? '-' : *raw.s) - first);
}

static int
compare_values(struct span a, struct span b)
{
	size_t ka = kind_of(a), kb = kind_of(b);
	int order;

	if (ka != kb)
		return ka < kb ? -1 : 1;
	if (is_number(a)) {
		double x = span_double(a), y = span_double(b);

		if (x != y)
			return x < y ? -1 : 1;
	}
	order = memcmp(a.s, b.s, (a.n < b.n ? a.n : b.n) - (*a.s == '"')); /* but for the closing quote */
	return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int
compare(const void *a, const void *b, void *ctx)
{
	const struct groups *g = ctx;
	struct span ta = g->texts.text[*(const uint32_t *)a], tb = g->texts.text[*(const uint32_t *)b];
	struct span key, va, vb;
	struct scan sa, sb;
	int order = 0;

	scan_start(&sa, ta.s, ta.n);
	scan_start(&sb, tb.s, tb.n);
	scan_object(&sa);
	scan_object(&sb);
	while (!order && scan_member(&sa, &key) && scan_member(&sb, &key))
		if (scan_value(&sa, &va) && scan_value(&sb, &vb))
			order = compare_values(va, vb);
	return order;
}

uint32_t *
groups_in_order(const struct groups *g)
{
	uint32_t *order = reallocarray(NULL, g->texts.n + 1, sizeof *order);

	if (!order)
		return NULL;
	for (size_t i = 0; i < g->texts.n; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, g->texts.n, sizeof *order, compare, (void *)g);
	return order;
}

void
groups_free(struct groups *g)
{
	intern_free(&g->texts);
	intern_free(&g->raw);
	free(g->of_raw);
}
