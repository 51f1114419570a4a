/* sim: what the parts of the simulated engine share; one per process, made by llmsim.c. */
#ifndef SIM_H
#define SIM_H

#include "batch.h"
#include "clock.h"
#include "httpd.h"
#include "simreply.h"

#include <event2/event.h>
#include <stdio.h>

struct sim {
	/* what was asked for */
	struct latency latency;
	char **models;      /* names, NULL-terminated */
	char **models_json; /* the same, as JSON strings */
	int64_t max_model_len, output_tokens; /* output_tokens -1: not given */
	int64_t max_waiting;
	uint64_t seed;
	char *key; /* NULL: none is needed */
	int64_t ready_us;
	/* what runs */
	struct clock clock;
	int64_t started_us;
	struct event_base *base;
	struct httpd *httpd;
	struct batch *batch;
	uint64_t number; /* of the newest request for tokens, from 1 */
	FILE *truth;     /* NULL: not asked for */
	struct text json, event, wire; /* scratch, empty between calls */
};

#endif
