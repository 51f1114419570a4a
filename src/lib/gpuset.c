/* gpuset: see gpuset.h. */
#include "gpuset.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct gpu_sample {
	int64_t t_us;
	double util_ratio;
};

/* Room for one more in an array of the pool. */
static void *
room(struct pool *pool, void *old, size_t n, size_t *cap, size_t size)
{
	void *more;

	if (n < *cap)
		return old;
	*cap = *cap * 2 + 16;
	more = pool_alloc(pool, *cap, size);
	if (n)
		memcpy(more, old, n * size);
	return more;
}

static void
remember(struct gpuset *g, const json_t *record, const char *name)
{
	const char *uuid = json_string_value(json_object_get(record, "uuid"));
	const char *host = json_string_value(json_object_get(record, "host"));
	char id[300];

	if (uuid)
		snprintf(id, sizeof id, "%s", uuid);
	else
		snprintf(id, sizeof id, "%s %" JSON_INTEGER_FORMAT, host ? host : "",
			json_integer_value(json_object_get(record, "device")));
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->ids[i], id) == 0)
			return;
	g->ids = room(g->pool, g->ids, g->n, &g->cap, sizeof *g->ids);
	g->ids[g->n++] = pool_text(g->pool, id, strlen(id));
	if (!g->product)
		g->product = pool_text(g->pool, name, strlen(name));
	g->several |= strcmp(g->product, name) != 0;
}

const char *
gpuset_add(struct gpuset *g, const json_t *record)
{
	const char *source = json_string_value(json_object_get(record, "source"));
	const char *name = json_string_value(json_object_get(record, "name"));
	const json_t *t = json_object_get(record, "t_us"), *util = json_object_get(record, "util_ratio");

	if (!source || !json_is_integer(t))
		return "not a telemetry record: source or t_us is missing";
	if (!name || strcmp(source, "engine") == 0)
		return NULL;
	remember(g, record, name);
	g->mig |= json_is_true(json_object_get(record, "mig"));
	if (!json_is_number(util))
		return NULL;
	if (!(json_number_value(util) >= 0 && json_number_value(util) <= 1))
		return "util_ratio: not between 0 and 1";
	g->samples = room(g->pool, g->samples, g->n_samples, &g->cap_samples, sizeof *g->samples);
	g->samples[g->n_samples++] = (struct gpu_sample){json_integer_value(t), json_number_value(util)};
	return NULL;
}

const char *
gpuset_unclear(const struct gpuset *g, int64_t gpus)
{
	if (g->n == 0)
		return "the telemetry is of no GPU";
	if (g->mig)
		return "a GPU of the telemetry is partitioned (MIG): --gpu has to name the product";
	if (g->several)
		return "the telemetry is of GPUs of several products: --gpu has to name the server's";
	if (g->n > 1 && gpus < 0)
		return "the telemetry is of several GPUs: --gpus has to say how many of them serve";
	if (gpus > (int64_t)g->n)
		return "the telemetry is of fewer GPUs than the server has: --gpu has to name their product";
	return NULL;
}

const char *
gpuset_others(const struct gpuset *g, int64_t gpus)
{
	if (g->n == 0)
		return "the use of the server's GPUs was not measured";
	if (g->mig || g->several || gpus != (int64_t)g->n)
		return "the telemetry is not of the server's GPUs alone";
	return NULL;
}

double
gpuset_util(const struct gpuset *g, int64_t from_us, int64_t to_us)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < g->n_samples; i++)
		if (g->samples[i].t_us >= from_us && g->samples[i].t_us <= to_us) {
			sum += g->samples[i].util_ratio;
			n++;
		}
	return n ? sum / (double)n : NAN;
}
