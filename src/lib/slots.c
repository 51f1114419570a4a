/* slots: see slots.h. */
#include "slots.h"

#include "shards.h"
#include "units.h"

#include <string.h>

#define NAME_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
#define LONGEST_US ((int64_t)365 * 86400 * 1000000)

static const char *
parse_name(const char *text, char *out)
{
	size_t n = strlen(text);

	if (n == 0 || n > SLOTS_NAME || strspn(text, NAME_LETTERS) != n)
		return "a stage's name is of up to 64 letters, digits, '.', '_' and '-'";
	memcpy(out, text, n + 1);
	return NULL;
}

/* "T:N" or "T:N=NAME" of n bytes at text. */
static const char *
parse_point(const char *text, size_t n, struct slots *out)
{
	char buf[64 + SLOTS_NAME];
	char *colon, *equals;
	const char *why;
	int64_t earliest = out->n ? out->at[out->n - 1].t_us : 0;

	if (n >= sizeof buf)
		return "a point is too long";
	if (out->n == SLOTS_POINTS)
		return "more than 64 points";
	memcpy(buf, text, n);
	buf[n] = '\0';
	if (!(colon = strchr(buf, ':')))
		return "a point is TIME:SLOTS, such as 30s:50";
	*colon = '\0';
	if ((equals = strchr(colon + 1, '=')))
		*equals = '\0';
	if ((why = units_duration(buf, earliest, LONGEST_US, &out->at[out->n].t_us)))
		return strcmp(why, "too small") == 0 ? "points must be in order of time" : why;
	if ((why = units_count(colon + 1, 0, SLOTS_MOST, &out->at[out->n].count)))
		return why;
	if (equals && (why = parse_name(equals + 1, out->at[out->n].name)))
		return why;
	out->n++;
	return NULL;
}

const char *
slots_parse(const char *text, struct slots *out)
{
	const char *slash = strchr(text, '/'), *end = slash ? slash : text + strlen(text), *why;

	*out = (struct slots){0};
	if (!strchr(text, ':')) {
		out->n = 1;
		return units_count(text, 1, SLOTS_MOST, &out->at[0].count);
	}
	for (const char *p = text; p <= end;) {
		size_t n = strcspn(p, ",/");

		if ((why = parse_point(p, n, out)))
			return why;
		p += n + 1;
	}
	if (out->at[0].t_us != 0)
		return "the first point must be at 0s";
	if (slash && (why = units_duration(slash + 1, 1, LONGEST_US, &out->period_us)))
		return why;
	if (slash && out->at[out->n - 1].t_us > out->period_us)
		return "a point lies behind the period";
	return slots_max(out) > 0 ? NULL : "no point opens a slot";
}

/* Where t_us after the start stands in the list: within one period. */
static int64_t
phase(const struct slots *s, int64_t t_us)
{
	t_us += s->into_us;
	return s->period_us ? t_us % s->period_us : t_us;
}

/* The last point at or before t (t within one period). */
static int
before(const struct slots *s, int64_t t)
{
	int i = s->n - 1;

	while (i > 0 && s->at[i].t_us > t)
		i--;
	return i;
}

__extension__ typedef __int128 int128;

/* a * b / c, rounded down; c > 0. */
static int64_t
scaled(int64_t a, int64_t b, int64_t c)
{
	int128 product = (int128)a * b;

	return (int64_t)(product / c - (product % c < 0));
}

static int64_t
share(const struct slots *s, int64_t count)
{
	return s->shares ? shards_share(count, s->shares, s->share) : count;
}

int64_t
slots_at(const struct slots *s, int64_t t_us)
{
	int64_t t = phase(s, t_us);
	int i = before(s, t);
	int64_t dt, rise;

	if (i == s->n - 1)
		return share(s, s->at[i].count);
	dt = s->at[i + 1].t_us - s->at[i].t_us;
	rise = s->at[i + 1].count - s->at[i].count;
	return share(s, s->at[i].count + scaled(rise, t - s->at[i].t_us, dt));
}

/* The first time in (low, high] at which slots_at() is not `now`; it is at high, and
 * the line between them only rises or only falls. */
static int64_t
crossing(const struct slots *s, int64_t now, int64_t low, int64_t high)
{
	while (high - low > 1) {
		int64_t mid = low + (high - low) / 2;

		if (slots_at(s, mid) == now)
			low = mid;
		else
			high = mid;
	}
	return high;
}

int64_t
slots_next(const struct slots *s, int64_t t_us)
{
	int64_t now = slots_at(s, t_us), t = t_us;

	/* Look at one straight piece after the other, for at most one period. */
	for (int pieces = 0; pieces <= s->n + 1; pieces++) {
		int64_t p = phase(s, t), end;
		int i = before(s, p);

		if (i == s->n - 1 && !s->period_us)
			return -1;
		end = t - p + (i == s->n - 1 ? s->period_us : s->at[i + 1].t_us);
		if (slots_at(s, end - 1) != now)
			return crossing(s, now, t, end - 1);
		if (slots_at(s, end) != now)
			return end;
		t = end;
	}
	return -1;
}

const char *
slots_stage(const struct slots *s, int64_t t_us)
{
	int i = before(s, phase(s, t_us));

	while (i > 0 && !s->at[i].name[0])
		i--;
	return s->at[i].name[0] ? s->at[i].name : NULL;
}

int64_t
slots_max(const struct slots *s)
{
	int64_t most = 0;

	for (int i = 0; i < s->n; i++)
		if (s->at[i].count > most)
			most = s->at[i].count;
	return share(s, most);
}
