/* simreq: see simreq.h. */
#include "simreq.h"

#include "simask.h"
#include "simtext.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAD_REQUEST 400, "BadRequestError"

void
simerror_set(struct simerror *e, int status, const char *type, const char *param, const char *fmt, ...)
{
	va_list ap;

	e->status = status;
	e->type = type;
	e->param = param;
	va_start(ap, fmt);
	vsnprintf(e->message, sizeof e->message, fmt, ap);
	va_end(ap);
}

static bool
room(struct simreq *r, size_t n, struct simerror *e)
{
	uint32_t *ids;

	if (r->tokens + n <= r->cap)
		return true;
	r->cap = 2 * (r->tokens + n);
	if ((ids = realloc(r->ids, r->cap * sizeof *ids))) {
		r->ids = ids;
		return true;
	}
	simerror_set(e, 500, "InternalServerError", NULL, "out of memory");
	return false;
}

static bool
add_text(struct simreq *r, const json_t *text, struct simerror *e)
{
	const char *s = json_string_value(text);
	size_t len = json_string_length(text), n = simtext_tokens(s, len, NULL, 0);

	if (!room(r, n, e))
		return false;
	simtext_tokens(s, len, r->ids + r->tokens, n);
	r->tokens += n;
	return true;
}

static bool
add_ids(struct simreq *r, const json_t *ids, struct simerror *e)
{
	size_t i;
	json_t *id;

	if (!room(r, json_array_size(ids), e))
		return false;
	json_array_foreach(ids, i, id) {
		if (!json_is_integer(id) || json_integer_value(id) < 0 || json_integer_value(id) > UINT32_MAX) {
			simerror_set(e, BAD_REQUEST, "prompt", "prompt must be a string or a list of token ids");
			return false;
		}
		r->ids[r->tokens++] = (uint32_t)json_integer_value(id);
	}
	return true;
}

/* A message's content: a string, null, or a list of parts of which the texts count. */
static bool
add_content(struct simreq *r, const json_t *content, struct simerror *e)
{
	size_t i;
	json_t *part;

	if (json_is_string(content))
		return add_text(r, content, e);
	json_array_foreach(content, i, part) {
		json_t *text = json_object_get(part, "text");

		if (json_is_string(text) && !add_text(r, text, e))
			return false;
	}
	return true;
}

static bool
add_prompt(struct simreq *r, const json_t *doc, struct simerror *e)
{
	const char *key = r->chat ? "messages" : "prompt";
	json_t *prompt = json_object_get(doc, key), *message;
	size_t i;

	if (!prompt) {
		simerror_set(e, BAD_REQUEST, key, "%s: field required", key);
		return false;
	}
	if (!r->chat && json_array_size(prompt) == 1 && !json_is_integer(json_array_get(prompt, 0)))
		prompt = json_array_get(prompt, 0);
	if (!r->chat && json_is_string(prompt))
		return add_text(r, prompt, e);
	if (!json_is_array(prompt)) {
		simerror_set(e, BAD_REQUEST, key, "%s has the wrong type", key);
		return false;
	}
	if (!r->chat)
		return add_ids(r, prompt, e);
	json_array_foreach(prompt, i, message) {
		if (!json_is_object(message) || !json_is_string(json_object_get(message, "role"))) {
			simerror_set(e, BAD_REQUEST, key, "messages[%zu]: needs a role", i);
			return false;
		}
		if (!add_content(r, json_object_get(message, "content"), e))
			return false;
	}
	return true;
}

/* Of texts to embed: a text, or token ids, or a list of either. */
static bool
add_embedded(struct simreq *r, json_t *input, struct simerror *e)
{
	size_t i;
	json_t *item;
	bool one = json_is_string(input) || json_is_integer(json_array_get(input, 0));

	r->items = one ? 1 : json_array_size(input);
	if (json_is_string(input))
		return add_text(r, input, e);
	if (one)
		return add_ids(r, input, e);
	json_array_foreach(input, i, item)
		if (!json_is_string(item) && !json_is_array(item))
			r->items = 0;
		else if (json_is_string(item) ? !add_text(r, item, e) : !add_ids(r, item, e))
			return false;
	if (r->items == 0)
		simerror_set(e, BAD_REQUEST, "input", "input must be a text, token ids, or a list of them that is not empty");
	return r->items > 0;
}

/* A ranking reads its query once for each document. */
static bool
add_ranked(struct simreq *r, json_t *query, json_t *documents, struct simerror *e)
{
	size_t i;
	json_t *item;

	r->items = json_array_size(documents);
	json_array_foreach(documents, i, item)
		if (!json_is_string(query) || !json_is_string(item) || !add_text(r, query, e) || !add_text(r, item, e))
			r->items = 0;
	if (r->items == 0)
		simerror_set(e, BAD_REQUEST, "documents", "query must be a text, documents a list of at least one text");
	return r->items > 0;
}

