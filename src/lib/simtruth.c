/* simtruth: see simtruth.h. */
#include "simtruth.h"

#include <inttypes.h>
#include <stdlib.h>

static void *
grown(void *p, size_t n, size_t size, bool *failed)
{
	void *q = *failed ? NULL : realloc(p, n * size);

	*failed = !q;
	return q ? q : p;
}

size_t
simtruth_note(struct simtruth *t, char kind, int64_t plan_us)
{
	if (t->n == t->cap) {
		size_t cap = t->cap ? 2 * t->cap : 32;
		bool failed = false;

		t->plan_us = grown(t->plan_us, cap, sizeof *t->plan_us, &failed);
		t->ev_us = grown(t->ev_us, cap, sizeof *t->ev_us, &failed);
		t->kind = grown(t->kind, cap, 1, &failed);
		if (failed)
			return SIZE_MAX;
		t->cap = cap;
	}
	t->plan_us[t->n] = plan_us;
	t->ev_us[t->n] = 0;
	t->kind[t->n] = kind;
	return t->n++;
}

void
simtruth_sent(struct simtruth *t, size_t i, int64_t t_us)
{
	if (i < t->n)
		t->ev_us[i] = t_us;
}

static void
times(struct text *out, const char *key, const int64_t *t, size_t n)
{
	text_printf(out, ",\"%s\":[", key);
	for (size_t i = 0; i < n; i++) {
		text_add(out, ",", i > 0);
		text_int(out, t[i]);
	}
	text_puts(out, "]");
}

void
simtruth_begin(struct text *out, const struct simtruth *t, const char *request_id, int64_t arrived_us,
	int64_t recv_us)
{
	size_t n = t->n;

	while (n > 0 && t->ev_us[n - 1] == 0)
		n--;
	text_puts(out, "{\"request_id\":");
	text_json(out, request_id);
	text_printf(out, ",\"arrived_us\":%" PRId64 ",\"recv_us\":%" PRId64, arrived_us, recv_us);
	times(out, "plan_us", t->plan_us, n);
	times(out, "ev_us", t->ev_us, n);
	text_puts(out, ",\"ev_kind\":\"");
	text_add(out, n ? t->kind : "", n);
	text_puts(out, "\"");
}

void
simtruth_free(struct simtruth *t)
{
	free(t->plan_us);
	free(t->ev_us);
	free(t->kind);
	*t = (struct simtruth){0};
}
