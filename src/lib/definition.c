/* definition: see definition.h.  tokstat.1 has the same table in words. */
#include "definition.h"

#include <string.h>

const struct definition definition_all[] = {
	{.name = "tokpipe", .start = START_DUE, .end = END_OUTPUT, .output = "tcf", .answer = "cf",
		.itl = RATE_GAPS, .tpot = RATE_SPAN, .needs = "tcfo", .stamps = 1},
	{.name = "vllm", .start = START_SENT, .end = END_OUTPUT, .output = "rtcf",
		.itl = RATE_GAPS, .tpot = RATE_REST, .needs = "rtcf", .forgives = true, .stamps = 1},
	{.name = "sglang", .start = START_SENT, .end = END_LINE, .output = "tc",
		.itl = RATE_GAPS, .tpot = RATE_REST, .needs = "", .forgives = true, .expects = true, .stamps = 1,
		.zero = true},
	{.name = "guidellm", .start = START_CONNECTED, .end = END_DONE, .output = "tcf", .answer = "cf",
		.itl = RATE_SPAN, .tpot = RATE_ALL, .needs = "tcf", .stamps = 1},
	{.name = "aiperf", .start = START_SENT, .end = END_OUTPUT, .output = "tcf", .answer = "cf",
		.itl = RATE_REST, .tpot = RATE_NONE, .needs = "tcf", .forgives = true, .stamps = 1},
	{.name = "genai-perf", .start = START_SENT, .end = END_OUTPUT, .output = "c",
		.itl = RATE_REST, .tpot = RATE_NONE, .needs = "c", .no_thinking = true, .stamps = 1},
	{.name = "inference-perf", .start = START_SENT, .end = END_BODY, .output = "c",
		.itl = RATE_TOKENS, .tpot = RATE_SPAN, .needs = "", .forgives = true, .no_thinking = true, .stamps = 2},
	{.name = NULL},
};

const struct definition *
definition_find(const char *name)
{
	for (const struct definition *d = definition_all; d->name; d++)
		if (strcmp(d->name, name) == 0)
			return d;
	return NULL;
}
