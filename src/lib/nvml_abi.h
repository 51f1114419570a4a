/* nvml_abi: what we use of NVML's binary interface: constants and structures, under NVIDIA's names
 * or after them, from the NVML API Reference.  tests/gpusample.bats compares them with those of
 * NVIDIA's own Python binding. */
#ifndef NVML_ABI_H
#define NVML_ABI_H

/* nvmlReturn_t */
enum {
	NVML_SUCCESS = 0,
	NVML_ERROR_UNINITIALIZED = 1,
	NVML_ERROR_NOT_SUPPORTED = 3,
	NVML_ERROR_DRIVER_NOT_LOADED = 9,
	NVML_ERROR_FUNCTION_NOT_FOUND = 13,
	NVML_ERROR_GPU_IS_LOST = 15,
	NVML_ERROR_RESET_REQUIRED = 16,
	NVML_ERROR_UNKNOWN = 999
};

/* nvmlClockType_t, nvmlTemperatureSensors_t, nvmlEnableState_t */
enum { NVML_CLOCK_SM = 1, NVML_TEMPERATURE_GPU = 0, NVML_FEATURE_ENABLED = 1 };

/* nvmlUtilization_t: percent */
struct nvml_utilization {
	unsigned gpu, memory;
};

/* nvmlMemory_t and nvmlMemory_v2_t: bytes.  In the first, `used` holds the driver's reserve too;
 * the second says in `version` which one the caller knows. */
struct nvml_memory {
	unsigned long long total, free, used;
};
struct nvml_memory_v2 {
	unsigned version;
	unsigned long long total, reserved, free, used;
};
#define NVML_MEMORY_V2 ((unsigned)sizeof(struct nvml_memory_v2) | 2u << 24)

#endif
