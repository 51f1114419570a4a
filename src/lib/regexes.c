/* regexes: see regexes.h. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "regexes.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct regex {
	pcre2_code *code;
	pcre2_match_data *match;
	struct regex *next;
	char text[];
};

static struct regex *
find(const struct regexes *r, const char *text)
{
	struct regex *x = r->first;

	while (x && strcmp(x->text, text) != 0)
		x = x->next;
	return x;
}

bool
regexes_add(struct regexes *r, const char *text, char *why, size_t size)
{
	const uint32_t flags = PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_MATCH_UNSET_BACKREF | PCRE2_DOLLAR_ENDONLY;
	struct regex *x = find(r, text) ? NULL : calloc(1, sizeof *x + strlen(text) + 1);
	int error = 0;
	size_t at = 0;
	PCRE2_UCHAR words[120] = "out of memory";

	if (find(r, text))
		return true;
	if (x && (x->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, flags, &error, &at, NULL)) &&
	    (x->match = pcre2_match_data_create_from_pattern(x->code, NULL))) {
		strcpy(x->text, text);
		x->next = r->first;
		r->first = x;
		return true;
	}
	if (x && !x->code)
		pcre2_get_error_message(error, words, sizeof words);
	snprintf(why, size, "%.60s: %s", text, (char *)words);
	if (x)
		pcre2_code_free(x->code);
	free(x);
	return false;
}

bool
regexes_match(const struct regexes *r, const char *text, const char *s, size_t n, bool *lost)
{
	struct regex *x = find(r, text);
	int got = x ? pcre2_match(x->code, (PCRE2_SPTR)s, n, 0, 0, x->match, NULL) : PCRE2_ERROR_NOMATCH;

	if (got < 0 && got != PCRE2_ERROR_NOMATCH)
		*lost = true;
	return got >= 0;
}

void
regexes_free(struct regexes *r)
{
	while (r->first) {
		struct regex *x = r->first;

		r->first = x->next;
		pcre2_match_data_free(x->match);
		pcre2_code_free(x->code);
		free(x);
	}
}
