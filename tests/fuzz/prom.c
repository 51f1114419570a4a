/* prom: no line makes the parser read or point outside it, a carriage return at its end changes
 * nothing, and a whole page is summed without a fault. */
#include "lib/engine.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
inside(struct span s, const char *text, size_t n)
{
	if (s.s < text || s.s + s.n > text + n)
		abort();
}

/* A copy of n bytes in a block of its own: the sanitizer sees every byte too far. */
static char *
copy_of(const char *text, size_t n, const char *end)
{
	size_t more = strlen(end);
	char *copy = malloc(n + more + (n + more == 0));

	memcpy(copy, text, n);
	memcpy(copy + n, end, more);
	return copy;
}

static void
one_line(const char *text, size_t n)
{
	char *plain = copy_of(text, n, ""), *cr = copy_of(text, n, "\r"), *out = malloc(n + 1);
	struct prom_sample a, b;
	const char *why = NULL, *why_b = NULL;
	size_t column = 0, column_b = 0;
	enum prom_line kind = prom_line(plain, n, &a, &why, &column);

	if (prom_line(cr, n + 1, &b, &why_b, &column_b) != kind || why != why_b || column != column_b)
		abort();
	if (kind == PROM_BAD && (!why || column < 1 || column > n + 1))
		abort();
	if (kind == PROM_SAMPLE) {
		if (a.n != b.n || memcmp(&a.value, &b.value, sizeof a.value) != 0)
			abort();
		inside(a.name, plain, n);
		for (size_t i = 0; i < a.n; i++) {
			inside(a.labels[i].name, plain, n);
			inside(a.labels[i].value, plain, n);
			if (prom_decode(a.labels[i].value, out) > a.labels[i].value.n)
				abort();
		}
	}
	free(plain);
	free(cr);
	free(out);
}

static void
bad(void *ctx, size_t line, size_t column, const char *why)
{
	if (line < 1 || column < 1 || !why)
		abort();
	++*(size_t *)ctx;
}

static void
whole_page(const char *text, size_t n)
{
	char *page = copy_of(text, n, " "), *record = NULL;
	struct engine_page sums;
	const char *engine;
	size_t bad_lines = 0, size = 0;
	FILE *f = open_memstream(&record, &size);

	page[n] = '\0';
	engine_start(&sums);
	if (!engine_read(&sums, page, bad, &bad_lines))
		abort();
	if ((engine = engine_end(&sums)))
		engine_put(f, &sums, engine);
	fclose(f);
	engine_free(&sums);
	free(record);
	free(page);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size;

	whole_page(text, size);
	for (const char *line = text; line <= end;) {
		const char *stop = line < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;
		size_t n = (size_t)((stop ? stop : end) - line);

		one_line(line, n);
		line += n + 1;
	}
	return 0;
}
