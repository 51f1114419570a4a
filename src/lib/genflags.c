/* genflags: see genflags.h. */
#include "genflags.h"

#include <stddef.h>

const struct genflag genflags[GENFLAGS_MOST + 1] = {
	{"requests", "load_test", "requests", NULL, 'n', false},
	{"rate", "load_test", "rate", NULL, 'r', false},
	{"arrival", "load_test", "arrival", NULL, 0, false},
	{"burstiness", "load_test", "burstiness", NULL, 0, false},
	{"schedule", "load_test", "schedule", NULL, 0, false},
	{"duration", "load_test", "duration_seconds", NULL, 0, false},
	{"warmup", "load_test", "warmup_requests", NULL, 0, false},
	{"seed", "load_test", "seed", NULL, 0, false},
	{"turns", "sessions", "turns", NULL, 0, false},
	{"think", "sessions", "think_ms", NULL, 0, false},
	{"prompts", "prompts", "file", NULL, 0, false},
	{"input-tokens", "prompts", "input_tokens", NULL, 0, false},
	{"prompt-format", "prompts", "format", NULL, 0, false},
	{"min-input-tokens", "prompts", "min_input_tokens", NULL, 0, false},
	{"max-input-tokens", "prompts", "max_input_tokens", NULL, 0, false},
	{"max-total-tokens", "prompts", "max_total_tokens", NULL, 0, false},
	{"token-ratio", "prompts", "token_ratio", NULL, 0, false},
	{"template-tokens", "prompts", "template_tokens", NULL, 0, false},
	{"prefix-tokens", "prompts", "prefix_tokens", NULL, 0, false},
	{"prefix-groups", "prompts", "prefix_groups", NULL, 0, false},
	{"prefix-prompts", "prompts", "prefix_prompts", NULL, 0, false},
	{"salt", "prompts", "salt", NULL, 0, false},
	{"system", "prompts", "system", NULL, 0, false},
	{"words", "prompts", "words", NULL, 0, false},
	{"token-ids", "prompts", "token_ids", "true", 0, false},
	{"vocab", "prompts", "vocab", NULL, 0, false},
	{"api", "request", "api", NULL, 0, false},
	{"model", "request", "model", NULL, 0, false},
	{"max-tokens", "request", "max_tokens", NULL, 0, false},
	{"output-tokens", "request", "output_tokens", NULL, 0, false},
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

/* One line an option, those without a row included. */
const char genflags_help[] =
	"  -f, --workload FILE  the workload, as JSON (-: standard input)\n"
	"  -n, --requests N     requests after the warm-up (200 if --duration is not given either)\n"
	"  -r, --rate R         requests a second (of ramp and burst: the highest)\n"
	"  --arrival PROCESS    closed, constant, poisson, gamma, ramp, burst or schedule (closed, or\n"
	"                       constant with a rate)\n"
	"  --burstiness X       of gamma arrivals: 1 is poisson, below it burstier (1)\n"
	"  --schedule FILE      when requests are due, one time a line\n"
	"  --duration D         no request is due at D or later\n"
	"  --warmup N           warm-up requests before them (0)\n"
	"  --seed N             fixes every byte of the output (1)\n"
	"  --turns DIST         sessions of so many turns, or of at most so many of a conversation's\n"
	"  --think D            before each turn but a session's first: 3s, or a DIST in ms (0)\n"
	"  --phase PHASE        only the warmup records, or only the measured ones\n"
	"  --shard I/N          only every Nth record or session, beginning with the Ith\n"
	"  --prompts FILE       prompts from a file, again from the start at the end\n"
	"  --prompt-format F    lines, vllm-custom, lora or sharegpt (what the first entry looks like)\n"
	"  --min-input-tokens N, --max-input-tokens N, --max-total-tokens N\n"
	"                       leave out entries of other estimated lengths (ShareGPT: 4, 1024, 2048)\n"
	"  --input-tokens DIST  else made-up prompts of so many words: N, or uniform:64-256,\n"
	"                       normal:100,20,min=1,max=200 or lognormal:100,20 (128)\n"
	"  --prefix-tokens N    they begin with N words that a group of them shares (0)\n"
	"  --prefix-groups N    so many groups (1)\n"
	"  --prefix-prompts N   a group's prompts come again after N of them (all are new)\n"
	"  --token-ratio X      the server counts X tokens for each one that is counted here …\n"
	"  --template-tokens N  … and N more for each request (0)\n"
	"  --salt TEXT          other prompts of the same lengths: an engine has none of them cached\n"
	"  --system TEXT        a system message before each prompt or conversation\n"
	"  --words FILE         the words, one a line, instead of the built-in ones\n"
	"  --token-ids          N token ids instead of words (openai-completions only)\n"
	"  --vocab LOW-HIGH     the token ids to choose from (1000-30000)\n"
	"  --api NAME           openai-chat (default) or openai-completions\n"
	"  --model M            the model to ask for\n"
	"  --max-tokens N       longest reply (the prompt's own, or 128)\n"
	"  --min-tokens N       shortest reply\n"
	"  --output-tokens DIST instead of --max-tokens: drawn for each request\n"
	"  --ignore-eos         replies have --max-tokens tokens, where the engine can\n"
	"  --temperature X      sampling parameters, sent as they are\n"
	"  --top-p X\n"
	"  --top-k N\n"
	"  --no-stream          ask for whole replies\n"
	"  --n N                choices in each reply\n"
	"  --response-format FILE\n"
	"                       the response_format, a JSON object\n"
	"  --tools FILE         the tools, a JSON array\n"
	"  --tool-choice X      auto, required, none\n"
	"  --reasoning-effort X\n"
	"  --body-json FILE     a JSON object that is merged into each body, last\n"
	"  --tag K=V            put a tag into each record\n";
