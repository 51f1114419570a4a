/* pace_share: which of the records are this process's to send, where several share a run (shards.h).
 *
 * All of them see all records in the same order.  Where one process is alone they are all its own. */
#ifndef PACE_SHARE_H
#define PACE_SHARE_H

#include "pace.h"

/* The request at the head; what other processes have taken goes. */
struct request *pace_share_head(struct pace *p);
/* Whether the closed-loop request at the head is this process's to send now: whoever has a slot for it
 * takes the next one that nobody has taken, and waits until that has come in. */
bool pace_share_claim(struct pace *p);
/* This process has no warm-up left: when the run's clock starts; 0: not yet, others have some. */
int64_t pace_share_start(struct pace *p, int64_t now_us);

#endif
