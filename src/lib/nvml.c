/* nvml: see nvml.h. */
#include "nvml.h"

#include "nvml_abi.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static void
find(void *library, const char *name, void *function)
{
	void *symbol = dlsym(library, name);

	memcpy(function, &symbol, sizeof symbol); /* POSIX: an object pointer is as good as a function's */
}

static void
find_all(struct nvml *n)
{
	find(n->library, "nvmlInit_v2", &n->init);
	find(n->library, "nvmlShutdown", &n->shutdown);
	find(n->library, "nvmlDeviceGetCount_v2", &n->count);
	find(n->library, "nvmlDeviceGetHandleByIndex_v2", &n->handle);
	find(n->library, "nvmlDeviceGetName", &n->name);
	find(n->library, "nvmlDeviceGetUUID", &n->uuid);
	find(n->library, "nvmlDeviceGetMigMode", &n->mig_mode);
	find(n->library, "nvmlDeviceGetUtilizationRates", &n->utilization);
	find(n->library, "nvmlDeviceGetMemoryInfo", &n->memory);
	find(n->library, "nvmlDeviceGetMemoryInfo_v2", &n->memory_v2);
	find(n->library, "nvmlDeviceGetPowerUsage", &n->power);
	find(n->library, "nvmlDeviceGetTotalEnergyConsumption", &n->energy);
	find(n->library, "nvmlDeviceGetClockInfo", &n->clock);
	find(n->library, "nvmlDeviceGetTemperature", &n->temperature);
	find(n->library, "nvmlDeviceGetCurrentClocksEventReasons", &n->reasons);
	if (!n->reasons) /* its name before driver 535 */
		find(n->library, "nvmlDeviceGetCurrentClocksThrottleReasons", &n->reasons);
	find(n->library, "nvmlErrorString", &n->error);
}

static const char *
say(const struct nvml *n, const char *call, int code, char *out, size_t size)
{
	const char *text = n->error ? n->error(code) : NULL;

	if (text)
		snprintf(out, size, "%s: %s", call, text);
	else
		snprintf(out, size, "%s: error %d", call, code);
	return out;
}

static const char *
start(struct nvml *n, unsigned *n_gpus, char why[160])
{
	int code;

	if (!n->init || !n->count || !n->handle) {
		snprintf(why, 160, "libnvidia-ml.so.1: it lacks nvmlInit_v2, nvmlDeviceGetCount_v2 or "
			"nvmlDeviceGetHandleByIndex_v2: the driver is too old");
		return why;
	}
	if ((code = n->init()) != NVML_SUCCESS)
		return say(n, "nvmlInit_v2", code, why, 160);
	if ((code = n->count(n_gpus)) != NVML_SUCCESS)
		return say(n, "nvmlDeviceGetCount_v2", code, why, 160);
	if (*n_gpus == 0) {
		snprintf(why, 160, "the NVIDIA driver is there, but no GPU");
		return why;
	}
	return NULL;
}

const char *
nvml_open(struct nvml *n, unsigned *n_gpus, char why[160])
{
	*n = (struct nvml){.library = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL)};
	if (!n->library) {
		snprintf(why, 160, "%s", dlerror());
		return why;
	}
	find_all(n);
	if (start(n, n_gpus, why)) {
		nvml_close(n);
		return why;
	}
	return NULL;
}

void
nvml_close(struct nvml *n)
{
	if (n->shutdown)
		n->shutdown();
	if (n->library)
		dlclose(n->library);
	*n = (struct nvml){0};
}

/* These concern the GPU as a whole; others only mean that it cannot say this one thing. */
static bool
fatal(int code)
{
	return code == NVML_ERROR_UNINITIALIZED || code == NVML_ERROR_DRIVER_NOT_LOADED || code == NVML_ERROR_GPU_IS_LOST ||
	       code == NVML_ERROR_RESET_REQUIRED;
}

/* Whether a call brought a value; a fatal code makes g an error. */
static bool
good(const struct nvml *n, int code, const char *call, struct gpu *g)
{
	if (fatal(code) && !*g->error)
		say(n, call, code, g->error, sizeof g->error);
	return code == NVML_SUCCESS && !*g->error;
}

