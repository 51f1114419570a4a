/* scan: reads JSON text in place, pulling only what is asked for.
 *
 * The caller walks the text: enter an object or an array, take its members one by
 * one, and for each value either read it or step over it.  Nothing is copied and
 * nothing is allocated; a span points into the caller's text and lives as long.
 *
 *	scan_start(&s, text, len);
 *	if (scan_object(&s))
 *		while (scan_member(&s, &key))
 *			if (span_is(key, "id")) scan_value(&s, &id); else scan_value(&s, NULL);
 *	if (!scan_end(&s)) complain(s.why, scan_column(&s));
 *
 * Grammar: RFC 8259, at most 2048 levels deep.  Every text that jansson accepts is
 * accepted with the same values; beyond that only what docs/RECORDS.md tolerates:
 * invalid UTF-8, half surrogates, \u0000, and numbers too large for their type.
 * (A NUL byte is refused everywhere; jansson overlooks one behind a number.)
 * Errors are sticky: after the first one `why` is set and every call returns false. */
#ifndef SCAN_H
#define SCAN_H

#include "span.h"

#include <stdint.h>

#define SCAN_DEPTH 2048

struct scan {
	const char *start, *p, *end;
	const char *why; /* NULL, or what is wrong at p: a constant string */
	unsigned depth;
	uint8_t object[SCAN_DEPTH / 8]; /* bit: the container at that depth is an object */
	uint8_t begun[SCAN_DEPTH / 8];  /* bit: it has given out a member already */
};

enum scan_kind {
	SCAN_ERROR,
	SCAN_NULL,
	SCAN_BOOL,
	SCAN_NUMBER,
	SCAN_STRING,
	SCAN_ARRAY,
	SCAN_OBJECT
};

void scan_start(struct scan *s, const char *text, size_t len);
/* The kind of the value that comes next; the value is not consumed. */
enum scan_kind scan_kind(struct scan *s);
/* Enter the object or array that comes next; false (and an error) if it is none. */
bool scan_object(struct scan *s);
bool scan_array(struct scan *s);
/* Go to the next member or item of the container entered last.  The caller must then
 * consume the value.  False at its end (which is consumed) or on an error.
 * The key is raw: compare it with span_is(). */
bool scan_member(struct scan *s, struct span *key);
bool scan_item(struct scan *s);
/* Go past what comes before a member's value (comma, key, colon) when it is the same n bytes that scan_member()
 * went past in another text, at a member of the same number.  False, and nothing moves, when it is not. */
bool scan_member_again(struct scan *s, const char *bytes, size_t n);
/* Step over any value; *raw (may be NULL) becomes its text. */
bool scan_value(struct scan *s, struct span *raw);
/* Take a value of that type; false and an error if it is another. */
bool scan_string(struct scan *s, struct span *raw); /* without the quotes, not decoded */
bool scan_number(struct scan *s, struct span *raw);
/* Step over any value; when it is an integer that fits, *v becomes it, else *v stays.
 * Returns whether *v was set. */
bool scan_take_int(struct scan *s, int64_t *v);
/* Enter the value that comes next when it is an object (an array); else step over it and
 * return false. */
bool scan_take_object(struct scan *s);
bool scan_take_array(struct scan *s);
/* Step over any value; when it is a string, *raw becomes its raw text, else *raw stays. */
bool scan_take_string(struct scan *s, struct span *raw);
/* Step over any value; when it is an object whose member `name` is a string, *raw becomes that
 * string's raw text, else *raw stays. */
void scan_take_member_string(struct scan *s, const char *name, struct span *raw);
/* True when no error happened and only blanks are left. */
bool scan_end(struct scan *s);
/* Mark the text as bad for a reason of the caller's own (a constant string). */
bool scan_fail(struct scan *s, const char *why);
size_t scan_column(const struct scan *s); /* 1-based, in bytes */

#endif
