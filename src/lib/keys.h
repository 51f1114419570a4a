/* keys: checks the members of a JSON object against a table of those it may have. */
#ifndef KEYS_H
#define KEYS_H

#include <jansson.h>
#include <stdbool.h>

enum key_type {
	KEY_COUNT, /* a whole number, also one written as 1e3 or 200.0 */
	KEY_NUMBER,
	KEY_SECONDS, /* a number; typed as a duration: 90s, 5m */
	KEY_BOOL,
	KEY_STRING,
	KEY_STRINGS, /* a string, or an array of strings */
	KEY_OBJECT,
	KEY_OBJECTS, /* an array of objects, not empty */
	KEY_CHOICE,  /* a string or an object; typed as a string */
	KEY_LENGTHS  /* a number, a string or an object (lengths.h says what is in it); typed as a string */
};

/* A table of these ends with a NULL name. */
struct key {
	const char *name;
	enum key_type type;
	double min, max; /* of those that are numbers */
};

struct key_error {
	char text[200]; /* "load_test.rate: must be a number" */
};

/* Set the text; returns false. */
bool key_fail(struct key_error *why, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The value of o's member k is absent, null, or as k says; then a whole number has become a
 * JSON integer.  `section` is o's name in the message. */
bool key_check(const char *section, json_t *o, const struct key *k, struct key_error *why);
/* The value of k as somebody typed it (true and false for KEY_BOOL).  NULL and why if it
 * is none; the table's range is not looked at. */
json_t *key_typed(const struct key *k, const char *text, struct key_error *why);
/* o has no member that is not in the table. */
bool key_names(const char *section, json_t *o, const struct key *table, struct key_error *why);

#endif
