/* join: see join.h. */
#include "join.h"

#include "scan.h"

#include <stdlib.h>
#include <string.h>

static void
read_body(struct scan *s, struct join *r)
{
	struct span key, choice = {0};

	if (!scan_take_object(s))
		return;
	while (scan_member(s, &key))
		if (span_is(key, "response_format"))
			scan_value(s, &r->format);
		else if (span_is(key, "tools"))
			scan_value(s, &r->tools);
		else if (span_is(key, "tool_choice"))
			scan_take_string(s, &choice);
		else
			scan_value(s, NULL);
	if (choice.s && span_is(choice, "none"))
		r->tools = (struct span){0};
}

const char *
join_read(struct join *r, const char *text, size_t len, size_t *column)
{
	struct scan s;
	struct span key;
	size_t i;
	const struct {
		const char *name;
		struct span *to;
	} wanted[] = {{"id", &r->id}, {"tags", &r->tags}, {"expect", &r->expect}, {"session", &r->session},
		{"turn", &r->turn}, {"phase", &r->phase}};

	*r = (struct join){0};
	*column = 0;
	scan_start(&s, text, len);
	if (scan_object(&s))
		while (scan_member(&s, &key)) {
			for (i = 0; i < sizeof wanted / sizeof *wanted && !span_is(key, wanted[i].name); i++)
				;
			if (span_is(key, "body"))
				read_body(&s, r);
			else
				scan_value(&s, i < sizeof wanted / sizeof *wanted ? wanted[i].to : NULL);
		}
	if (!scan_end(&s)) {
		*column = scan_column(&s);
		return s.why;
	}
	return r->id.s ? NULL : "a request record without an id";
}

static int
by_id(const void *a, const void *b)
{
	const struct span *x = &((const struct join *)a)->id, *y = &((const struct join *)b)->id;
	int c = memcmp(x->s, y->s, x->n < y->n ? x->n : y->n);

	return c ? c : (x->n > y->n) - (x->n < y->n);
}

static int
by_id_and_order(const void *a, const void *b)
{
	size_t x = ((const struct join *)a)->order, y = ((const struct join *)b)->order;
	int c = by_id(a, b);

	return c ? c : (x > y) - (x < y);
}

size_t
join_sort(struct join *r, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(r, n, sizeof *r, by_id_and_order);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || by_id(&r[i], &r[kept - 1]) != 0) {
			struct join duplicate = r[kept];

			r[kept++] = r[i];
			if (kept <= i)
				r[i] = duplicate;
		}
	return kept;
}

struct join *
join_find(struct join *r, size_t n, struct span id)
{
	struct join wanted = {.id = id};

	return id.s && n ? bsearch(&wanted, r, n, sizeof *r, by_id) : NULL;
}

bool
join_is_warmup(const struct join *r)
{
	return r->phase.n == 8 && memcmp(r->phase.s, "\"warmup\"", 8) == 0;
}
