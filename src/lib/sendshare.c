/* sendshare: see sendshare.h. */
#include "sendshare.h"

#include "shards.h"

#include <stdio.h>
#include <string.h>

/* Whether so many can each have a part of it: else why is "WHO: more processes than WHAT N". */
static bool
enough(const struct sendshare *s, const char *what, int64_t n, char why[SENDSHARE_WHY])
{
	char who[64] = "";

	if (s->of * s->processes <= n)
		return true;
	if (s->of > 1)
		snprintf(who, sizeof who, "--shard %lld/%lld", (long long)s->shard, (long long)s->of);
	if (s->processes > 1)
		snprintf(who + strlen(who), sizeof who - strlen(who), "%s-j %d", *who ? ", " : "", s->processes);
	snprintf(why, SENDSHARE_WHY, "%s: more processes than %s%lld", who, what, (long long)n);
	return false;
}

bool
sendshare_check(const struct sendshare *s, const struct load_options *o, char why[SENDSHARE_WHY])
{
	const struct slots *c = &o->slots;
	bool good = enough(s, "there can be, ", SHARDS_MOST, why);

	if (good && s->slots_given)
		good = enough(s, "-c has slots, ", slots_max(c), why);
	if (good && s->slots_given && s->of > 1 && !c->period_us && !o->duration_us)
		good = enough(s, "-c has slots at its end, ", c->at[c->n - 1].count, why);
	if (good && o->max_in_flight)
		good = enough(s, "--max-in-flight ", o->max_in_flight, why);
	return good;
}

void
sendshare_take(const struct sendshare *s, int me, struct load_options *o)
{
	int all = (int)s->of * s->processes, number = (int)(s->shard - 1) * s->processes + me;

	o->slots.into_us = o->into_us;
	if (o->duration_us)
		o->duration_us = o->duration_us > o->into_us ? o->duration_us - o->into_us : 1;
	if (all == 1)
		return;
	if (!s->slots_given && s->of > 1)
		o->slots.at[0].count = all;
	o->shard = number;
	o->slots.share = number;
	o->slots.shares = all;
	o->max_in_flight = shards_share(o->max_in_flight, all, number);
}
