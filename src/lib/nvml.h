/* nvml: the GPUs as NVIDIA's management library sees them.
 *
 * libnvidia-ml.so.1 comes with the driver and is opened when the program runs; the prototypes are
 * ours, after NVIDIA's documented interface ("NVML API Reference", functions and structures
 * named in nvml.c).  A function that the library lacks, or that the GPU does not support, leaves
 * its field out. */
#ifndef NVML_H
#define NVML_H

#include "gpu.h"

#include <stddef.h>

/* The functions as they were found; NULL: not there. */
struct nvml {
	void *library;
	int (*init)(void), (*shutdown)(void);
	int (*count)(unsigned *);
	int (*handle)(unsigned, void **);
	int (*name)(void *, char *, unsigned), (*uuid)(void *, char *, unsigned);
	int (*mig_mode)(void *, unsigned *, unsigned *);
	int (*utilization)(void *, void *);
	int (*memory)(void *, void *), (*memory_v2)(void *, void *);
	int (*power)(void *, unsigned *);
	int (*energy)(void *, unsigned long long *);
	int (*clock)(void *, unsigned, unsigned *);
	int (*temperature)(void *, unsigned, unsigned *);
	int (*reasons)(void *, unsigned long long *);
	const char *(*error)(int);
};

/* NULL, or in why the reason why no GPU can be read.  On success *n_gpus of them are there. */
const char *nvml_open(struct nvml *n, unsigned *n_gpus, char why[160]);
/* Read GPU number i.  g->error says what went wrong with it as a whole. */
void nvml_read(const struct nvml *n, unsigned i, struct gpu *g);
void nvml_close(struct nvml *n);

#endif
