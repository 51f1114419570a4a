/* simreply: see simreply.h. */
#include "simreply.h"

#include <inttypes.h>
#include <string.h>

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
	text_printf(t, ",\"usage\":{\"prompt_tokens\":%" PRId64 ",\"total_tokens\":%" PRId64
		",\"completion_tokens\":%" PRId64 ",\"prompt_tokens_details\":{\"cached_tokens\":%" PRId64 "}}",
		r->prompt, r->prompt + r->made, r->made, r->cached);
}

static void
end_choice(struct text *t, const char *finish)
{
	text_puts(t, ",\"logprobs\":null,\"finish_reason\":");
	if (finish)
		text_json(t, finish);
	else
		text_puts(t, "null");
	text_puts(t, "}]");
}

void
simreply_role(struct text *t, const struct simreply *r)
{
	begin(t, r, true);
	text_puts(t, ",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}");
	end_choice(t, NULL);
	text_puts(t, "}");
}

void
simreply_token(struct text *t, const struct simreply *r, const char *key, const char *word, bool space,
	const char *finish, bool usage)
{
	begin(t, r, true);
	text_puts(t, ",\"choices\":[{\"index\":0,");
	if (r->chat) {
		text_puts(t, "\"delta\":{\"");
		text_puts(t, key);
		text_puts(t, "\":\"");
	} else {
		text_puts(t, "\"text\":\"");
	}
	text_puts(t, space ? " " : "");
	text_puts(t, word);
	text_puts(t, r->chat ? "\"}" : "\"");
	end_choice(t, finish);
	if (usage)
		add_usage(t, r);
	text_puts(t, "}");
}

void
simreply_tool(struct text *t, const struct simreply *r, bool first, const char *arguments, const char *finish)
{
	begin(t, r, true);
	text_puts(t, ",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,");
	text_puts(t, first ? "\"id\":\"call_0\",\"type\":\"function\",\"function\":{\"name\":\"look_up\",\"arguments\":"
		: "\"function\":{\"arguments\":");
	text_json(t, arguments);
	text_puts(t, "}}]}");
	end_choice(t, finish);
	text_puts(t, "}");
}

void
simreply_finish(struct text *t, const struct simreply *r, const char *finish)
{
	begin(t, r, true);
	text_puts(t, ",\"choices\":[{\"index\":0,");
	text_puts(t, r->chat ? "\"delta\":{}" : "\"text\":\"\"");
	end_choice(t, finish);
	text_puts(t, "}");
}

void
simreply_usage(struct text *t, const struct simreply *r)
{
	begin(t, r, true);
	text_puts(t, ",\"choices\":[]");
	add_usage(t, r);
	text_puts(t, "}");
}

void
simreply_whole(struct text *t, const struct simreply *r, const char *words, const char *finish)
{
	begin(t, r, false);
	text_puts(t, ",\"choices\":[{\"index\":0,");
	text_puts(t, r->chat ? "\"message\":{\"role\":\"assistant\",\"content\":" : "\"text\":");
	text_json(t, words);
	text_puts(t, r->chat ? "}" : "");
	end_choice(t, finish);
	add_usage(t, r);
	text_puts(t, "}");
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
