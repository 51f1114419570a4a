/* elements: the elements of one big JSON array, one at a time, however it arrives and however long it is.
 *
 * Only the element at hand is held, at most max_line bytes of it; a longer one is read past and
 * reported.  What stands between the elements is checked here; an element itself only as far as
 * it takes to find its end. */
#ifndef ELEMENTS_H
#define ELEMENTS_H

#include "jsonl.h"

enum elements_status {
	ELEMENTS_ONE,
	ELEMENTS_END,
	ELEMENTS_BAD,  /* why, line, column: something that is no element; more may follow */
	ELEMENTS_ERROR /* reading failed: errno says why */
};

struct elements {
	struct jsonl *r; /* from here the bytes come; nobody else reads from it meanwhile */
	int state;
	size_t at;       /* looked at up to here, from the reader's first unread byte */
	size_t depth;
	bool string, escape, skipping, first;
	size_t now_line, now_column; /* of the byte at `at`, from 1 */
	size_t line, column;         /* of what was given out last */
	const char *why;
};

/* What r has still to give is an array: it begins with a '[', blanks aside. */
void elements_open(struct elements *e, struct jsonl *r);
/* The next element, valid until the next call. */
enum elements_status elements_next(struct elements *e, char **text, size_t *len);
/* Move line and column to byte `offset` of that element. */
void elements_place(struct elements *e, const char *text, size_t offset);

#endif
