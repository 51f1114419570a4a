/* gpus: see gpus.h. */
#include "gpus.h"

#include "command.h"
#include "nvsmi.h"

#include <string.h>

#define MAX_OUTPUT ((size_t)1 << 20)

static const char *
open_nvml(struct gpus *g, char why[256])
{
	char reason[160];

	if (nvml_open(&g->nvml, &g->n, reason)) {
		snprintf(why, 256, "nvml: %s", reason);
		return why;
	}
	if (g->n > GPUS_MAX)
		g->n = GPUS_MAX;
	g->sources |= GPUS_NVML;
	return NULL;
}

static const char *
run_smi(struct gpus *g, char why[160])
{
	const char *argv[] = {"nvidia-smi", nvsmi_query(g->smi_version), NVSMI_FORMAT, NULL};
	const char *trouble = command_run(argv, g->timeout_us, MAX_OUTPUT, &g->smi, why);

	return trouble ? trouble : g->smi.n == 0 ? "it lists no GPU" : NULL;
}

/* The first of its queries that this nvidia-smi understands. */
static const char *
open_smi(struct gpus *g, char why[256])
{
	const char *trouble;
	char reason[160];

	g->smi_version = 0;
	while ((trouble = run_smi(g, reason)) && strstr(trouble, "valid field") && nvsmi_query(g->smi_version + 1))
		g->smi_version++;
	if (trouble) {
		snprintf(why, 256, "nvidia-smi: %s", trouble);
		return why;
	}
	g->sources |= GPUS_SMI;
	return NULL;
}

const char *
gpus_open(struct gpus *g, unsigned sources, const struct clock *clock, int64_t timeout_us, char why[256])
{
	*g = (struct gpus){.clock = clock, .timeout_us = timeout_us};
	if ((sources & GPUS_NVML) && open_nvml(g, why))
		return why;
	return sources & GPUS_SMI ? open_smi(g, why) : NULL;
}

const char *
gpus_open_any(struct gpus *g, const struct clock *clock, int64_t timeout_us, char why[512])
{
	char nvml[256], smi[256];

	if (!gpus_open(g, GPUS_NVML, clock, timeout_us, nvml) || !gpus_open(g, GPUS_SMI, clock, timeout_us, smi))
		return NULL;
	snprintf(why, 512, "%.250s; %.250s", nvml, smi);
	return why;
}

static void
read_nvml(struct gpus *g, const struct gpus_calls *calls)
{
	struct gpu gpu;

	for (unsigned i = 0; i < g->n; i++) {
		int64_t t_us = clock_us(g->clock);

		nvml_read(&g->nvml, i, &gpu);
		calls->gpu(calls->ctx, t_us, "nvml", &gpu);
	}
}

static void
read_lines(struct gpus *g, int64_t t_us, const struct gpus_calls *calls, bool listed[GPUS_MAX])
{
	char *rest = g->smi.s, *text;
	struct gpu gpu;

	for (size_t number = 1; (text = strsep(&rest, "\n")); number++) {
		const char *why;

		if (strspn(text, " \t\r") == strlen(text))
			continue;
		if ((why = nvsmi_line(text, &gpu)) || gpu.index >= GPUS_MAX) {
			calls->bad_line(calls->ctx, number, why ? why : "too many GPUs");
			continue;
		}
		listed[gpu.index] = true;
		if ((unsigned)gpu.index >= g->n)
			g->n = (unsigned)gpu.index + 1;
		calls->gpu(calls->ctx, t_us, "nvidia-smi", &gpu);
	}
}

static void
read_smi(struct gpus *g, const struct gpus_calls *calls)
{
	int64_t t_us = clock_us(g->clock);
	bool listed[GPUS_MAX] = {false};
	char buf[160];
	const char *why = run_smi(g, buf);

	calls->smi(calls->ctx, t_us, why);
	if (why)
		return;
	read_lines(g, t_us, calls, listed);
	for (unsigned i = 0; i < g->n; i++)
		if (!listed[i]) {
			struct gpu gone = {.index = (int)i, .error = "it is not listed any more"};

			calls->gpu(calls->ctx, t_us, "nvidia-smi", &gone);
		}
}

void
gpus_read(struct gpus *g, const struct gpus_calls *calls)
{
	if (g->sources & GPUS_NVML)
		read_nvml(g, calls);
	if (g->sources & GPUS_SMI)
		read_smi(g, calls);
}

void
gpus_close(struct gpus *g)
{
	nvml_close(&g->nvml);
	text_free(&g->smi);
}
