/* nvml: without a driver there is a reason and no GPU.  "nvml abi" prints what we take the library's
 * binary interface to be: tests/gpusample.bats compares it with NVIDIA's own binding. */
#include "lib/nvml.h"
#include "lib/nvml_abi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CONSTANT(name) printf("%s\"" #name "\":%d", comma, name), comma = ","
#define FIELD(type, field) \
	printf("%s[\"" #field "\",%zu,%zu]", comma, offsetof(struct type, field), sizeof((struct type){0}.field)), \
		comma = ","
#define STRUCT(name, type) printf("\"" name "\":[%zu,[", sizeof(struct type)), comma = ""

static int
print_abi(void)
{
	const char *comma = "";

	printf("{\"constants\":{");
	CONSTANT(NVML_SUCCESS);
	CONSTANT(NVML_ERROR_UNINITIALIZED);
	CONSTANT(NVML_ERROR_NOT_SUPPORTED);
	CONSTANT(NVML_ERROR_DRIVER_NOT_LOADED);
	CONSTANT(NVML_ERROR_FUNCTION_NOT_FOUND);
	CONSTANT(NVML_ERROR_GPU_IS_LOST);
	CONSTANT(NVML_ERROR_RESET_REQUIRED);
	CONSTANT(NVML_ERROR_UNKNOWN);
	CONSTANT(NVML_CLOCK_SM);
	CONSTANT(NVML_TEMPERATURE_GPU);
	CONSTANT(NVML_FEATURE_ENABLED);
	printf("},\"memory_v2\":%u,\"structs\":{", NVML_MEMORY_V2);
	STRUCT("utilization", nvml_utilization);
	FIELD(nvml_utilization, gpu);
	FIELD(nvml_utilization, memory);
	printf("]],");
	STRUCT("memory", nvml_memory);
	FIELD(nvml_memory, total);
	FIELD(nvml_memory, free);
	FIELD(nvml_memory, used);
	printf("]],");
	STRUCT("memory_v2", nvml_memory_v2);
	FIELD(nvml_memory_v2, version);
	FIELD(nvml_memory_v2, total);
	FIELD(nvml_memory_v2, reserved);
	FIELD(nvml_memory_v2, free);
	FIELD(nvml_memory_v2, used);
	printf("]]}}\n");
	return 0;
}

static void
test_no_driver(void **state)
{
	struct nvml n;
	unsigned gpus = 99;
	char why[160] = "";

	(void)state;
	if (nvml_open(&n, &gpus, why)) {
		assert_true(strlen(why) > 0);
		assert_null(n.library);
		assert_null(n.handle);
	} else {
		assert_true(gpus > 0); /* a machine with a GPU */
	}
	nvml_close(&n);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_driver)};

	if (argc > 1 && strcmp(argv[1], "abi") == 0)
		return print_abi();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
