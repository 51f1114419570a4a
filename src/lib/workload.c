/* workload: see workload.h.  The tables say which keys there are, of what type and in
 * which range; what has passed them is read without further questions. */
#include "workload.h"

#include "merge.h"
#include "units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define INPUT_TOKENS 128 /* of made-up prompts, when nothing is said */
#define EXACT 9007199254740992.0 /* 2^53: the integers that JSON keeps everywhere */

static const struct key request_keys[] = {
	{"api", KEY_STRING, 0, 0},
	{"model", KEY_STRING, 0, 0},
	{"max_tokens", KEY_COUNT, 1, 1e9},
	{"min_tokens", KEY_COUNT, 0, 1e9},
	{"output_tokens", KEY_LENGTHS, 0, 0},
	{"temperature", KEY_NUMBER, 0, 100},
	{"top_p", KEY_NUMBER, 0, 1},
	{"top_k", KEY_COUNT, -1, 1e9},
	{"presence_penalty", KEY_NUMBER, -2, 2},
	{"frequency_penalty", KEY_NUMBER, -2, 2},
	{"seed", KEY_COUNT, -EXACT, EXACT},
	{"stop", KEY_STRINGS, 0, 0},
	{"ignore_eos", KEY_BOOL, 0, 0},
	{"stream", KEY_BOOL, 0, 0},
	{"n", KEY_COUNT, 1, 1000},
	{"response_format", KEY_OBJECT, 0, 0},
	{"tools", KEY_OBJECTS, 0, 0},
	{"tool_choice", KEY_CHOICE, 0, 0},
	{"parallel_tool_calls", KEY_BOOL, 0, 0},
	{"reasoning_effort", KEY_STRING, 0, 0},
	{"body", KEY_OBJECT, 0, 0},
	{0},
};

static const struct key prompts_keys[] = {
	{"file", KEY_STRING, 0, 0},
	{"input_tokens", KEY_LENGTHS, 0, 0},
	{"salt", KEY_STRING, 0, 0},
	{"system", KEY_STRING, 0, 0},
	{"words", KEY_STRING, 0, 0},
	{"token_ids", KEY_BOOL, 0, 0},
	{"vocab", KEY_STRING, 0, 0},
	{"format", KEY_STRING, 0, 0},
	{"min_input_tokens", KEY_COUNT, 0, 1e9},
	{"max_input_tokens", KEY_COUNT, 0, 1e9},
	{"max_total_tokens", KEY_COUNT, 0, 1e9},
	{"token_ratio", KEY_NUMBER, 1e-2, 1e2},
	{"template_tokens", KEY_COUNT, 0, 1e6},
	{"prefix_tokens", KEY_COUNT, 0, 1e6},
	{"prefix_groups", KEY_COUNT, 1, 1e9},
	{"prefix_prompts", KEY_COUNT, 1, 1e9},
	{"calibrate", KEY_BOOL, 0, 0}, /* bench.sh's */
	{0},
};

static const struct key sessions_keys[] = {
	{"turns", KEY_LENGTHS, 0, 0},
	{"think_ms", KEY_LENGTHS, 0, 0},
	{0},
};

static const struct {
	const char *name;
	const struct key *table;
} sections[] = {{"load_test", loadtest_keys}, {"request", request_keys}, {"prompts", prompts_keys},
	{"sessions", sessions_keys}};

static const struct key *
find_key(const char *section, const char *name)
{
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		for (const struct key *k = sections[i].table; k->name; k++)
			if (strcmp(sections[i].name, section) == 0 && strcmp(k->name, name) == 0)
				return k;
	return NULL;
}

static json_t *
make_section(json_t *doc, const char *name)
{
	json_t *o = json_object_get(doc, name);

	if (json_is_object(o))
		return o;
	return json_object_set_new(doc, name, json_object()) == 0 ? json_object_get(doc, name) : NULL;
}

bool
workload_set(json_t *doc, const char *section, const char *key, const char *text, struct key_error *why)
{
	static const struct key tag = {"", KEY_STRING, 0, 0};
	const struct key *k = find_key(section, key);
	json_t *v = key_typed(k ? k : &tag, text, why);

	return v && workload_set_value(doc, section, key, v, why);
}

bool
workload_set_value(json_t *doc, const char *section, const char *key, json_t *v, struct key_error *why)
{
	const struct key *k = find_key(section, key);
	json_t *o = make_section(doc, section);

	if (json_object_set_new(o, key, v) != 0)
		return key_fail(why, "not UTF-8");
	if (!k || key_check(section, o, k, why))
		return true;
	json_object_del(o, key);
	return false;
}

