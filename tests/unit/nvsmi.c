/* nvsmi: a line of nvidia-smi's CSV, and the record that becomes of it. */
#include "lib/nvsmi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
record(const char *line, const char *want)
{
	char *copy = strdup(line), *out = NULL;
	const char *why;
	struct gpu g;
	size_t n;
	FILE *f = open_memstream(&out, &n);

	if ((why = nvsmi_line(copy, &g)))
		fail_msg("%s: %s", line, why);
	gpu_put(f, &g);
	fclose(f);
	assert_string_equal(out, want);
	free(out);
	free(copy);
}

static void
test_whole(void **state)
{
	(void)state;
	record("1, GPU-1, NVIDIA H100 80GB HBM3, 100, 19818, 81559, 631.95, 59, 1980, Disabled, 0x0000000000000024\r",
	       ",\"device\":1,\"name\":\"NVIDIA H100 80GB HBM3\",\"uuid\":\"GPU-1\",\"util_ratio\":1,"
	       "\"mem_used_bytes\":20780679168,\"mem_total_bytes\":85520809984,\"power_w\":631.95,"
	       "\"sm_clock_hz\":1980000000,\"temp_c\":59,\"throttle\":[\"sw_power_cap\",\"sw_thermal\"]");
}

static void
test_absent(void **state)
{
	(void)state;
	record("0, [N/A], N, [N/A], 5, [Not Supported], [N/A], [Unknown Error], N/A, [N/A], [N/A]",
	       ",\"device\":0,\"name\":\"N\",\"mem_used_bytes\":5242880");
	record("0,u,n,0,0,0,0,0,0", ",\"device\":0,\"name\":\"n\",\"uuid\":\"u\",\"util_ratio\":0,\"mem_used_bytes\":0,"
	       "\"mem_total_bytes\":0,\"power_w\":0,\"sm_clock_hz\":0,\"temp_c\":0");
	record("3, u, n, [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], Disabled, [N/A]",
	       ",\"device\":3,\"name\":\"n\",\"uuid\":\"u\",\"error\":\"nvidia-smi reports no value of this GPU\"");
	record("3", ",\"device\":3,\"error\":\"nvidia-smi reports no value of this GPU\"");
}

static void
test_out_of_bounds(void **state)
{
	(void)state;
	record("0, u, n, 1, 1e15, 1e12, 1, 1, 1e13",
	       ",\"device\":0,\"name\":\"n\",\"uuid\":\"u\",\"util_ratio\":0.01,\"power_w\":1,\"temp_c\":1");
	record("0, u, n, 101, -1, 1e300, -1, -300, 1e300",
	       ",\"device\":0,\"name\":\"n\",\"uuid\":\"u\",\"error\":\"nvidia-smi reports no value of this GPU\"");
}

static void
test_mig(void **state)
{
	(void)state;
	record("0, u, n, 40, 11125, 81559, 433.78, 53, 1980, Enabled, 0x0000000000000000",
	       ",\"device\":0,\"name\":\"n\",\"uuid\":\"u\",\"mig\":true,\"mem_used_bytes\":11665408000,"
	       "\"mem_total_bytes\":85520809984,\"power_w\":433.78,\"sm_clock_hz\":1980000000,\"temp_c\":53,"
	       "\"throttle\":[]");
}

static void
test_unknown_reason(void **state)
{
	(void)state;
	record("0, u, n, 1, 1, 1, 1, 1, 1, Disabled, 0x8000000000000801",
	       ",\"device\":0,\"name\":\"n\",\"uuid\":\"u\",\"util_ratio\":0.01,\"mem_used_bytes\":1048576,"
	       "\"mem_total_bytes\":1048576,\"power_w\":1,\"sm_clock_hz\":1000000,\"temp_c\":1,"
	       "\"throttle\":[\"gpu_idle\",\"0x800\",\"0x8000000000000000\"]");
}

static void
bad(const char *line)
{
	char *copy = strdup(line);
	struct gpu g;

	assert_non_null(nvsmi_line(copy, &g));
	free(copy);
}

static void
test_bad(void **state)
{
	(void)state;
	bad("");
	bad("Field \"x\" is not a valid field to query.");
	bad("-1, u, n, 1, 1, 1, 1, 1, 1");
	bad("99999, u, n, 1, 1, 1, 1, 1, 1");
	bad("0, u, n, 71 %, 1, 1, 1, 1, 1");
	bad("0, u, n, 1, 1, 1, one, 1, 1");
	bad("0, u, n, 1, 1, 1, 1, 1, 1, Disabled, Active");
	bad("0, u, n, 1, 1, 1, 1, 1, 1, Disabled, 0x");
	bad("0, u, n, 1, 1, 1, 1, 1, 1, Disabled, 0x1g");
}

static void
test_queries(void **state)
{
	size_t n = 0;

	(void)state;
	while (nvsmi_query(n))
		assert_int_equal(strncmp(nvsmi_query(n++), "--query-gpu=index,uuid,name,", 28), 0);
	assert_int_equal(n, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole), cmocka_unit_test(test_absent),
		cmocka_unit_test(test_out_of_bounds), cmocka_unit_test(test_mig),
		cmocka_unit_test(test_unknown_reason), cmocka_unit_test(test_bad),
		cmocka_unit_test(test_queries)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
