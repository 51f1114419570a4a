/* api: see api.h. */
#include "api.h"

#include "event.h"

const struct api apis[] = {
	{"openai-chat", "/v1/chat/completions", "messages", true, true, NULL, event_openai},
	{"openai-completions", "/v1/completions", "prompt", false, true, NULL, event_openai},
	{"openai-embeddings", "/v1/embeddings", "input", false, false, NULL, event_items},
	{"rerank", "/v1/rerank", "query", false, false, "documents", event_items},
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
