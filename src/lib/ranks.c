/* ranks: see ranks.h. */
#include "ranks.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define FEW 8
#define COUNTABLE (62 * M_LN2)

/* For each value of x, the share of y below it, ties half; their sum and their variance. */
struct placements {
	double mean, variance; /* NAN below two */
};

static struct placements
place(const double *x, size_t n, const double *y, size_t m)
{
	size_t below = 0, through = 0;
	double sum = 0, squares = 0;

	for (int pass = 0; pass < 2; pass++) {
		below = through = 0;
		for (size_t i = 0; i < n; i++) {
			double share;

			while (below < m && y[below] < x[i])
				below++;
			while (through < m && y[through] <= x[i])
				through++;
			share = ((double)below + (double)through) / 2 / (double)m;
			if (pass == 0)
				sum += share;
			else
				squares += (share - sum / (double)n) * (share - sum / (double)n);
		}
	}
	return (struct placements){sum / (double)n, n < 2 ? NAN : squares / (double)(n - 1)};
}

/* Sum of t^3 - t over the ties of both samples. */
static double
ties_of(const double *a, size_t n, const double *b, size_t m)
{
	size_t i = 0, j = 0;
	double sum = 0;

	while (i < n || j < m) {
		double v = j == m || (i < n && a[i] <= b[j]) ? a[i] : b[j], t = 0;

		for (; i < n && a[i] == v; i++)
			t++;
		for (; j < m && b[j] == v; j++)
			t++;
		sum += t * t * t - t;
	}
	return sum;
}

/* How many arrangements have each U, by the Gaussian binomial coefficient: whole numbers, exact below 2^63. */
static bool
exact_tails(struct ranks *r, size_t few, size_t many)
{
	size_t top = few * many, u = (size_t)r->u;
	long double *count = calloc(top + 1, sizeof *count), all = 0, above = 0, below = 0;

	if (!count)
		return false;
	count[0] = 1;
	for (size_t i = 1; i <= few; i++) {
		for (size_t k = top + 1; k-- > many + i;)
			count[k] -= count[k - many - i];
		for (size_t k = i; k <= top; k++)
			count[k] += count[k - i];
	}
	for (size_t k = 0; k <= top; k++) {
		all += count[k];
		above += k >= u ? count[k] : 0;
		below += k <= u ? count[k] : 0;
	}
	free(count);
	r->above = (double)(above / all);
	r->below = (double)(below / all);
	return true;
}

static void
normal_tails(struct ranks *r, double n, double m, double ties)
{
	double all = n + m, middle = n * m / 2;
	double spread = sqrt(n * m / 12 * (all + 1 - ties / (all * (all - 1))));

	r->above = r->below = 1;
	if (spread > 0) {
		r->above = gsl_cdf_ugaussian_Q((r->u - middle - 0.5) / spread);
		r->below = gsl_cdf_ugaussian_P((r->u - middle + 0.5) / spread);
	}
}

static void
set_interval(struct ranks *r, double va, double n, double vb, double m, double level)
{
	double a = va / n, b = vb / m, half;

	r->lo = r->hi = NAN;
	if (!(a + b > 0))
		return;
	half = gsl_cdf_tdist_Qinv((1 - level) / 2, (a + b) * (a + b) / (a * a / (n - 1) + b * b / (m - 1))) * sqrt(a + b);
	r->lo = fmax(0, r->a12 - half);
	r->hi = fmin(1, r->a12 + half);
}

struct ranks
ranks_of(const double *a, size_t n, const double *b, size_t m, double level)
{
	struct placements of_b = place(b, m, a, n), of_a = place(a, n, b, m);
	double ties = ties_of(a, n, b, m);
	size_t few = n < m ? n : m, many = n < m ? m : n;
	struct ranks r = {.u = of_b.mean * (double)n * (double)m, .a12 = of_b.mean};

	if (ties == 0)
		r.u = round(r.u);
	if (ties > 0 || few > FEW || gsl_sf_lnchoose((unsigned)(n + m), (unsigned)few) > COUNTABLE ||
		!exact_tails(&r, few, many))
		normal_tails(&r, (double)n, (double)m, ties);
	set_interval(&r, of_a.variance, (double)n, of_b.variance, (double)m, level);
	return r;
}