bool
workload_set_tag(json_t *doc, char *text, struct key_error *why)
{
	char *equals = strchr(text, '=');

	if (!equals || equals == text)
		return key_fail(why, "%.100s: must be KEY=VALUE", text);
	*equals = '\0';
	return workload_set(doc, "tags", text, equals + 1, why);
}

/* What `key` says ends what `other` said before, unless both are said now. */
static bool
supersede(json_t *set, const char *section, const char *key, const char *other)
{
	json_t *o = json_object_get(set, section);

	return !json_object_get(o, key) || json_object_get(o, other) || json_object_set_new(o, other, json_null()) == 0;
}

bool
workload_override(json_t *doc, json_t *set)
{
	static const char *const pairs[][3] = {
		{"prompts", "file", "input_tokens"}, {"prompts", "file", "words"}, {"prompts", "file", "token_ids"},
		{"prompts", "file", "prefix_tokens"}, {"prompts", "file", "prefix_groups"},
		{"prompts", "file", "prefix_prompts"},
		{"prompts", "prefix_tokens", "file"}, {"prompts", "input_tokens", "file"}, {"prompts", "words", "file"},
		{"prompts", "token_ids", "file"},
		{"prompts", "words", "token_ids"}, {"prompts", "token_ids", "words"},
		{"request", "max_tokens", "output_tokens"}, {"request", "output_tokens", "max_tokens"},
	};
	json_t *load_test = json_object_get(set, "load_test");

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (!supersede(set, pairs[i][0], pairs[i][1], pairs[i][2]))
			return false;
	if (json_object_get(json_object_get(set, "request"), "response_format"))
		json_object_del(json_object_get(doc, "request"), "response_format"); /* replaced, not merged */
	if (load_test && !loadtest_override(json_object_get(doc, "load_test"), load_test))
		return false;
	return merge_patch(doc, set);
}

/* The section, checked; *o is NULL when there is none.  Only a section that is all ours
 * has no unknown keys. */
static bool
section(json_t *doc, const char *name, const struct key *table, bool ours, json_t **o, struct key_error *why)
{
	*o = json_object_get(doc, name);
	if (json_is_null(*o))
		*o = NULL;
	if (*o && !json_is_object(*o))
		return key_fail(why, "%s: must be a map", name);
	if (*o && ours && !key_names(name, *o, table, why))
		return false;
	for (; *o && table->name; table++)
		if (!key_check(name, *o, table, why))
			return false;
	return true;
}

static int64_t
integer(const json_t *o, const char *name, int64_t otherwise)
{
	const json_t *v = json_object_get(o, name);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

static const char *
string(const json_t *o, const char *name, const char *otherwise)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : otherwise;
}

/* The member, unless it is null. */
static json_t *
given(const json_t *o, const char *name)
{
	json_t *v = json_object_get(o, name);

	return json_is_null(v) ? NULL : v;
}

static bool
read_output(const json_t *o, struct workload *w, struct key_error *why)
{
	json_t *tokens = given(o, "output_tokens");
	int64_t min = integer(o, "min_tokens", 0);

	if (!tokens)
		return true;
	if (given(o, "max_tokens"))
		return key_fail(why, "request.output_tokens: excludes max_tokens");
	if (json_is_string(tokens) && strcmp(json_string_value(tokens), "own") == 0)
		return true; /* as without it: but the workload says so */
	w->output_given = true;
	return lengths_read(&w->output, "request.output_tokens", tokens, why) && (min <= w->output.min ||
	    key_fail(why, "request.min_tokens: above the shortest of output_tokens (its min)"));
}

static bool
read_vocab(const char *text, struct workload *w, struct key_error *why)
{
	char junk;
	long long low, high;

	if (sscanf(text, "%lld-%lld%c", &low, &high, &junk) != 2 || low < 0 || high <= low || high > INT32_MAX)
		return key_fail(why, "prompts.vocab: %.60s: must be LOW-HIGH, such as 1000-30000", text);
	w->vocab_low = low;
	w->vocab_high = high;
	return true;
}

