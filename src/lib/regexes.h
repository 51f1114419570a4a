/* regexes: regular expressions by their text, as JSON Schema wants them: ECMA-262's, unanchored,
 * on UTF-8.  PCRE2 reads all of those that schemas use. */
#ifndef REGEXES_H
#define REGEXES_H

#include <stdbool.h>
#include <stddef.h>

struct regex;

struct regexes {
	struct regex *first;
};

/* False: it is no regular expression (why of size bytes says so), or memory ran out. */
bool regexes_add(struct regexes *r, const char *text, char *why, size_t size);
/* Whether the expression, which was added before, is found in the n bytes of UTF-8 at s.  *lost becomes
 * true when it cannot be told: PCRE2 gave up, as on an expression that backtracks too much. */
bool regexes_match(const struct regexes *r, const char *text, const char *s, size_t n, bool *lost);
void regexes_free(struct regexes *r);

#endif
