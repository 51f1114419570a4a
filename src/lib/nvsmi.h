/* nvsmi: the GPUs as nvidia-smi prints them: which columns are asked for, and a line of its
 * CSV into a reading.  Running it is the caller's. */
#ifndef NVSMI_H
#define NVSMI_H

#include "gpu.h"

#include <stddef.h>

#define NVSMI_FORMAT "--format=csv,noheader,nounits"

/* The --query-gpu argument: 0 for today's drivers, 1 and 2 for older ones, which refuse names
 * that they do not know; NULL when there is no older one. */
const char *nvsmi_query(size_t version);
/* A line of the answer to any of them (line is cut into pieces).  NULL, or why it is none. */
const char *nvsmi_line(char *line, struct gpu *g);

#endif
