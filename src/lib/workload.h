/* workload: what a workload document asks for, checked.
 *
 * Reads the parts that decide which requests are sent and when: load_test, request,
 * prompts, sessions and tags.  The other parts, and the keys of load_test that say how requests are
 * sent, are other programs'.  A null is the same as nothing. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include "body.h"
#include "keys.h"
#include "lengths.h"
#include "loadtest.h"
#include "prompts.h"

#include <jansson.h>

struct workload {
	struct loadtest load;
	bool sessions;           /* else there are none but the conversations of the prompt file */
	struct lengths turns;    /* of a session, if sessions */
	struct lengths think_ms; /* before each turn but the first, unless the prompt file says; zeroed: none */
	const struct api *api;
	/* All below point into the document. */
	json_t *request;           /* the section, as checked; NULL: none */
	const char *prompts_file;  /* NULL: prompts are made up */
	enum prompts_form form;    /* of that file */
	struct prompts_bounds bounds;
	double token_ratio;        /* the server's tokens for each that is counted here; 0: not known */
	int64_t template_tokens;   /* … and those that it adds to each prompt */
	const char *words;         /* NULL: built-in */
	struct lengths input;      /* of made-up prompts */
	struct lengths output;     /* the longest reply of each request … */
	bool output_given;         /* … where the workload says so */
	struct {
		int64_t tokens;      /* that made-up prompts of a group begin with; 0: nothing is shared */
		int64_t groups, prompts; /* of a group, and then the same again; 0: all are new */
	} prefix;
	bool token_ids;
	const char *salt;    /* makes the prompts new (salt.h); NULL: none */
	json_t *system;      /* the text of a first message; NULL: none */
	int64_t vocab_low, vocab_high;
	json_t *tags; /* NULL: none */
};

/* Set section.key of doc to the value typed as text, after the checks that need no other
 * key; section may be "tags".  False, and why, if it is wrong, and then nothing is set. */
bool workload_set(json_t *doc, const char *section, const char *key, const char *text, struct key_error *why);
/* Set the tag that text, KEY=VALUE, says; text is written to. */
bool workload_set_tag(json_t *doc, char *text, struct key_error *why);
/* Set section.key to a value that was read already; it is taken over. */
bool workload_set_value(json_t *doc, const char *section, const char *key, json_t *v, struct key_error *why);
/* Merge set into doc.  What it says replaces what doc says, and what that stood against: a
 * number of requests ends a duration and the other way round, a prompt file ends made-up
 * prompts, and so on.  False: out of memory. */
bool workload_override(json_t *doc, json_t *set);
/* Check doc and read it; whole numbers written as 1e3 or 200.0 become integers in it.
 * False, and why, if it is wrong.  workload_free() in either case. */
bool workload_read(json_t *doc, struct workload *w, struct key_error *why);
void workload_free(struct workload *w);

#endif
