/* genflags: see genflags.h. */
#include "genflags.h"

#include <stddef.h>

const struct genflag genflags[GENFLAGS_MOST + 1] = {
	{"requests", "load_test", "requests", NULL, 'n', false},
	{"rate", "load_test", "rate", NULL, 'r', false},
	{"arrival", "load_test", "arrival", NULL, 0, false},
	{"duration", "load_test", "duration_seconds", NULL, 0, false},
	{"warmup", "load_test", "warmup_requests", NULL, 0, false},
	{"seed", "load_test", "seed", NULL, 0, false},
	{"turns", "sessions", "turns", NULL, 0, false},
	{"think", "sessions", "think_seconds", NULL, 0, false},
	{"prompts", "prompts", "file", NULL, 0, false},
	{"input-tokens", "prompts", "input_tokens", NULL, 0, false},
	{"words", "prompts", "words", NULL, 0, false},
	{"token-ids", "prompts", "token_ids", "true", 0, false},
	{"vocab", "prompts", "vocab", NULL, 0, false},
	{"api", "request", "api", NULL, 0, false},
	{"model", "request", "model", NULL, 0, false},
	{"max-tokens", "request", "max_tokens", NULL, 0, false},
	{"min-tokens", "request", "min_tokens", NULL, 0, false},
	{"ignore-eos", "request", "ignore_eos", "true", 0, false},
	{"temperature", "request", "temperature", NULL, 0, false},
	{"top-p", "request", "top_p", NULL, 0, false},
	{"top-k", "request", "top_k", NULL, 0, false},
	{"no-stream", "request", "stream", "false", 0, false},
	{"n", "request", "n", NULL, 0, false},
	{"response-format", "request", "response_format", NULL, 0, true},
	{"tools", "request", "tools", NULL, 0, true},
	{"tool-choice", "request", "tool_choice", NULL, 0, false},
	{"reasoning-effort", "request", "reasoning_effort", NULL, 0, false},
};
