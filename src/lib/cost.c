/* cost: see cost.h. */
#include "cost.h"

#include "money.h"

#include <math.h>

#define NANO INT64_C(1000000000)
#define GIB (INT64_C(1) << 30)
#define HOUR_US INT64_C(3600000000)
#define CENTS 2

/* The sum of the parts that are known, in [COST_TOTAL]; none known, none summed. */
static bool
add_up(int64_t *v)
{
	v[COST_TOTAL] = MONEY_NONE;
	for (int i = 0; i < COST_TOTAL; i++)
		if (v[i] != MONEY_NONE)
			v[COST_TOTAL] = (v[COST_TOTAL] == MONEY_NONE ? 0 : v[COST_TOTAL]) + v[i];
	return v[COST_TOTAL] <= MONEY_MAX;
}

/* An amount of something, each `unit` of it at a price; false when it is too much. */
static bool
priced(int64_t *v, int64_t amount, int64_t price, int64_t unit)
{
	if (amount < 0 || price < 0)
		return true;
	*v = money_scale(amount, price, unit);
	return *v != MONEY_NONE;
}

bool
cost_hour(struct cost *c, const struct server *s, int64_t gpu, const struct prices *p)
{
	for (int i = 0; i < COST_PARTS; i++)
		c->hour[i] = c->run[i] = MONEY_NONE;
	if (gpu == MONEY_NONE && s->gpus != 0)
		return true;
	if (!priced(&c->hour[COST_GPU], s->gpus, gpu == MONEY_NONE ? 0 : gpu, 1) ||
		!priced(&c->hour[COST_CPU], s->nanocores, p->core, NANO) ||
		!priced(&c->hour[COST_MEMORY], s->memory_bytes, p->gib, GIB))
		return false;
	if (s->gpus == 0 && c->hour[COST_CPU] == MONEY_NONE && c->hour[COST_MEMORY] == MONEY_NONE)
		c->hour[COST_GPU] = MONEY_NONE; /* no GPU, and nothing else that is known: not a server for nothing */
	if (!add_up(c->hour))
		return false;
	if (c->hour[COST_TOTAL] == MONEY_NONE)
		return true;
	c->hour[COST_OVERHEAD] = money_scale(c->hour[COST_TOTAL], p->overhead, NANO);
	return c->hour[COST_OVERHEAD] != MONEY_NONE && add_up(c->hour);
}

bool
cost_run(struct cost *c, int64_t window_us)
{
	for (int i = 0; i < COST_TOTAL; i++)
		if (!priced(&c->run[i], window_us, c->hour[i], HOUR_US))
			return false;
	return add_up(c->run);
}

double
cost_per(const struct cost *c, int64_t window_us, int64_t things, int64_t n)
{
	if (c->hour[COST_TOTAL] == MONEY_NONE || window_us < 0 || things <= 0)
		return NAN;
	return (double)((long double)c->hour[COST_TOTAL] * (long double)window_us * (long double)n /
		((long double)HOUR_US * (long double)NANO * (long double)things));
}

int64_t
cost_nano(double usd)
{
	return isfinite(usd) ? money_from(usd) : MONEY_NONE;
}

/* Sums are rounded and their differences shown, so that what is shown adds up. */
unsigned
cost_shown(const struct cost *c, int64_t *parts)
{
	int64_t with[COST_PARTS] = {MONEY_NONE, MONEY_NONE, MONEY_NONE, MONEY_NONE, MONEY_NONE};
	int64_t total = c->hour[COST_TOTAL], bare = total - c->hour[COST_OVERHEAD], sum = 0, shown = 0;
	unsigned decimals;

	for (int i = 0; i < COST_OVERHEAD; i++)
		with[i] = c->hour[i] == MONEY_NONE || bare == 0 ? c->hour[i] : money_scale(c->hour[i], total, bare);
	with[COST_TOTAL] = total;
	decimals = money_decimals(with, COST_PARTS, CENTS);
	for (int i = 0; i < COST_OVERHEAD; i++) {
		if ((parts[i] = c->hour[i]) == MONEY_NONE)
			continue;
		sum += c->hour[i];
		parts[i] = money_units(bare ? money_scale(sum, total, bare) : 0, decimals) - shown;
		shown += parts[i];
	}
	parts[COST_TOTAL] = total == MONEY_NONE ? MONEY_NONE : shown;
	return decimals;
}
