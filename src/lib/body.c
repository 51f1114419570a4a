/* body: see body.h. */
#include "body.h"

#include "merge.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TOKENS 128 /* when the workload says nothing: an unbounded reply is no benchmark */

/* These go from the request section into the body as they are. */
static const char *const copied[] = {"min_tokens", "temperature", "top_p", "top_k", "presence_penalty",
	"frequency_penalty", "seed", "stop", "ignore_eos", "n", "response_format", "tools", "tool_choice",
	"parallel_tool_calls", "reasoning_effort"};

static bool
copy(json_t *body, json_t *request, const char *key)
{
	json_t *v = json_object_get(request, key);

	return !v || json_is_null(v) || json_object_set(body, key, v) == 0;
}

static bool
add_stream(json_t *body, const json_t *request)
{
	if (json_is_false(json_object_get(request, "stream")))
		return json_object_set_new(body, "stream", json_false()) == 0;
	return json_object_set_new(body, "stream", json_true()) == 0 &&
	    json_object_set_new(body, "stream_options", json_pack("{s:b}", "include_usage", 1)) == 0;
}

static bool
add_all(json_t *body, const struct api *api, json_t *request, json_t *prompt, json_t *max_tokens)
{
	if (!copy(body, request, "model") || json_object_set(body, api->prompt, prompt) != 0)
		return false;
	if (!api->generates)
		return true;
	if (json_object_set(body, "max_tokens", max_tokens) != 0)
		return false;
	for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
		if (!copy(body, request, copied[i]))
			return false;
	return add_stream(body, request);
}

static bool
patch_all(json_t *body, json_t *first, json_t *rest)
{
	size_t i;
	json_t *patch;

	if (json_is_object(first) && !merge_patch(body, first))
		return false;
	json_array_foreach(rest, i, patch)
		if (!merge_patch(body, patch))
			return false;
	return true;
}

static bool
append(struct body_piece *p, const char *text)
{
	size_t n = strlen(text);
	char *grown = realloc(p->text, p->n + n + 1);

	if (!grown)
		return false;
	memcpy(grown + p->n, text, n + 1);
	p->text = grown;
	p->n += n;
	return true;
}

/* 0.8 as 0.8, not 0.80000000000000004, wherever 15 digits say all there is. */
static char *
dump(const json_t *v)
{
	char *text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	json_t *back = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
	bool same = json_equal(v, back);

	json_decref(back);
	if (same)
		return text;
	free(text);
	return json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
}

static bool
append_json(struct body_piece *p, const json_t *v)
{
	char *text = dump(v);
	bool good = text && append(p, text);

	free(text);
	return good;
}

static bool
append_key(struct body_piece *p, const char *key, const char *before)
{
	json_t *s = json_string(key);
	bool good = s && append(p, before) && append_json(p, s) && append(p, ":");

	json_decref(s);
	return good;
}

/* The model is a gap, at the body's start, as long as no patch has to do with it and something follows it. */
static bool
cut_model(struct body *b, json_t *body, const json_t *asked)
{
	json_t *model = json_object_get(body, "model");

	if (json_is_null(asked))
		asked = NULL;
	if (model != asked || json_object_size(body) < (asked ? 2 : 1))
		return true;
	b->piece->gap = BODY_MODEL;
	return append(b->piece, "{") && append(b->piece + 1, "") &&
	    (!model || ((b->model = dump(model)) && json_object_del(body, "model") == 0));
}

/* The body's text into pieces, which end where one of the gaps is. */
static bool
cut(struct body *b, json_t *body, const json_t *asked, const json_t *prompt, const json_t *max_tokens)
{
	struct body_piece *p = b->piece;
	const char *key;
	json_t *v;
	const char *before = "{";

	if (!cut_model(b, body, asked))
		return false;
	if (p->gap == BODY_MODEL) {
		p++;
		before = "";
	}
	json_object_foreach(body, key, v) {
		if (!append_key(p, key, before))
			return false;
		before = ",";
		if (v != prompt && v != max_tokens) {
			if (!append_json(p, v))
				return false;
			continue;
		}
		p->gap = v == prompt ? BODY_PROMPT : BODY_MAX_TOKENS;
		b->own_prompt |= v == prompt;
		b->own_max_tokens |= v == max_tokens;
		p++;
	}
	return append(p, *before == '{' ? "{}" : "}");
}

/* `prompt` and `max_tokens` stand for the gaps while the body is a document: what still is
 * that very value after the patches becomes a gap. */
static bool
make(struct body *b, const struct api *api, json_t *request, json_t *patches, json_t *prompt, json_t *max_tokens)
{
	json_t *body = json_object();
	bool asked = json_is_integer(json_object_get(request, "max_tokens"));
	bool good = body && prompt && max_tokens && add_all(body, api, request, prompt, max_tokens) &&
	    patch_all(body, json_object_get(request, "body"), patches) &&
	    cut(b, body, json_object_get(request, "model"), prompt, asked ? NULL : max_tokens);

	b->missing = api->needs && !json_object_get(body, api->needs) ? api->needs : NULL;
	b->max_tokens = json_integer_value(json_object_get(body, "max_tokens"));
	b->min_tokens = json_integer_value(json_object_get(body, "min_tokens"));
	b->choices = json_integer_value(json_object_get(body, "n"));
	b->ignore_eos = json_is_true(json_object_get(body, "ignore_eos"));
	json_decref(body);
	return good;
}

bool
body_make(struct body *b, const struct api *api, json_t *request, json_t *patches)
{
	json_t *asked = json_object_get(request, "max_tokens"), *prompt = json_string("prompt");
	json_t *max_tokens = json_integer(json_is_integer(asked) ? json_integer_value(asked) : MAX_TOKENS);
	bool good;

	*b = (struct body){0};
	good = make(b, api, request, patches, prompt, max_tokens);
	json_decref(prompt);
	json_decref(max_tokens);
	return good;
}

int64_t
body_output_tokens(const struct body *b, int64_t max_tokens)
{
	return b->ignore_eos || b->min_tokens == max_tokens ? max_tokens * (b->choices > 1 ? b->choices : 1) : 0;
}

void
body_free(struct body *b)
{
	for (size_t i = 0; i < BODY_PIECES; i++)
		free(b->piece[i].text);
	free(b->model);
	*b = (struct body){0};
}
