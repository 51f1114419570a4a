/* gpu: one reading of one GPU, wherever it comes from, in the units of the telemetry record. */
#ifndef GPU_H
#define GPU_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Bits of struct gpu's `has`: what was measured. */
enum {
	GPU_UTIL = 1,
	GPU_MEMORY_USED = 2,
	GPU_MEMORY_TOTAL = 4,
	GPU_POWER = 8,
	GPU_ENERGY = 16,
	GPU_CLOCK = 32,
	GPU_TEMPERATURE = 64,
	GPU_THROTTLE = 128
};

struct gpu {
	int index;
	char name[96], uuid[96]; /* empty: unknown */
	char error[160];         /* not empty: why there are no values */
	unsigned has;
	bool mig; /* partitioned: no one's utilisation is this GPU's */
	double util_ratio, power_w, temp_c;
	int64_t mem_used_bytes, mem_total_bytes, energy_mj, sm_clock_hz;
	uint64_t throttle; /* NVML's bits: nvmlClocksEventReason… */
};

/* device, name, uuid and the values, or error; each with a comma before it. */
void gpu_put(FILE *f, const struct gpu *g);

#endif
