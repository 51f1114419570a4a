/* nvsmi: see nvsmi.h. */
#include "nvsmi.h"

#include "units.h"

#include <float.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MIB 1048576.0

/* One order for all versions, so that a line's columns mean the same in each; newest last. */
#define COLUMNS \
	"--query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total,power.draw,temperature.gpu,clocks.current.sm"

const char *
nvsmi_query(size_t version)
{
	static const char *const queries[] = {
		COLUMNS ",mig.mode.current,clocks_event_reasons.active",
		COLUMNS ",mig.mode.current,clocks_throttle_reasons.active", /* before driver 535 */
		COLUMNS, /* before 450 */
	};

	return version < sizeof queries / sizeof *queries ? queries[version] : NULL;
}

/* The next column, without the blanks around it; NULL at the end. */
static char *
column(char **rest)
{
	char *text = *rest, *comma, *end;

	if (!text)
		return NULL;
	comma = strchr(text, ',');
	*rest = comma ? comma + 1 : NULL;
	end = comma ? comma : text + strlen(text);
	while (end > text && strchr(" \t\r", end[-1]))
		end--;
	*end = '\0';
	return text + strspn(text, " \t");
}

/* "[N/A]", "[Not Supported]", "N/A" and what else stands for a value that there is not. */
static bool
absent(const char *text)
{
	return !text || !*text || *text == '[' || strcmp(text, "N/A") == 0;
}

/* The numbers, in COLUMNS' order, with bounds that no GPU comes near: what is beyond them is a
 * driver's mistake, not a value, and would not fit what it is written as. */
enum { UTIL, USED, TOTAL, POWER, TEMPERATURE, CLOCK, N_NUMBERS };
static const struct {
	unsigned bit;
	double least, most;
} numbers[N_NUMBERS] = {
	[UTIL] = {GPU_UTIL, 0, 100},
	[USED] = {GPU_MEMORY_USED, 0, 1e9},
	[TOTAL] = {GPU_MEMORY_TOTAL, 0, 1e9},
	[POWER] = {GPU_POWER, 0, 1e6},
	[TEMPERATURE] = {GPU_TEMPERATURE, -273.15, 1e4},
	[CLOCK] = {GPU_CLOCK, 0, 1e6},
};

/* What is there must be a number; false: it is not. */
static bool
take(struct gpu *g, const char *text, int which, double *out)
{
	double got;

	*out = 0;
	if (absent(text))
		return true;
	if (units_number(text, -DBL_MAX, DBL_MAX, &got) != NULL)
		return false;
	if (got < numbers[which].least || got > numbers[which].most)
		return true;
	*out = got;
	g->has |= numbers[which].bit;
	return true;
}

static bool
take_throttle(struct gpu *g, const char *text)
{
	char *end;

	if (absent(text))
		return true;
	if (strncmp(text, "0x", 2) != 0)
		return false;
	g->throttle = strtoull(text + 2, &end, 16);
	if (*end || end == text + 2)
		return false;
	g->has |= GPU_THROTTLE;
	return true;
}

static void
copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", absent(text) ? "" : text);
}

const char *
nvsmi_line(char *line, struct gpu *g)
{
	double value[N_NUMBERS];
	char *rest = line, *mig;
	const char *index = column(&rest);
	int64_t i;

	*g = (struct gpu){0};
	if (units_count(index, 0, 9999, &i) != NULL)
		return "the first column is not a GPU's number";
	g->index = (int)i;
	copy(g->uuid, sizeof g->uuid, column(&rest));
	copy(g->name, sizeof g->name, column(&rest));
	for (int n = 0; n < N_NUMBERS; n++)
		if (!take(g, column(&rest), n, &value[n]))
			return "a column is neither a number nor [N/A]";
	mig = column(&rest);
	g->mig = mig && strcmp(mig, "Enabled") == 0;
	if (!take_throttle(g, column(&rest)))
		return "the last column is not a mask of reasons";
	g->util_ratio = value[UTIL] / 100;
	g->mem_used_bytes = (int64_t)(value[USED] * MIB);
	g->mem_total_bytes = (int64_t)(value[TOTAL] * MIB);
	g->power_w = value[POWER];
	g->temp_c = value[TEMPERATURE];
	g->sm_clock_hz = (int64_t)(value[CLOCK] * 1e6);
	if (!g->has)
		snprintf(g->error, sizeof g->error, "nvidia-smi reports no value of this GPU");
	return NULL;
}
