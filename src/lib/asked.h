/* asked: what form a request asked its reply to have, and whether the reply has it.
 *
 * structured: the text parses as JSON, and is an object (response_format json_object) or satisfies
 * the schema (json_schema).  call: at least one call has the name of one of the tools, and
 * arguments that parse as JSON and satisfy that tool's parameters. */
#ifndef ASKED_H
#define ASKED_H

#include "jsonschema.h"
#include "span.h"

enum asked_verdict { ASKED_NOTHING, ASKED_WRONG, ASKED_RIGHT };

struct asked_tool {
	const char *name;          /* in the document */
	struct jsonschema *schema; /* NULL: any arguments */
	bool beyond;               /* its parameters cannot be checked here */
};

struct asked {
	json_t *format, *tools; /* as they were asked; NULL: not */
	bool object;            /* the text has to be an object, … */
	struct jsonschema *schema; /* … or to satisfy this; neither: no JSON was asked for */
	struct asked_tool *tool;
	size_t n_tools;
};

/* What a response_format and tools (either may be NULL) ask for; they are shared.  Calls that the request forbids
 * (tool_choice none) are not asked for: then pass no tools.  *why (of size bytes) is empty, or says what of it
 * cannot be checked: its verdict is then ASKED_NOTHING.  False: out of memory. */
bool asked_read(struct asked *a, json_t *format, json_t *tools, char *why, size_t size);
/* text, a raw JSON string; absent: not kept. */
enum asked_verdict asked_structured(const struct asked *a, struct span text, struct span calls);
/* calls: [{"name":…,"arguments":"…"}], raw; absent: there were none, and kept says whether any would be there. */
enum asked_verdict asked_call(const struct asked *a, struct span calls, bool kept);
void asked_free(struct asked *a);

#endif
