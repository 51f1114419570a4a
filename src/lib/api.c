/* api: see api.h. */
#include "api.h"

#include "event.h"

const struct api apis[] = {
	{"openai-chat", "/v1/chat/completions", "messages", true, event_openai},
	{"openai-completions", "/v1/completions", "prompt", false, event_openai},
	{0},
};

const struct api *
api_named(struct span name)
{
	for (const struct api *a = apis; a->name; a++)
		if (span_is(name, a->name))
			return a;
	return NULL;
}
