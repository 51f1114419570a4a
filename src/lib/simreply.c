/* simreply: see simreply.h. */
#include "simreply.h"

#include "latency.h"

#include <inttypes.h>
#include <string.h>

#define DIMENSIONS 16 /* of an embedding */

static const struct {
	int status;
	const char *reason;
} reasons[] = {{200, "OK"}, {302, "Found"}, {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"},
	{404, "Not Found"}, {405, "Method Not Allowed"}, {408, "Request Timeout"}, {413, "Content Too Large"},
	{429, "Too Many Requests"}, {431, "Request Header Fields Too Large"}, {500, "Internal Server Error"},
	{501, "Not Implemented"}, {502, "Bad Gateway"}, {503, "Service Unavailable"}, {504, "Gateway Timeout"}};

static const char *
reason(int status)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unknown";
}

static void
begin(struct text *t, const struct simreply *r, bool stream)
{
	text_puts(t, "{\"id\":\"");
	text_puts(t, r->id);
	text_puts(t, r->chat ? stream ? "\",\"object\":\"chat.completion.chunk\",\"created\":"
		: "\",\"object\":\"chat.completion\",\"created\":" : "\",\"object\":\"text_completion\",\"created\":");
	text_printf(t, "%" PRId64 ",\"model\":", r->created);
	text_puts(t, r->model);
}

static void
add_usage(struct text *t, const struct simreply *r)
{
	int64_t made = r->made * r->choices;

	text_printf(t, ",\"usage\":{\"prompt_tokens\":%" PRId64 ",\"total_tokens\":%" PRId64
		",\"completion_tokens\":%" PRId64 ",\"prompt_tokens_details\":{\"cached_tokens\":%" PRId64 "}",
		r->prompt, r->prompt + made, made, r->cached);
	if (r->thoughts >= 0)
		text_printf(t, ",\"completion_tokens_details\":{\"reasoning_tokens\":%" PRId64 "}",
			(r->thoughts < r->made ? r->thoughts : r->made) * r->choices);
	text_puts(t, "}");
}

/* The choice that is speaking, up to what it says. */
static void
begin_choice(struct text *t, const struct simreply *r)
{
	begin(t, r, true);
	text_puts(t, ",\"choices\":[{\"index\":");
	if (r->choice == 0)
		text_puts(t, "0,");
	else
		text_printf(t, "%" PRId64 ",", r->choice);
}

static void
end_choice(struct text *t, const char *finish)
{
	text_puts(t, ",\"logprobs\":null,\"finish_reason\":");
	if (finish)
		text_json(t, finish);
	else
		text_puts(t, "null");
	text_puts(t, "}");
}

void
simreply_role(struct text *t, const struct simreply *r)
{
	begin_choice(t, r);
	text_puts(t, "\"delta\":{\"role\":\"assistant\",\"content\":\"\"}");
	end_choice(t, NULL);
	text_puts(t, "]}");
}

void
simreply_token(struct text *t, const struct simreply *r, const char *key, const char *piece, bool plain,
	const char *finish, bool usage)
{
	begin_choice(t, r);
	if (r->chat) {
		text_puts(t, "\"delta\":{\"");
		text_puts(t, key);
		text_puts(t, "\":");
	} else {
		text_puts(t, "\"text\":");
	}
	if (plain) {
		text_puts(t, "\"");
		text_puts(t, piece);
		text_puts(t, "\"");
	} else {
		text_json(t, piece);
	}
	text_puts(t, r->chat ? "}" : "");
	end_choice(t, finish);
	text_puts(t, "]");
	if (usage)
		add_usage(t, r);
	text_puts(t, "}");
}

void
simreply_tool(struct text *t, const struct simreply *r, const char *name, const char *arguments, const char *finish,
	bool usage)
{
	begin_choice(t, r);
	text_puts(t, "\"delta\":{\"tool_calls\":[{\"index\":0,");
	if (name) {
		text_printf(t, "\"id\":\"call_%" PRId64 "\",\"type\":\"function\",\"function\":{\"name\":", r->choice);
		text_json(t, name);
		text_puts(t, ",\"arguments\":");
	} else {
		text_puts(t, "\"function\":{\"arguments\":");
	}
	text_json(t, arguments);
	text_puts(t, "}}]}");
	end_choice(t, finish);
	text_puts(t, "]");
	if (usage)
		add_usage(t, r);
	text_puts(t, "}");
}

void
simreply_finish(struct text *t, const struct simreply *r, const char *finish)
{
	begin_choice(t, r);
	text_puts(t, r->chat ? "\"delta\":{}" : "\"text\":\"\"");
	end_choice(t, finish);
	text_puts(t, "]}");
}

void
simreply_usage(struct text *t, const struct simreply *r)
{
	begin(t, r, true);
	text_puts(t, ",\"choices\":[]");
	add_usage(t, r);
	text_puts(t, "}");
}