static bool
add_inputs(struct simreq *r, const json_t *doc, struct simerror *e)
{
	switch (r->task) {
	case TASK_EMBEDDING: return add_embedded(r, json_object_get(doc, "input"), e);
	case TASK_RANKING: return add_ranked(r, json_object_get(doc, "query"), json_object_get(doc, "documents"), e);
	default: return add_prompt(r, doc, e);
	}
}

/* An integer of the document that may be missing or null. */
static bool
integer(const json_t *doc, const char *key, int64_t min, int64_t *v, struct simerror *e)
{
	json_t *j = json_object_get(doc, key);

	if (!j || json_is_null(j))
		return true;
	if (!json_is_integer(j) || json_integer_value(j) < min) {
		simerror_set(e, BAD_REQUEST, key, "%s must be an integer of at least %d", key, (int)min);
		return false;
	}
	*v = json_integer_value(j);
	return true;
}

/* Which of the models is meant; what follows a '!' in the name asks for a fault. */
static bool
find_model(struct simreq *r, const json_t *doc, const char *const *models, struct simerror *e)
{
	const char *name = json_string_value(json_object_get(doc, "model")), *bang;
	size_t n;

	if (!name)
		return true;
	bang = strchr(name, '!');
	n = bang ? (size_t)(bang - name) : strlen(name);
	for (r->model = 0; models[r->model]; r->model++)
		if (strncmp(models[r->model], name, n) == 0 && !models[r->model][n])
			break;
	if (!models[r->model]) {
		simerror_set(e, 404, "NotFoundError", "model", "The model `%.*s` does not exist.", n > 300 ? 300 : (int)n,
			name);
		return false;
	}
	if (bang && !(r->fault = strdup(bang + 1)))
		simerror_set(e, 500, "InternalServerError", NULL, "out of memory");
	return !bang || r->fault;
}

static json_t *
load(const char *body, size_t n, struct simerror *e)
{
	json_error_t why;
	json_t *doc = json_loadb(body, n, JSON_ALLOW_NUL, &why);

	if (doc && json_is_object(doc))
		return doc;
	simerror_set(e, BAD_REQUEST, NULL, "%s", doc ? "the body is not a JSON object" : "");
	if (!doc)
		snprintf(e->message, sizeof e->message, "bad JSON at line %d, column %d: %s", why.line, why.column, why.text);
	json_decref(doc);
	return NULL;
}

static bool
take(struct simreq *r, const json_t *doc, const char *const *models, struct simerror *e)
{
	json_t *options = json_object_get(doc, "stream_options");

	r->stream = json_is_true(json_object_get(doc, "stream"));
	r->usage = json_is_true(json_object_get(options, "include_usage"));
	r->ignore_eos = json_is_true(json_object_get(doc, "ignore_eos"));
	if (!find_model(r, doc, models, e) || !add_inputs(r, doc, e))
		return false;
	if (r->task >= TASK_EMBEDDING) {
		r->stream = false;
		return true;
	}
	if (!integer(doc, "max_tokens", 1, &r->max_tokens, e) ||
		(r->chat && !integer(doc, "max_completion_tokens", 1, &r->max_tokens, e)) ||
		!integer(doc, "min_tokens", 0, &r->min_tokens, e))
		return false;
	if (!(r->ask = calloc(1, sizeof *r->ask)))
		simerror_set(e, 500, "InternalServerError", NULL, "out of memory");
	else if (!simask_read(r->ask, doc, r->chat, e))
		return false;
	else if (r->tokens == 0 && !r->chat)
		simerror_set(e, BAD_REQUEST, "prompt", "prompt must hold at least one token");
	else
		return true;
	return false;
}

bool
simreq_parse(struct simreq *r, const char *body, size_t n, enum simtask task, const char *const *models,
	struct simerror *e)
{
	json_t *doc = load(body, n, e);
	bool good;

	*r = (struct simreq){.task = task, .chat = task == TASK_CHAT, .max_tokens = -1, .min_tokens = -1};
	good = doc && take(r, doc, models, e);
	json_decref(doc);
	return good;
}

bool
simreq_tokenize(struct simreq *r, const char *body, size_t n, struct simerror *e)
{
	json_t *doc = load(body, n, e), *text = json_object_get(doc, "prompt");
	bool good = false;

	*r = (struct simreq){0};
	if (!text)
		text = json_object_get(doc, "content");
	if (json_is_string(text)) {
		good = add_text(r, text, e);
	} else if (json_is_array(json_object_get(doc, "messages"))) {
		r->chat = true;
		good = add_prompt(r, doc, e);
	} else if (doc) {
		simerror_set(e, BAD_REQUEST, "prompt", "prompt (or content) must be a string");
	}
	json_decref(doc);
	return good;
}

void
simreq_free(struct simreq *r)
{
	if (r->ask)
		simask_free(r->ask);
	free(r->ask);
	free(r->fault);
	free(r->ids);
	*r = (struct simreq){0};
}
