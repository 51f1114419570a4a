/* transient: when a series has come to its level. */
#include "lib/transient.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { N = 400 };

/* A value every 0.1, that wobbles by 2 % about 100, times what change makes of it. */
static struct transient
look(size_t n, double (*change)(double t))
{
	static double t[40 * N], v[40 * N];
	struct transient found;

	for (size_t i = 0; i < n; i++) {
		t[i] = (double)i / 10;
		v[i] = 100 * (1 + 0.02 * sin((double)i * 1.7) + 0.01 * cos((double)(i * i))) * change(t[i]);
	}
	assert_true(transient_find(t, v, n, &found));
	return found;
}

static double
nothing(double t)
{
	(void)t;
	return 1;
}

static double
step(double t)
{
	return t < 7 ? 3 : 1;
}

static double
lower(double t)
{
	return t < 7 ? 0.5 : 1;
}

static double
ramp(double t)
{
	return t < 10 ? 1 + 2 * (1 - t / 10) : 1;
}

static double
exponential(double t)
{
	return 1 + 2 * exp(-3 * t / 10);
}

static double
middle(double t)
{
	return t > 15 && t < 20 ? 3 : 1;
}

static double
slight(double t)
{
	return t < 7 ? 1.03 : 1;
}

static double
outliers(double t)
{
	return fmod(t, 7) < 0.15 ? 50 : t < 7 ? 3 : 1;
}

static double
growth(double t)
{
	return 1 + t;
}

static void
no_transient(void **state)
{
	(void)state;
	assert_true(look(N, nothing).edge == 0);
	assert_true(look(N, middle).edge == 0);
	assert_true(look(N, slight).edge == 0);
	assert_true(look(TRANSIENT_LEAST - 1, step).edge == 0);
	assert_true(look(0, step).edge == 0);
}

static void
edges_and_shapes(void **state)
{
	static const struct {
		double (*change)(double t);
		enum transient_shape shape;
		double edge, excess, within;
	} rows[] = {{step, TRANSIENT_STEP, 7, 2, 0.1}, {lower, TRANSIENT_STEP, 7, -0.5, 0.1},
		{ramp, TRANSIENT_RAMP, 10, 2, 0.3}, {exponential, TRANSIENT_EXPONENTIAL, 10, 2, 0.3},
		{outliers, TRANSIENT_STEP, 7, 2, 0.25}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t n = N; n <= 30 * N; n += 29 * N) { /* as it is, and in runs of neighbours */
			struct transient found = look(n, rows[i].change);

			assert_int_equal(found.shape, rows[i].shape);
			assert_true(fabs(found.edge - rows[i].edge) <= (n == N ? rows[i].within : 0.6));
			assert_true(fabs(found.excess - rows[i].excess) <= 0.1);
		}
}

static void
never_settles(void **state)
{
	(void)state;
	assert_true(look(N, growth).edge > 0.75 * N / 10);
}

static void
all_alike(void **state)
{
	double t[30], v[30];
	struct transient found;

	(void)state;
	for (size_t i = 0; i < 30; i++) {
		t[i] = (double)i;
		v[i] = i < 10 ? 2 : 1;
	}
	assert_true(transient_find(t, v, 30, &found));
	assert_true(found.edge == 10 && found.shape == TRANSIENT_STEP);
	for (size_t i = 0; i < 30; i++)
		t[i] = 0;
	assert_true(transient_find(t, v, 30, &found));
	assert_true(found.edge == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_transient),
		cmocka_unit_test(edges_and_shapes),
		cmocka_unit_test(never_settles),
		cmocka_unit_test(all_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
