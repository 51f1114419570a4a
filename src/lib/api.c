/* api: see api.h. */
#include "api.h"

#include "event.h"

const struct api apis[] = {
	{"openai-chat", "/v1/chat/completions", event_openai},
	{"openai-completions", "/v1/completions", event_openai},
	{NULL, NULL, NULL},
};

const struct api *
api_named(struct span name)
{
	for (const struct api *a = apis; a->name; a++)
		if (span_is(name, a->name))
			return a;
	return NULL;
}
