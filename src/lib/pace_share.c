/* pace_share: see pace_share.h. */
#include "pace_share.h"

struct request *
pace_share_head(struct pace *p)
{
	struct request *q = intake_next(p->in);

	for (; p->shards && q && q->at_us < 0; q = intake_next(p->in)) {
		if (q->arrival >= (p->ticket >= 0 ? p->ticket : shards_taken(p->shards)))
			break;
		intake_drop(p->in);
	}
	return q;
}

bool
pace_share_claim(struct pace *p)
{
	const struct request *q;

	if (!p->shards)
		return true;
	if (p->ticket < 0)
		p->ticket = shards_take(p->shards);
	q = pace_share_head(p);
	if (!q || q->at_us >= 0 || q->arrival != p->ticket || (!p->start_us && !q->warmup))
		return false;
	p->ticket = -1;
	return true;
}

int64_t
pace_share_start(struct pace *p, int64_t now_us)
{
	int64_t start_us = now_us;

	if (p->shards) {
		shards_ready(p->shards, now_us);
		start_us = shards_start_us(p->shards);
	}
	if (start_us <= 0)
		return 0;
	return start_us > p->not_before_us ? start_us : p->not_before_us;
}
