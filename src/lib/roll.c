/* roll: see roll.h. */
#include "roll.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int64_t
roll_ready(const struct roll *r)
{
	int64_t n = 0;

	for (int64_t i = 0; i < r->n; i++)
		n += r->ready[i] > 0;
	return n;
}

static const char *
say_who(struct roll *r, struct roll_peer *p, const char *line)
{
	int64_t version, shard, of;
	int end = 0;

	if (p->shard)
		return "you have said who you are";
	if (sscanf(line, "muster %" SCNd64 " %" SCNd64 " %" SCNd64 "%n", &version, &shard, &of, &end) != 3 || line[end])
		return "expected muster 1 I N";
	if (version != 1)
		return "another version of muster: use the same tokpipe everywhere";
	if (of != r->n)
		return "another number of shards";
	if (shard < 1 || shard > r->n)
		return "no such shard";
	p->shard = shard;
	return NULL;
}

static void
make_ready(struct roll *r, struct roll_peer *p, int64_t now_us)
{
	if (p->ready)
		return;
	p->ready = true;
	r->ready[p->shard - 1]++;
	if (!r->start_us && roll_ready(r) == r->n)
		r->start_us = now_us + r->lead_us;
}

enum roll_answer
roll_line(struct roll *r, struct roll_peer *p, const char *line, int64_t now_us, int64_t *t1, const char **why)
{
	int end = 0;

	*why = NULL;
	if (strncmp(line, "muster ", 7) == 0)
		*why = say_who(r, p, line);
	else if (!p->shard)
		*why = "expected muster 1 I N";
	else if (sscanf(line, "p %" SCNd64 "%n", t1, &end) == 1 && !line[end])
		return ROLL_CLOCK;
	else if (strcmp(line, "ready") == 0)
		make_ready(r, p, now_us);
	else
		*why = "expected p T1, or ready";
	return *why ? ROLL_WRONG : ROLL_NONE;
}

void
roll_gone(struct roll *r, struct roll_peer *p)
{
	if (p->ready)
		r->ready[p->shard - 1]--;
	*p = (struct roll_peer){0};
}
