/* inflight: see inflight.h. */
#include "inflight.h"

bool
inflight_next(const struct inflight *f, struct inflight_step *step)
{
	for (;;) {
		int64_t at;

		if (step->e == f->n)
			return false;
		at = f->ends[step->e];
		if (step->s < f->n && f->starts[step->s] < at)
			at = f->starts[step->s];
		while (step->s < f->n && f->starts[step->s] == at)
			step->s++;
		while (step->e < f->n && f->ends[step->e] == at)
			step->e++;
		if (step->e == f->n)
			return false;
		step->from = at;
		step->to = f->ends[step->e];
		if (step->s < f->n && f->starts[step->s] < step->to)
			step->to = f->starts[step->s];
		step->count = step->s - step->e;
		if (step->to > step->from)
			return true;
	}
}

size_t
inflight_max(const struct inflight *f)
{
	struct inflight_step step = {0};
	size_t max = 0;

	while (inflight_next(f, &step))
		if (step.count > max)
			max = step.count;
	return max;
}

void
inflight_times(const struct inflight *f, int64_t *time)
{
	struct inflight_step step = {0};

	while (inflight_next(f, &step))
		time[step.count] += step.to - step.from;
}

size_t
inflight_median(const int64_t *time, size_t max)
{
	int64_t busy = 0, below;
	size_t count = 1;

	for (size_t i = 1; i <= max; i++)
		busy += time[i];
	if (busy == 0)
		return 0;
	for (below = time[1]; below < busy - below; below += time[count])
		count++;
	return count;
}

bool
inflight_reach(const struct inflight *f, double count, int64_t *from, int64_t *to)
{
	struct inflight_step step = {0};
	bool reached = false;

	while (inflight_next(f, &step))
		if ((double)step.count >= count) {
			if (!reached)
				*from = step.from;
			*to = step.to;
			reached = true;
		}
	return reached;
}
