/* body: the JSON body that all requests of a workload share, as text with gaps.
 *
 * A body is made once; each request then is its pieces one after the other, the gaps
 * filled with that request's own prompt and max_tokens. */
#ifndef BODY_H
#define BODY_H

#include "api.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum body_gap {
	BODY_NO_GAP,
	BODY_MODEL,     /* the member model, with a comma behind it, goes behind this piece */
	BODY_PROMPT,    /* the prompt's JSON value goes behind this piece */
	BODY_MAX_TOKENS
};

struct body_piece {
	char *text;
	size_t n;
	enum body_gap gap;
};

#define BODY_PIECES 4

struct body {
	struct body_piece piece[BODY_PIECES];
	char *model;        /* as JSON; NULL: requests name none, or all the one that is in the text */
	int64_t max_tokens; /* of all requests, or of those without one of their own; 0: not said */
	int64_t min_tokens;
	int64_t choices;     /* n; 0: not said */
	const char *missing; /* a key that the API needs and the body lacks; NULL: none */
	bool own_max_tokens; /* there is a gap for a request's own */
	bool own_prompt;
	bool ignore_eos;
};

/* model, the prompt, the request section's sampling parameters, streaming with usage; then
 * the section's `body`, and last each of the array `patches`, is merged (RFC 7396) and
 * replaces what it names, gaps included.  max_tokens is a gap when the section is silent.
 * request is as workload_read() left it, or NULL.  False: out of memory. */
bool body_make(struct body *b, const struct api *api, json_t *request, json_t *patches);
/* The output tokens that a request with this max_tokens has to have, over all its choices; 0: unknown. */
int64_t body_output_tokens(const struct body *b, int64_t max_tokens);
void body_free(struct body *b);

#endif
