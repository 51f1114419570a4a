/* view: what a run looks like on a terminal: a bar and a line of numbers, or one plain line.
 *
 * Pure: text into the caller's buffer.  The bar has three zones, told apart by their signs
 * and not by colour alone: done, in flight, still to come.  Numbers have three digits.
 * What does not fit into the width is left out, whole numbers at a time. */
#ifndef VIEW_H
#define VIEW_H

#include "live.h"

#define VIEW_SIZE 4096 /* enough for any screen */

struct view {
	int64_t total;  /* requests expected, 0: unknown */
	unsigned width; /* columns, 40 to 500 */
	bool utf8, color;
	bool final; /* the run is over: how long it took instead of what is left */
};

/* Two lines, "bar\nnumbers", without a newline at the end; each clears to the line's end.
 * out holds VIEW_SIZE bytes. */
void view_screen(char *out, const struct view *v, const struct live *l);
/* One line of plain ASCII without a newline. */
void view_line(char *out, const struct view *v, const struct live *l);

#endif
