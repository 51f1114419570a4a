/* contrast: how far a figure of one side is from that of the other, with an interval and the tails of a test.
 *
 * One run a side, of which the records were resampled (interval.h, resample.h): the replicates of both sides are
 * independent, and the ends are the equal-tailed quantiles of b* - a*, and of b* / a* - 1.  Of a mean the tails are
 * widened from the normal to Student's t and by n / (n - 1) (Hesterberg 2015, "expanded percentile"); of a quantile no
 * tail is less likely than the sample not reaching as far.
 *
 * Several runs on a side: the run is the unit, one value each.  Welch's t; where a side has one run only, the
 * spread of the other side is taken for both.  (A bootstrap over two to five runs has far too narrow intervals.)
 *
 * Shares (so many of so many): Newcombe's (1998) interval from Wilson's two, as MOVER for other margins; the
 * tails come from the level at which it touches the margin. */
#ifndef CONTRAST_H
#define CONTRAST_H

#include <stddef.h>

/* What one side brings along; of these only what the method needs. */
struct contrast_side {
	double value;         /* NAN: there is none */
	double *replicate;    /* the figure in each replicate */
	size_t replicates;
	double lowest, highest; /* shares of them that took the sample's first and last value */
	double n;             /* records that were resampled */
	double *run;          /* a value for each run */
	size_t runs;
	double hits, trials;
};

/* What b is held against: scale * a + shift. */
struct contrast_margin {
	double scale, shift;
};

/* How likely it would be to see a b as far above (below) the margin as this one if it were not. */
struct contrast_tails {
	double above, below;
};

struct contrast_interval {
	double lo, hi;             /* of b - a; NAN: not known */
	double ratio_lo, ratio_hi; /* of b / a - 1 */
};

struct contrast_tails contrast_replicates(const struct contrast_side *a, const struct contrast_side *b,
	struct contrast_margin m);
/* The same for a mean. */
struct contrast_tails contrast_means(const struct contrast_side *a, const struct contrast_side *b,
	struct contrast_margin m);
struct contrast_tails contrast_runs(const struct contrast_side *a, const struct contrast_side *b,
	struct contrast_margin m);
struct contrast_tails contrast_shares(const struct contrast_side *a, const struct contrast_side *b,
	struct contrast_margin m);

/* Their intervals at that level.  room: as many numbers as the shorter list of replicates. */
struct contrast_interval contrast_replicates_interval(const struct contrast_side *a, const struct contrast_side *b,
	double level, double *room);
struct contrast_interval contrast_means_interval(const struct contrast_side *a, const struct contrast_side *b,
	double level, double *room);
struct contrast_interval contrast_runs_interval(const struct contrast_side *a, const struct contrast_side *b,
	double level);
struct contrast_interval contrast_shares_interval(const struct contrast_side *a, const struct contrast_side *b,
	double level);

#endif
