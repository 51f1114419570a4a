/* path: the members of a JSON object that dotted names lead to, all in one walk.
 *
 * "tags.adapter" is the member adapter of the member tags; a backslash takes the next
 * character as it is ("a\.b" is one key).  Of a key that an object holds twice, the last counts, as in
 * jq and jansson.  Arrays are not entered.  "." is the value itself, when it is no object. */
#ifndef PATH_H
#define PATH_H

#include "scan.h"

#define PATH_SIZE 256 /* bytes of a path, its closing NUL included */
#define PATH_DEPTH 16
#define PATH_MAX_FIND 64

struct path {
	char text[PATH_SIZE]; /* the keys, decoded, one behind the other */
	size_t depth;
	struct span key[PATH_DEPTH]; /* into text; each is followed by a NUL */
};

/* NULL, or the reason why the text is no path (a constant string).  A path must not be
 * copied or moved afterwards: it points into itself. */
const char *path_parse(struct path *p, const char *text);
/* What a text that path_find() walked with the same paths had before each member's value: the records of one
 * program look alike, and a key that was read once need not be read again.  Starts as zeros. */
#define PATH_MEMO 32
struct path_memo {
	struct {
		char bytes[48];
		size_t n; /* 0: nothing yet */
		uint64_t hit, leaf; /* those of the paths that go through the member, that end there */
	} member[PATH_MEMO];
};

/* Walk the object that comes next in s; with a path "." any other value will do, in which the rest find
 * nothing.  found[i] becomes the raw text of what paths[i]
 * leads to, or absent; n is at most PATH_MAX_FIND.  False and an error in s when the text is
 * broken; the object has been checked to its end otherwise.  memo may be NULL. */
bool path_find(struct scan *s, const struct path *paths, size_t n, struct span *found, struct path_memo *memo);

#endif
