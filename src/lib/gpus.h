/* gpus: all GPUs of this machine, through NVML or nvidia-smi or both. */
#ifndef GPUS_H
#define GPUS_H

#include "clock.h"
#include "nvml.h"
#include "text.h"

enum { GPUS_NVML = 1, GPUS_SMI = 2 };

#define GPUS_MAX 1024

struct gpus {
	const struct clock *clock;
	int64_t timeout_us; /* for nvidia-smi */
	unsigned sources;   /* those in use */
	struct nvml nvml;
	unsigned n; /* how many were there */
	size_t smi_version;
	struct text smi;
};

struct gpus_calls {
	void (*gpu)(void *ctx, int64_t t_us, const char *source, const struct gpu *g);
	/* nvidia-smi as a whole: why it failed, or NULL; then how many of its lines are none. */
	void (*smi)(void *ctx, int64_t t_us, const char *why);
	void (*bad_line)(void *ctx, size_t number, const char *why);
	void *ctx;
};

/* Open these sources: NULL when all of them are there, otherwise why one is not. */
const char *gpus_open(struct gpus *g, unsigned sources, const struct clock *clock, int64_t timeout_us, char why[256]);
/* Open NVML, else nvidia-smi. */
const char *gpus_open_any(struct gpus *g, const struct clock *clock, int64_t timeout_us, char why[512]);
/* A reading of each GPU; one that was there and is not now is an error. */
void gpus_read(struct gpus *g, const struct gpus_calls *calls);
void gpus_close(struct gpus *g);

#endif
