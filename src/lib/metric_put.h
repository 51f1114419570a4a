/* metric_put: a metric record (docs/RECORDS.md) as text. */
#ifndef METRIC_PUT_H
#define METRIC_PUT_H

#include "metric.h"

#include <stdio.h>

/* The record without its closing brace, so that members can be added. */
void metric_put(FILE *f, const struct response *r, const struct definition *d, const struct metric *m);
/* ,"name":value; null when the value is absent. */
void metric_put_member(FILE *f, const char *name, struct span raw);

#endif
