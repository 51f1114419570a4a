/* comparison_show: a comparison as a table for people. */
#ifndef COMPARISON_SHOW_H
#define COMPARISON_SHOW_H

#include "comparison_put.h"
#include "show.h"

/* Lines that name the sides, one line for each figure, and what it comes to. */
void comparison_show(FILE *f, const struct comparison_text *t);

#endif
