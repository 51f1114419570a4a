/* sendshare: which part of a run is this process's, where several processes of one machine (shards.h) or several
 * senders on many machines share it.  Pure.
 *
 * What must hold: the slots and the bounds of all add up to the whole, at every moment.  A sender has its own
 * requests, given out beforehand: nobody else can send them, so that it needs a slot to the end. */
#ifndef SENDSHARE_H
#define SENDSHARE_H

#include "load.h"

#include <stdbool.h>
#include <stdint.h>

#define SENDSHARE_WHY 200

struct sendshare {
	int64_t shard, of; /* the shard-th of so many senders, from 1 */
	int processes;     /* of each sender */
	bool slots_given;  /* not the default number of them */
};

/* False: why says what cannot be shared. */
bool sendshare_check(const struct sendshare *s, const struct load_options *o, char why[SENDSHARE_WHY]);
/* Leave in *o what is for process me (from 1) of this sender. */
void sendshare_take(const struct sendshare *s, int me, struct load_options *o);

#endif
