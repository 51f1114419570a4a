/* gpu: see gpu.h. */
#include "gpu.h"

#include "put.h"

#include <inttypes.h>
#include <string.h>

/* By the number of the bit in NVML's mask of reasons why the clocks are what they are. */
static const char *const reasons[] = {"gpu_idle", "application_clocks", "sw_power_cap", "hw_slowdown", "sync_boost",
	"sw_thermal", "hw_thermal", "hw_power_brake", "display_clock", "board_limit", "reliability"};

static void
put_text(FILE *f, const char *key, const char *text)
{
	if (!*text)
		return;
	fprintf(f, ",\"%s\":", key);
	put_string(f, text, strlen(text));
}

static void
put_real_field(FILE *f, const struct gpu *g, unsigned bit, const char *key, double v)
{
	if (!(g->has & bit))
		return;
	fprintf(f, ",\"%s\":", key);
	put_number(f, v);
}

static void
put_count(FILE *f, const struct gpu *g, unsigned bit, const char *key, int64_t n)
{
	if (g->has & bit)
		fprintf(f, ",\"%s\":%" PRId64, key, n);
}

static void
put_throttle(FILE *f, uint64_t bits)
{
	const char *comma = "";

	fputs(",\"throttle\":[", f);
	for (size_t i = 0; i < 64; i++) {
		if (!(bits >> i & 1))
			continue;
		if (i < sizeof reasons / sizeof *reasons)
			fprintf(f, "%s\"%s\"", comma, reasons[i]);
		else
			fprintf(f, "%s\"0x%" PRIx64 "\"", comma, (uint64_t)1 << i);
		comma = ",";
	}
	putc(']', f);
}

void
gpu_put(FILE *f, const struct gpu *g)
{
	fprintf(f, ",\"device\":%d", g->index);
	put_text(f, "name", g->name);
	put_text(f, "uuid", g->uuid);
	if (*g->error) {
		put_text(f, "error", g->error);
		return;
	}
	if (g->mig)
		fputs(",\"mig\":true", f);
	else
		put_real_field(f, g, GPU_UTIL, "util_ratio", g->util_ratio);
	put_count(f, g, GPU_MEMORY_USED, "mem_used_bytes", g->mem_used_bytes);
	put_count(f, g, GPU_MEMORY_TOTAL, "mem_total_bytes", g->mem_total_bytes);
	put_real_field(f, g, GPU_POWER, "power_w", g->power_w);
	if (g->has & GPU_ENERGY) {
		fputs(",\"energy_j\":", f);
		put_ms(f, g->energy_mj); /* thousandths */
	}
	put_count(f, g, GPU_CLOCK, "sm_clock_hz", g->sm_clock_hz);
	put_real_field(f, g, GPU_TEMPERATURE, "temp_c", g->temp_c);
	if (g->has & GPU_THROTTLE)
		put_throttle(f, g->throttle);
}