/* How the prompt file is read, and what its lengths and made-up ones are by the server's count. */
static bool
read_form(const json_t *o, struct workload *w, struct key_error *why)
{
	const char *name = string(o, "format", NULL), *near = NULL;

	w->form = PROMPTS_ANY;
	if (name && !prompts_form(name, &w->form, &near))
		return key_fail(why, "prompts.format: %.60s: known are " PROMPTS_FORMS "%s%s%s", name,
		    near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
	w->bounds.least = integer(o, "min_input_tokens", -1);
	w->bounds.most = integer(o, "max_input_tokens", -1);
	w->bounds.most_total = integer(o, "max_total_tokens", -1);
	w->token_ratio = json_number_value(json_object_get(o, "token_ratio"));
	w->template_tokens = integer(o, "template_tokens", 0);
	if (w->template_tokens > 0 && w->token_ratio == 0)
		return key_fail(why, "prompts.template_tokens: only with token_ratio");
	if (w->token_ratio > 0 && w->token_ids)
		return key_fail(why, "prompts.token_ratio: token ids are tokens: their number is exact");
	return true;
}

/* What made-up prompts have in common. */
static bool
read_prefix(const json_t *o, struct workload *w, struct key_error *why)
{
	w->prefix.tokens = integer(o, "prefix_tokens", 0);
	w->prefix.groups = integer(o, "prefix_groups", 1);
	w->prefix.prompts = integer(o, "prefix_prompts", 0);
	if (w->prefix.tokens > 0 && w->prompts_file)
		return key_fail(why, "prompts.file: excludes prefix_tokens");
	if (w->prefix.tokens == 0 && (given(o, "prefix_groups") || given(o, "prefix_prompts")))
		return key_fail(why, "prompts.prefix_%s: only with prefix_tokens",
		    given(o, "prefix_groups") ? "groups" : "prompts");
	return true;
}

static bool
read_prompts(const json_t *o, struct workload *w, struct key_error *why)
{
	json_t *tokens = given(o, "input_tokens");

	w->prompts_file = string(o, "file", NULL);
	w->words = string(o, "words", NULL);
	w->salt = string(o, "salt", NULL);
	if (w->salt && !*w->salt)
		w->salt = NULL;
	w->system = json_object_get(o, "system");
	if (!json_is_string(w->system))
		w->system = NULL;
	if (w->system && !w->api->messages)
		return key_fail(why, "prompts.system: only with api openai-chat");
	w->token_ids = json_is_true(json_object_get(o, "token_ids"));
	w->input = (struct lengths){.kind = LENGTHS_FIXED, .min = INPUT_TOKENS, .max = INPUT_TOKENS};
	if (w->prompts_file && (tokens || w->words || w->token_ids))
		return key_fail(why, "prompts.file: excludes input_tokens, words and token_ids");
	if (w->words && w->token_ids)
		return key_fail(why, "prompts.words: excludes token_ids");
	if (w->token_ids && w->api->messages)
		return key_fail(why, "prompts.token_ids: not with a chat API");
	if (tokens && !lengths_read(&w->input, "prompts.input_tokens", tokens, why))
		return false;
	if (!read_form(o, w, why) || !read_prefix(o, w, why))
		return false;
	return read_vocab(string(o, "vocab", "1000-30000"), w, why);
}

static bool
read_sessions(const json_t *o, struct workload *w, struct key_error *why)
{
	json_t *turns = given(o, "turns"), *think = given(o, "think_ms");
	const char *typed = json_string_value(think);
	int64_t us;

	w->sessions = turns;
	if (turns && !lengths_read(&w->turns, "sessions.turns", turns, why))
		return false;
	if (turns && !w->api->messages)
		return key_fail(why, "sessions.turns: only with api openai-chat");
	if (typed && !units_duration(typed, 0, LENGTHS_MOST * 1000, &us))
		w->think_ms = (struct lengths){.kind = LENGTHS_FIXED, .min = us / 1000, .max = us / 1000};
	else if (think)
		return lengths_read(&w->think_ms, "sessions.think_ms", think, why);
	return true;
}

static bool
read_tags(json_t *doc, struct workload *w, struct key_error *why)
{
	const char *key;
	json_t *v, *tags = json_object_get(doc, "tags");

	if (!tags || json_is_null(tags))
		return true;
	if (!json_is_object(tags))
		return key_fail(why, "tags: must be a map");
	json_object_foreach(tags, key, v)
		if (json_is_object(v) || json_is_array(v) || json_is_null(v))
			return key_fail(why, "tags.%.60s: must be a string, a number, true or false", key);
	w->tags = tags;
	return true;
}

bool
workload_read(json_t *doc, struct workload *w, struct key_error *why)
{
	json_t *load_test, *prompts, *sessions;
	const char *api;

	*w = (struct workload){0};
	if (!section(doc, "load_test", loadtest_keys, false, &load_test, why) ||
	    !section(doc, "request", request_keys, true, &w->request, why) ||
	    !section(doc, "prompts", prompts_keys, true, &prompts, why) ||
	    !section(doc, "sessions", sessions_keys, true, &sessions, why))
		return false;
	api = string(w->request, "api", "openai-chat");
	if (!(w->api = api_named((struct span){api, strlen(api)})))
		return key_fail(why, "request.api: %.60s: known are " API_KNOWN, api);
	return loadtest_read(load_test, &w->load, why) && read_output(w->request, w, why) &&
	    read_prompts(prompts, w, why) && read_sessions(sessions, w, why) && read_tags(doc, w, why);
}

void
workload_free(struct workload *w)
{
	loadtest_free(&w->load);
}
