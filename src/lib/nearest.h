/* nearest: the name somebody probably meant. */
#ifndef NEAREST_H
#define NEAREST_H

/* The one of the NULL-terminated names that is fewest edits (insert, delete, replace,
 * swap of neighbours; Damerau-Levenshtein, optimal string alignment) from word; NULL
 * when even that one is further than a third of word's length, rounded up. */
const char *nearest(const char *word, const char *const *names);

#endif