static void
add_message(struct text *t, const char *thoughts, const char *name, const char *text)
{
	text_puts(t, "\"message\":{\"role\":\"assistant\",\"content\":");
	if (name)
		text_puts(t, "null");
	else
		text_json(t, text);
	if (thoughts) {
		text_puts(t, ",\"reasoning_content\":");
		text_json(t, thoughts);
	}
	if (name) {
		text_puts(t, ",\"tool_calls\":[{\"id\":\"call_0\",\"type\":\"function\",\"function\":{\"name\":");
		text_json(t, name);
		text_puts(t, ",\"arguments\":");
		text_json(t, text);
		text_puts(t, "}}]");
	}
	text_puts(t, "}");
}

void
simreply_whole(struct text *t, const struct simreply *r, const char *thoughts, const char *name, const char *text,
	const char *finish)
{
	begin(t, r, false);
	text_puts(t, ",\"choices\":[");
	for (int64_t i = 0; i < r->choices; i++) {
		text_printf(t, "%s{\"index\":%" PRId64 ",", i ? "," : "", i);
		if (r->chat) {
			add_message(t, thoughts, name, text);
		} else {
			text_puts(t, "\"text\":");
			text_json(t, text);
		}
		end_choice(t, finish);
	}
	text_puts(t, "]");
	add_usage(t, r);
	text_puts(t, "}");
}

/* A number from -1 to 1 that depends on these two. */
static double
part(uint64_t number, uint64_t k)
{
	return 2 * latency_uniform(number, k, 0) - 1;
}

static void
input_usage(struct text *t, const struct simreply *r)
{
	text_printf(t, "],\"model\":%s,\"usage\":{\"prompt_tokens\":%" PRId64 ",\"total_tokens\":%" PRId64
		",\"completion_tokens\":0,\"prompt_tokens_details\":null}}", r->model, r->prompt, r->prompt);
}

void
simreply_embeddings(struct text *t, const struct simreply *r, size_t n, uint64_t number)
{
	text_printf(t, "{\"id\":\"%s\",\"object\":\"list\",\"created\":%" PRId64 ",\"data\":[", r->id, r->created);
	for (size_t i = 0; i < n; i++) {
		text_printf(t, "%s{\"index\":%zu,\"object\":\"embedding\",\"embedding\":[", i ? "," : "", i);
		for (uint64_t k = 0; k < DIMENSIONS; k++)
			text_printf(t, "%s%.6f", k ? "," : "", part(number, i * DIMENSIONS + k));
		text_puts(t, "]}");
	}
	input_usage(t, r);
}

void
simreply_ranking(struct text *t, const struct simreply *r, size_t n, uint64_t number)
{
	text_printf(t, "{\"id\":\"%s\",\"results\":[", r->id);
	for (size_t i = 0; i < n; i++)
		text_printf(t, "%s{\"index\":%zu,\"relevance_score\":%.6f}", i ? "," : "", i, (part(number, i) + 1) / 2);
	input_usage(t, r);
}

void
simreply_error(struct text *t, const struct simerror *e)
{
	text_puts(t, "{\"error\":{\"message\":");
	text_json(t, e->message);
	text_puts(t, ",\"type\":");
	text_json(t, e->type);
	text_puts(t, ",\"param\":");
	if (e->param)
		text_json(t, e->param);
	else
		text_puts(t, "null");
	text_printf(t, ",\"code\":%d}}", e->status);
}

void
simreply_models(struct text *t, char *const *names, size_t n, int64_t created, int64_t max_len)
{
	text_puts(t, "{\"object\":\"list\",\"data\":[");
	for (size_t i = 0; i < n; i++)
		text_printf(t, "%s{\"id\":%s,\"object\":\"model\",\"created\":%" PRId64
			",\"owned_by\":\"llmsim\",\"root\":%s,\"parent\":null,\"max_model_len\":%" PRId64 "}",
			i ? "," : "", names[i], created, names[i], max_len);
	text_puts(t, "]}");
}

void
simreply_tokenized(struct text *t, const struct simreq *r, int64_t max_len)
{
	text_printf(t, "{\"count\":%zu,\"max_model_len\":%" PRId64 ",\"tokens\":[", r->tokens, max_len);
	for (size_t i = 0; i < r->tokens; i++)
		text_printf(t, "%s%" PRIu32, i ? "," : "", r->ids[i]);
	text_puts(t, "]}");
}

void
simreply_head(struct text *t, int status, const char *type, size_t n, const char *more, bool last)
{
	text_printf(t, "HTTP/1.1 %d %s\r\nserver: llmsim\r\ncontent-type: %s\r\n%s%s", status, reason(status), type,
		more ? more : "", last ? "connection: close\r\n" : "");
	if (n != SIZE_MAX)
		text_printf(t, "content-length: %zu\r\n", n);
	text_puts(t, "\r\n");
}
