/* simtell: one token of an answer, or all of it at once, in the words of the API. */
#ifndef SIMTELL_H
#define SIMTELL_H

#include "simsay.h"

/* Why the answer ends, as its finish_reason. */
const char *simtell_finish(const struct simstream *s);
/* What token number s->reply.made says, into the sim's piece. */
void simtell_piece(struct simstream *s);
/* The sim's piece as the event of one choice, into the sim's json; returns its letter.  finish: NULL, or
 * why it ends. */
char simtell_token(struct simstream *s, int64_t choice, bool last, const char *finish);
/* All of the answer as one body, into the sim's json; returns its letter. */
char simtell_whole(struct simstream *s);

#endif
