/* quantity: Kubernetes' amounts, as its own resource.Quantity reads them. */
#include "lib/quantity.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct amount {
	const char *text;
	unsigned decimals;
	int64_t value;
	const char *why; /* what the reason begins with; NULL: it is taken */
};

static void
check(const struct amount *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t v = -77;
		const char *why = quantity_parse(cases[i].text, cases[i].decimals, &v);

		if (!cases[i].why != !why || (why && strncmp(why, cases[i].why, strlen(cases[i].why)) != 0))
			fail_msg("'%s': %s", cases[i].text, why ? why : "taken");
		if (!why && v != cases[i].value)
			fail_msg("'%s': %" PRId64, cases[i].text, v);
	}
}

static void
cores(void **state)
{
	static const struct amount cases[] = {{"2000m", 9, 2000000000, NULL}, {"2", 9, 2000000000, NULL},
		{"0.5", 9, 500000000, NULL}, {"1k", 9, 1000000000000, NULL}, {"100n", 9, 100, NULL},
		{"1u", 9, 1000, NULL}, {"1.5m", 9, 1500000, NULL}, {"0", 9, 0, NULL}, {"+3", 9, 3000000000, NULL},
		{"1e3", 9, 1000000000000, NULL}, {"1E-2", 9, 10000000, NULL}, {"1e-07", 9, 100, NULL},
		{"0.1n", 9, 1, NULL}, {"0.0000000001", 9, 1, NULL}, /* up, as Kubernetes rounds */
		{".5", 9, 500000000, NULL}, {"2.", 9, 2000000000, NULL}, {"007", 9, 7000000000, NULL}};

	(void)state;
	check(cases, sizeof cases / sizeof *cases);
}

static void
bytes(void **state)
{
	static const struct amount cases[] = {{"8Gi", 0, INT64_C(8589934592), NULL}, {"16G", 0, INT64_C(16000000000), NULL},
		{"512Mi", 0, 536870912, NULL}, {"1.5Ki", 0, 1536, NULL}, {"128974848", 0, 128974848, NULL},
		{"129e6", 0, 129000000, NULL}, {"129M", 0, 129000000, NULL}, {"128974848000m", 0, 128974848, NULL},
		{"1Ti", 0, INT64_C(1099511627776), NULL}, {"2Pi", 0, INT64_C(2251799813685248), NULL},
		{"7Ei", 0, INT64_C(8070450532247928832), NULL}, {"9E", 0, INT64_C(9000000000000000000), NULL},
		{"0.1Gi", 0, 107374183, NULL}, {"1m", 0, 1, NULL}, {"0.000000000000000001Ei", 0, 2, NULL}};

	(void)state;
	check(cases, sizeof cases / sizeof *cases);
}

static void
refused(void **state)
{
	static const struct amount cases[] = {{"", 0, 0, "not a quantity"}, {"Gi", 0, 0, "not a quantity"},
		{"-1", 0, 0, "not a quantity"}, {".", 0, 0, "not a quantity"}, {" 1", 0, 0, "not a quantity"},
		{"1 ", 0, 0, "no such unit"}, {"8GB", 0, 0, "no such unit"}, {"8gi", 0, 0, "no such unit"},
		{"1K", 0, 0, "no such unit"}, {"1ki", 0, 0, "no such unit"}, {"1.2.3", 0, 0, "no such unit"},
		{"1e", 0, 0, "no such unit"}, {"1e3k", 0, 0, "not a quantity"}, {"1e 3", 0, 0, "no such unit"},
		{"1e+", 0, 0, "not a quantity"},
		{"1e999", 0, 0, "out of range"}, {"0x10", 0, 0, "no such unit"}, {"nan", 0, 0, "not a quantity"},
		{"8Ei", 0, 0, "too large"}, {"10E", 9, 0, "too large"}, {"1e90", 0, 0, "too large"},
		{"1234567890123456789", 0, 0, "too many digits"}, {"999999999999999999Ei", 9, 0, "too large"}};

	(void)state;
	check(cases, sizeof cases / sizeof *cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cores), cmocka_unit_test(bytes), cmocka_unit_test(refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
