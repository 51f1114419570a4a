/* offset: see offset.h. */
#include "offset.h"

static int64_t
under_way(const struct offset_sample *s)
{
	return (s->t4 - s->t1) - (s->t3 - s->t2);
}

bool
offset_add(struct offset *o, struct offset_sample s)
{
	if (s.t4 < s.t1 || s.t3 < s.t2 || under_way(&s) < 0)
		return false;
	o->last[o->n++ % OFFSET_LAST] = s;
	return true;
}

bool
offset_find(const struct offset *o, struct offset_found *f)
{
	const struct offset_sample *best = o->last;
	size_t n = o->n < OFFSET_LAST ? o->n : OFFSET_LAST;

	for (size_t i = 1; i < n; i++)
		if (under_way(&o->last[i]) < under_way(best))
			best = &o->last[i];
	if (n == 0)
		return false;
	f->us = ((best->t2 - best->t1) + (best->t3 - best->t4)) / 2;
	f->rtt_us = under_way(best);
	f->error_us = (f->rtt_us + 1) / 2;
	return true;
}
