/* fake_nvml: a libnvidia-ml.so.1 for tests, because there is no GPU where they run.
 *
 * It has the documented interface of the functions that gpusample calls (NVML API Reference) and
 * the values of one made-up machine with two GPUs; no figure in it was ever measured.  The file
 * that $FAKE_NVML names says what is different, in words: no-gpu, not-supported (GPU 0 tells
 * neither utilisation nor energy), mig (GPU 0 is partitioned), lost (GPU 1 fell off the bus),
 * unloaded (the driver is gone).  Built with -DOLD it lacks what older drivers lack.  The same
 * library under NVIDIA's own Python binding must tell the same: that is the test of this file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUCCESS = 0, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, DRIVER_NOT_LOADED = 9, GPU_IS_LOST = 15,
	VERSION_MISMATCH = 25 };

static const struct {
	const char *name, *uuid;
	unsigned util, milliwatts, mhz, celsius;
	unsigned long long total, used, millijoules, reasons;
} gpus[2] = {
	{"NVIDIA Fake 80GB", "GPU-00000000-0000-0000-0000-0000000000a0", 87, 612345, 1980, 61, 85520809984, 71303168000,
		98123456789, 0x4},
	{"NVIDIA Fake 80GB", "GPU-00000000-0000-0000-0000-0000000000a1", 0, 70010, 345, 33, 85520809984, 4194304, 1000,
		0x1},
};

static int
says(const char *word)
{
	const char *file = getenv("FAKE_NVML");
	char text[256] = "";
	FILE *f = file ? fopen(file, "r") : NULL;

	if (f) {
		text[fread(text, 1, sizeof text - 1, f)] = '\0';
		fclose(f);
	}
	return strstr(text, word) != NULL;
}

/* The GPU's number from its handle, which is no pointer to anything. */
static int
number(void *device)
{
	return (int)((char *)device - (char *)0x1000);
}

static int
state(void *device)
{
	return number(device) == 1 && says("lost") ? GPU_IS_LOST : SUCCESS;
}

static int
unless_not_supported(void *device)
{
	return number(device) == 0 && says("not-supported") ? NOT_SUPPORTED : state(device);
}

int nvmlInit_v2(void) { return says("unloaded") ? DRIVER_NOT_LOADED : SUCCESS; }
int nvmlInitWithFlags(unsigned flags) { return flags ? INVALID_ARGUMENT : nvmlInit_v2(); }
int nvmlShutdown(void) { return SUCCESS; }
int nvmlDeviceGetCount_v2(unsigned *n) { return *n = says("no-gpu") ? 0 : 2, SUCCESS; }

const char *
nvmlErrorString(int code)
{
	return code == GPU_IS_LOST ? "GPU is lost" : code == DRIVER_NOT_LOADED ? "Driver Not Loaded" : "Unknown Error";
}

int
nvmlDeviceGetHandleByIndex_v2(unsigned i, void **device)
{
	*device = (char *)0x1000 + i;
	return i < 2 ? state(*device) : INVALID_ARGUMENT;
}

static int
text(void *device, char *out, unsigned n, const char *value)
{
	snprintf(out, n, "%s", value);
	return state(device);
}

int nvmlDeviceGetName(void *d, char *out, unsigned n) { return text(d, out, n, gpus[number(d)].name); }
int nvmlDeviceGetUUID(void *d, char *out, unsigned n) { return text(d, out, n, gpus[number(d)].uuid); }
int nvmlDeviceGetPowerUsage(void *d, unsigned *mw) { return *mw = gpus[number(d)].milliwatts, state(d); }

int
nvmlDeviceGetUtilizationRates(void *d, unsigned *rates)
{
	rates[0] = gpus[number(d)].util;
	rates[1] = 11;
	return unless_not_supported(d);
}

int
nvmlDeviceGetMemoryInfo(void *d, unsigned long long *total_free_used)
{
	total_free_used[0] = gpus[number(d)].total;
	total_free_used[1] = gpus[number(d)].total - gpus[number(d)].used;
	total_free_used[2] = gpus[number(d)].used;
	return state(d);
}

int
nvmlDeviceGetClockInfo(void *d, unsigned kind, unsigned *mhz)
{
	*mhz = kind == 1 ? gpus[number(d)].mhz : 77; /* NVML_CLOCK_SM */
	return kind < 4 ? state(d) : INVALID_ARGUMENT;
}

int
nvmlDeviceGetTemperature(void *d, unsigned sensor, unsigned *celsius)
{
	*celsius = gpus[number(d)].celsius;
	return sensor == 0 ? state(d) : INVALID_ARGUMENT;
}

int
nvmlDeviceGetCurrentClocksThrottleReasons(void *d, unsigned long long *reasons)
{
	return *reasons = gpus[number(d)].reasons, state(d);
}

#ifndef OLD
int
nvmlDeviceGetMemoryInfo_v2(void *d, unsigned long long *info)
{
	if ((unsigned)info[0] != 0x02000028) /* nvmlMemory_v2 */
		return VERSION_MISMATCH;
	info[1] = gpus[number(d)].total;
	info[2] = 500000000; /* reserved by the driver */
	info[4] = gpus[number(d)].used;
	info[3] = info[1] - info[2] - info[4];
	return state(d);
}

int
nvmlDeviceGetMigMode(void *d, unsigned *current, unsigned *pending)
{
	*current = *pending = number(d) == 0 && says("mig");
	return state(d);
}

int
nvmlDeviceGetTotalEnergyConsumption(void *d, unsigned long long *mj)
{
	return *mj = gpus[number(d)].millijoules, unless_not_supported(d);
}

int
nvmlDeviceGetCurrentClocksEventReasons(void *d, unsigned long long *reasons)
{
	return nvmlDeviceGetCurrentClocksThrottleReasons(d, reasons);
}
#endif
