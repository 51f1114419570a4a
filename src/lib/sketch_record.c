/* sketch_record: see sketch_record.h. */
#include "sketch_record.h"

#include "put.h"

#include <math.h>
#include <string.h>

static const char start[] = "{\"sketch\":";

static void
put_parts(FILE *f, const char *name, struct exactsum *sum)
{
	double part[EXACTSUM_PARTS];
	size_t n = exactsum_parts(sum, part);

	fprintf(f, ",\"%s\":[", name);
	for (size_t i = 0; i < n; i++) {
		if (i)
			putc(',', f);
		put_number(f, part[i]);
	}
	putc(']', f);
}

void
sketch_put(FILE *f, const char *group, const char *field, struct sketch *s, size_t bad, bool pooled)
{
	uint64_t count;
	double middle;
	bool first = true;

	fprintf(f, "%s%u,\"group\":%s,\"field\":", start, s->digits, group);
	put_string(f, field, strlen(field));
	fprintf(f, ",\"n\":%zu,\"bad\":%zu,\"arrays\":%s,\"min\":", (size_t)s->n, bad, pooled ? "true" : "false");
	put_number(f, s->min);
	fputs(",\"max\":", f);
	put_number(f, s->max);
	put_parts(f, "sum", &s->sum);
	put_parts(f, "squares", &s->squares);
	fputs(",\"bins\":[", f);
	for (size_t at = 0; sketch_next(s, &at, &middle, &count); first = false) {
		fputs(first ? "[" : ",[", f);
		put_number(f, middle);
		fprintf(f, ",%zu]", (size_t)count);
	}
	fputs("]}\n", f);
}

bool
sketch_is_record(const char *text, size_t len)
{
	return len > sizeof start && memcmp(text, start, sizeof start - 1) == 0;
}

static bool
finite_number(struct scan *s, double *v)
{
	struct span raw;

	if (!scan_number(s, &raw))
		return false;
	*v = span_double(raw);
	return isfinite(*v) || scan_fail(s, "a number too large");
}

static bool
count_of(struct scan *s, int64_t *n)
{
	struct span raw;

	if (!scan_number(s, &raw))
		return false;
	return (span_int(raw, n) && *n >= 0) || scan_fail(s, "not a count");
}

static void
extreme(struct scan *s, double *v)
{
	if (scan_kind(s) == SCAN_NULL)
		scan_value(s, NULL);
	else
		finite_number(s, v);
}

static void
truth(struct scan *s, bool *v)
{
	*v = scan_kind(s) == SCAN_BOOL && *s->p == 't';
	scan_value(s, NULL);
}

/* An array, whose text is kept: of numbers, or of pairs whose counts add up to *total. */
static void
numbers(struct scan *s, struct span *raw, int64_t *total)
{
	const char *from;
	int64_t n;
	double v;

	scan_kind(s);
	from = s->p;
	if (total)
		*total = 0;
	if (!scan_array(s))
		return;
	while (scan_item(s)) {
		if (!total) {
			finite_number(s, &v);
		} else if (scan_array(s) && scan_item(s) && finite_number(s, &v) && scan_item(s) && count_of(s, &n)) {
			if (scan_item(s) || __builtin_add_overflow(*total, n, total))
				scan_fail(s, "not a value and its count");
		} else {
			scan_fail(s, "not a value and its count");
		}
	}
	*raw = (struct span){from, (size_t)(s->p - from)};
}

static void
member(struct scan *s, struct span key, struct sketch_record *r, int64_t *total)
{
	if (span_is(key, "sketch"))
		count_of(s, &r->digits);
	else if (span_is(key, "n"))
		count_of(s, &r->n);
	else if (span_is(key, "bad"))
		count_of(s, &r->bad);
	else if (span_is(key, "arrays"))
		truth(s, &r->pooled);
	else if (span_is(key, "min"))
		extreme(s, &r->min);
	else if (span_is(key, "max"))
		extreme(s, &r->max);
	else if (span_is(key, "group") && scan_kind(s) == SCAN_OBJECT)
		scan_value(s, &r->group);
	else if (span_is(key, "field"))
		scan_string(s, &r->field);
	else if (span_is(key, "sum"))
		numbers(s, &r->sum, NULL);
	else if (span_is(key, "squares"))
		numbers(s, &r->squares, NULL);
	else if (span_is(key, "bins"))
		numbers(s, &r->bins, total);
	else
		scan_value(s, NULL);
}

bool
sketch_read(struct scan *s, struct sketch_record *r)
{
	int64_t total = 0;
	struct span key;

	*r = (struct sketch_record){.min = NAN, .max = NAN};
	if (scan_object(s))
		while (scan_member(s, &key))
			member(s, key, r, &total);
	if (!scan_end(s))
		return false;
	if (!r->group.s || !r->field.s || !r->sum.s || !r->squares.s || !r->bins.s)
		return scan_fail(s, "not a sketch: group, field, sum, squares or bins is missing");
	if (r->digits < 1 || r->digits > SKETCH_DIGITS)
		return scan_fail(s, "not a sketch of 1 to 4 digits");
	if (r->n != total || (r->n > 0) != (isfinite(r->min) && r->min <= r->max))
		return scan_fail(s, "not a sketch: n is not what the bins hold, or min and max are not theirs");
	return true;
}

struct span
sketch_key(const struct sketch_record *r, const char *name)
{
	struct span key, value = {0}, found = {0};
	struct scan s;

	scan_start(&s, r->group.s, r->group.n);
	if (scan_object(&s))
		while (scan_member(&s, &key) && scan_value(&s, &value))
			if (span_is(key, name))
				found = value;
	return found;
}

static void
add_parts(struct exactsum *sum, struct span raw)
{
	struct scan s;
	double v;

	scan_start(&s, raw.s, raw.n);
	scan_array(&s);
	while (scan_item(&s) && finite_number(&s, &v))
		exactsum_add(sum, v);
}

bool
sketch_merge(struct sketch *into, const struct sketch_record *r)
{
	struct scan s;
	int64_t count;
	double v;

	if (r->n == 0)
		return true;
	into->min = into->min <= r->min ? into->min : r->min;
	into->max = into->max >= r->max ? into->max : r->max;
	add_parts(&into->sum, r->sum);
	add_parts(&into->squares, r->squares);
	scan_start(&s, r->bins.s, r->bins.n);
	scan_array(&s);
	while (scan_item(&s)) {
		scan_array(&s);
		if (!scan_item(&s) || !finite_number(&s, &v) || !scan_item(&s) || !count_of(&s, &count) || scan_item(&s))
			break; /* it was read before: cannot be */
		if (!sketch_count(into, v, (uint64_t)count))
			return false;
	}
	return true;
}
