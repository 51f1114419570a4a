/* sim: what the parts of the simulated engine share; one per process, made by llmsim.c. */
#ifndef SIM_H
#define SIM_H

#include "batch.h"
#include "clock.h"
#include "httpd.h"
#include "prefix.h"
#include "simfault.h"
#include "simmetrics.h"
#include "simreply.h"

#include <event2/event.h>

struct sim {
	/* what was asked for */
	struct latency latency;
	const char **models;   /* names, NULL-terminated */
	char **names;          /* the same, as JSON strings */
	size_t n_models;
	struct simfault *faults;
	size_t n_faults;
	int64_t max_model_len, max_waiting, kv_blocks, block_size;
	int64_t output_tokens; /* -1: not given */
	int64_t reasoning_tokens; /* -1: the model does not think */
	const char *key;       /* NULL: none is needed */
	int64_t ready_us;
	/* what runs */
	struct clock clock;
	int64_t started_us;
	struct event_base *base;
	struct httpd *httpd;
	struct batch *batch;
	struct prefix *prefix; /* NULL: no prefix caching */
	struct simmetrics *metrics; /* one a model */
	int64_t armed_us;      /* when the timer goes off; INT64_MAX: never */
	uint64_t number;       /* of the newest request for tokens, from 1 */
	int truth_fd;          /* -1: not asked for */
	int truth_errno;       /* why it could not be written; the loop then ends */
	struct text json, event, wire, piece; /* scratch: whoever needs one empties it first */
};

/* Answers with the sim's json; more: further header lines, or NULL. */
void sim_answer(struct sim *sim, struct httpd_conn *c, int status, const char *type, const char *more);
void sim_answer_error(struct sim *sim, struct httpd_conn *c, const struct simerror *e);

#endif
