/* timetable: see timetable.h. */
#include "timetable.h"

#include "seed.h"

static void
begin_stage(struct timetable *t)
{
	arrival_start(&t->a, &t->stages[t->now].arrival, t->rng, t->now ? seed_item(t->seed, t->now) : t->seed);
}

bool
timetable_start(struct timetable *t, const struct stage *stages, size_t n, uint64_t seed)
{
	*t = (struct timetable){.stages = stages, .n = n, .seed = seed_stream(seed, "arrivals")};
	if (!(t->rng = gsl_rng_alloc(gsl_rng_mt19937)))
		return false;
	begin_stage(t);
	return true;
}

bool
timetable_next(struct timetable *t, int64_t *at_us, const char **stage)
{
	for (;;) {
		const struct stage *s = &t->stages[t->now];
		int64_t due = arrival_next(&t->a);

		*stage = s->name;
		*at_us = due == ARRIVAL_CLOSED_US ? due : t->from_us + due;
		if (s->duration_us == 0 || due < s->duration_us)
			return true;
		if (t->now + 1 == t->n)
			return false;
		t->from_us += s->duration_us;
		t->now++;
		begin_stage(t);
	}
}

void
timetable_end(struct timetable *t)
{
	if (t->rng)
		gsl_rng_free(t->rng);
	t->rng = NULL;
}
