/* view: what a run looks like on a terminal: a bar and a line of numbers, or one plain line.
 *
 * The telemetry is of the moment: GPUs' mean use and their memory, the engines' queue and the
 * fullest KV cache.  What was not measured is not there, and none of it in the last line.
 * Pure: text into the caller's buffer.  The bar has three zones, told apart by their signs
 * and not by colour alone: done, in flight, still to come.  Numbers have three digits.
 * What does not fit into the width is left out, whole numbers at a time. */
#ifndef VIEW_H
#define VIEW_H

#include "gauges.h"
#include "live.h"

#define VIEW_SIZE 4096 /* enough for any screen */

struct view {
	int64_t total;  /* requests expected, 0: unknown */
	unsigned width; /* columns, 40 to 500 */
	bool utf8, color;
	bool final; /* the run is over: how long it took instead of what is left */
};

/* Two lines, "bar\nnumbers", and a third one while the telemetry has something to say; without a newline at
 * the end; each clears to the line's end, the last one to the screen's.  out holds VIEW_SIZE bytes.  Returns
 * how many lines. */
unsigned view_screen(char *out, const struct view *v, const struct live *l, const struct gauges_sum *g);
/* One line of plain ASCII without a newline. */
void view_line(char *out, const struct view *v, const struct live *l, const struct gauges_sum *g);

#endif
