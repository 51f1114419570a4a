/* nvsmi: see nvsmi.h. */
#include "nvsmi.h"

#include "units.h"

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

/* What is there must be a number; false: it is not. */
static bool
take(struct gpu *g, const char *text, unsigned bit, double *out)
{
	if (absent(text))
		return true;
	if (units_number(text, -1e15, 1e15, out) != NULL)
		return false;
	g->has |= bit;
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
	double percent = 0, used = 0, total = 0, mhz = 0;
	char *rest = line, *mig;
	const char *index = column(&rest);
	int64_t i;

	*g = (struct gpu){0};
	if (units_count(index, 0, 9999, &i) != NULL)
		return "the first column is not a GPU's number";
	g->index = (int)i;
	copy(g->uuid, sizeof g->uuid, column(&rest));
	copy(g->name, sizeof g->name, column(&rest));
	if (!take(g, column(&rest), GPU_UTIL, &percent) || !take(g, column(&rest), GPU_MEMORY_USED, &used) ||
	    !take(g, column(&rest), GPU_MEMORY_TOTAL, &total) || !take(g, column(&rest), GPU_POWER, &g->power_w) ||
	    !take(g, column(&rest), GPU_TEMPERATURE, &g->temp_c) || !take(g, column(&rest), GPU_CLOCK, &mhz))
		return "a column is neither a number nor [N/A]";
	mig = column(&rest);
	g->mig = mig && strcmp(mig, "Enabled") == 0;
	if (!take_throttle(g, column(&rest)))
		return "the last column is not a mask of reasons";
	g->util_ratio = percent / 100;
	g->mem_used_bytes = (int64_t)(used * MIB);
	g->mem_total_bytes = (int64_t)(total * MIB);
	g->sm_clock_hz = (int64_t)(mhz * 1e6);
	if (!g->has)
		snprintf(g->error, sizeof g->error, "nvidia-smi reports no value of this GPU");
	return NULL;
}
