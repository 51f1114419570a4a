/* nearest: see nearest.h. */
#include "nearest.h"

#include <string.h>

#define LONGEST 63

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits from a to b; names longer than LONGEST count as infinitely far. */
static unsigned
distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	unsigned d[LONGEST + 1][LONGEST + 1];

	if (n > LONGEST || m > LONGEST)
		return ~0u;
	for (size_t i = 0; i <= n; i++)
		for (size_t j = 0; j <= m; j++) {
			if (i == 0 || j == 0) {
				d[i][j] = (unsigned)(i + j);
				continue;
			}
			d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[n][m];
}

const char *
nearest(const char *word, const char *const *names)
{
	const char *best = NULL;
	unsigned bound = (unsigned)(strlen(word) + 2) / 3 + 1; /* one more than is allowed */

	for (; *names; names++) {
		unsigned d = distance(word, *names);

		if (d < bound) {
			bound = d;
			best = *names;
		}
	}
	return best;
}
