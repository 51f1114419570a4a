/* jsonwords: the keywords of JSON Schema that are known, and what each of them checks. */
#ifndef JSONWORDS_H
#define JSONWORDS_H

#include "jsonschema.h"
#include "regexes.h"

struct jsonwords_check {
	json_t *root; /* what a $ref starts from */
	const struct regexes *patterns;
	int depth;
	long steps;
	bool lost; /* too deep, too long, or a pattern that takes too much */
};

/* What the value of a keyword has to be. */
enum jsonword_form { FORM_NOTE, FORM_ANY, FORM_SCHEMA, FORM_SCHEMAS, FORM_SCHEMA_MAP, FORM_PATTERN_MAP, FORM_NUMBER,
	FORM_STEP, FORM_COUNT, FORM_BOOL, FORM_PATTERN, FORM_TYPES, FORM_STRINGS, FORM_STRINGS_MAP, FORM_LIST, FORM_REF,
	FORM_DIALECT };

struct jsonword {
	const char *name;
	enum jsonword_form form;
	/* NULL: it checks nothing by itself.  word is its value in the schema, v what is checked. */
	bool (*holds)(struct jsonwords_check *c, json_t *schema, json_t *word, json_t *v);
};

extern const struct jsonword jsonwords[]; /* ends with a NULL name */

const struct jsonword *jsonword_named(const char *name);
/* Whether v satisfies the schema, of which everything has its form. */
bool jsonwords_hold(struct jsonwords_check *c, json_t *schema, json_t *v);

#endif