#define CALL(function, ...) (n->function ? n->function(__VA_ARGS__) : NVML_ERROR_FUNCTION_NOT_FOUND)

static void
read_memory(const struct nvml *n, void *device, struct gpu *g)
{
	struct nvml_memory_v2 v2 = {.version = NVML_MEMORY_V2};
	struct nvml_memory v1;

	if (good(n, CALL(memory_v2, device, &v2), "nvmlDeviceGetMemoryInfo_v2", g)) {
		g->mem_used_bytes = (int64_t)v2.used;
		g->mem_total_bytes = (int64_t)v2.total;
	} else if (good(n, CALL(memory, device, &v1), "nvmlDeviceGetMemoryInfo", g)) {
		g->mem_used_bytes = (int64_t)v1.used;
		g->mem_total_bytes = (int64_t)v1.total;
	} else {
		return;
	}
	g->has |= GPU_MEMORY_USED | GPU_MEMORY_TOTAL;
}

static void
read_load(const struct nvml *n, void *device, struct gpu *g)
{
	unsigned current = 0, pending = 0;
	struct nvml_utilization u;

	g->mig = good(n, CALL(mig_mode, device, &current, &pending), "nvmlDeviceGetMigMode", g) &&
	         current == NVML_FEATURE_ENABLED;
	if (!g->mig && good(n, CALL(utilization, device, &u), "nvmlDeviceGetUtilizationRates", g)) {
		g->util_ratio = u.gpu / 100.0;
		g->has |= GPU_UTIL;
	}
}

static void
read_power(const struct nvml *n, void *device, struct gpu *g)
{
	unsigned milliwatts;
	unsigned long long millijoules;

	if (good(n, CALL(power, device, &milliwatts), "nvmlDeviceGetPowerUsage", g)) {
		g->power_w = milliwatts / 1000.0;
		g->has |= GPU_POWER;
	}
	if (good(n, CALL(energy, device, &millijoules), "nvmlDeviceGetTotalEnergyConsumption", g)) {
		g->energy_mj = (int64_t)millijoules;
		g->has |= GPU_ENERGY;
	}
}

static void
read_clocks(const struct nvml *n, void *device, struct gpu *g)
{
	unsigned mhz, celsius;
	unsigned long long reasons;

	if (good(n, CALL(clock, device, NVML_CLOCK_SM, &mhz), "nvmlDeviceGetClockInfo", g)) {
		g->sm_clock_hz = (int64_t)mhz * 1000000;
		g->has |= GPU_CLOCK;
	}
	if (good(n, CALL(temperature, device, NVML_TEMPERATURE_GPU, &celsius), "nvmlDeviceGetTemperature", g)) {
		g->temp_c = celsius;
		g->has |= GPU_TEMPERATURE;
	}
	if (good(n, CALL(reasons, device, &reasons), "nvmlDeviceGetCurrentClocksEventReasons", g)) {
		g->throttle = reasons;
		g->has |= GPU_THROTTLE;
	}
}

void
nvml_read(const struct nvml *n, unsigned i, struct gpu *g)
{
	void *device = NULL;
	int code = n->handle(i, &device);

	*g = (struct gpu){.index = (int)i};
	if (code == NVML_ERROR_UNINITIALIZED && n->init() == NVML_SUCCESS) /* the driver was loaded again */
		code = n->handle(i, &device);
	if (code != NVML_SUCCESS) {
		say(n, "nvmlDeviceGetHandleByIndex_v2", code, g->error, sizeof g->error);
		return;
	}
	if (!good(n, CALL(name, device, g->name, sizeof g->name), "nvmlDeviceGetName", g))
		*g->name = '\0';
	if (!good(n, CALL(uuid, device, g->uuid, sizeof g->uuid), "nvmlDeviceGetUUID", g))
		*g->uuid = '\0';
	read_load(n, device, g);
	read_memory(n, device, g);
	read_power(n, device, g);
	read_clocks(n, device, g);
	if (!g->has && !*g->error)
		snprintf(g->error, sizeof g->error, "the driver reports no value of this GPU");
}
