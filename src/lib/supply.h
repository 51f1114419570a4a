/* supply: what the requests of a workload say: prompts from a file, or made-up ones.
 *
 * All shards go through the same file, so each asks for every prompt, wanted or not. */
#ifndef SUPPLY_H
#define SUPPLY_H

#include "prompts.h"
#include "reqput.h"
#include "salt.h"
#include "words.h"
#include "workload.h"

struct supply {
	const struct workload *w;
	struct words words;     /* made-up prompts … */
	struct prompts prompts; /* … or those of w->prompts_file */
	size_t turn;            /* of the line that prompts has: the next one */
	uint64_t input_lengths, output_lengths, turn_numbers, think_times; /* streams (seed.h) */
	uint64_t marks; /* the same */
	char mark[SALT_MARK]; /* of the prompt given out last */
	uint64_t begun; /* sessions and single requests so far */
	/* A line of the file is bad: p->why, number, column. */
	void (*bad)(void *ctx, const struct prompts *p);
	/* Reading may block: hand on what there is. */
	void (*wait)(void *ctx);
	void *ctx;
};

enum supply_status {
	SUPPLY_OK,
	SUPPLY_NONE, /* no usable prompt in the whole file */
	SUPPLY_ERROR /* reading failed, or memory ran out: errno says why */
};

/* How the workload's prompt file is to be read. */
struct prompts_options supply_options(const struct workload *w, size_t max_line);
/* Set the streams: what is drawn depends on the workload's seed, and the words on its salt. */
void supply_begin_streams(struct supply *s);
/* What arrives next is a session of *turns turns; 0: a request by itself. */
enum supply_status supply_begin(struct supply *s, int64_t *turns);
/* The next prompt and what goes with it into q, whose id and turn are set; unwanted: past it. */
enum supply_status supply_next(struct supply *s, struct reqput *q, bool wanted);
void supply_end(struct supply *s);

#endif
