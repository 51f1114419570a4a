/* schedule: see schedule.h. */
#include "schedule.h"

#include "scan.h"

#include <math.h>
#include <string.h>

#define LATEST_US (366 * 86400e6)

void
schedule_open(struct schedule *s, int fd, size_t max_line)
{
	*s = (struct schedule){0};
	jsonl_open(&s->lines, fd, max_line);
}

/* The number that comes next, in units of `us` microseconds. */
static bool
take_time(struct scan *s, double us, double *out)
{
	struct span raw;

	if (scan_kind(s) != SCAN_NUMBER)
		return scan_kind(s) == SCAN_ERROR ? scan_value(s, NULL) : scan_fail(s, "timestamp is not a number");
	if (!scan_number(s, &raw))
		return false;
	*out = span_double(raw) * us;
	return true;
}

/* The time that a line says; NAN: none. */
static double
read_line(struct scan *s)
{
	struct span key;
	double us = NAN;

	switch (scan_kind(s)) {
	case SCAN_NUMBER: take_time(s, 1e6, &us); break;
	case SCAN_OBJECT:
		scan_object(s);
		while (scan_member(s, &key))
			if (span_is(key, "timestamp"))
				take_time(s, 1e3, &us);
			else
				scan_value(s, NULL);
		break;
	case SCAN_ERROR: scan_value(s, NULL); break;
	default: scan_fail(s, "neither a number of seconds nor an object with a timestamp");
	}
	return us;
}

static const char *
judge(const struct schedule *s, double us)
{
	if (isnan(us))
		return "no timestamp (in milliseconds from the run's start)";
	if (us < 0)
		return "before the run's start";
	if (us > LATEST_US)
		return "over a year after the run's start, from which times count";
	return llround(us) < s->last_us ? "earlier than the line before" : NULL;
}

static void
parse(struct schedule *s, const char *line, size_t len)
{
	struct scan scan;
	double us;

	scan_start(&scan, line, len);
	us = read_line(&scan);
	scan_end(&scan);
	s->column = scan.why ? scan_column(&scan) : 0;
	s->why = scan.why ? scan.why : judge(s, us);
	if (!s->why)
		s->last_us = llround(us);
}

enum schedule_status
schedule_next(struct schedule *s, int64_t *at_us)
{
	char *line;
	size_t len;
	enum jsonl_status got;

	do
		got = jsonl_next(&s->lines, &line, &len);
	while (got == JSONL_LINE && strspn(line, " \t\r") == len);
	if (got == JSONL_END)
		return SCHEDULE_END;
	if (got != JSONL_LINE && got != JSONL_TOO_LONG)
		return SCHEDULE_ERROR;
	s->number = s->lines.number;
	s->column = 0;
	s->why = "longer than --max-line";
	if (got == JSONL_LINE)
		parse(s, line, len);
	*at_us = s->last_us;
	return s->why ? SCHEDULE_BAD : SCHEDULE_OK;
}

void
schedule_close(struct schedule *s)
{
	jsonl_close(&s->lines);
}
