/* simfault: see simfault.h. */
#include "simfault.h"

#include "latency.h"
#include "nearest.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const simfault_names[FAULT_KINDS + 1] = {
	[FAULT_CLOSE] = "close", [FAULT_DROP] = "drop", [FAULT_HANG] = "hang", [FAULT_REDIRECT] = "redirect",
	[FAULT_HTML] = "html", [FAULT_EMPTY] = "empty", [FAULT_HTTP] = "http-500",
	[FAULT_ERROR] = "error", [FAULT_ERROR_EVENT] = "error-event", [FAULT_STALL] = "stall", [FAULT_RESET] = "reset",
	[FAULT_TRUNCATE] = "truncate", [FAULT_SHORT] = "short", [FAULT_MALFORMED] = "malformed",
	[FAULT_NO_DONE] = "no-done", [FAULT_NO_FINISH] = "no-finish", [FAULT_ROLE_ONLY] = "role-only",
	[FAULT_PLAIN] = "plain", [FAULT_FINISH_APART] = "finish-apart",
	[FAULT_USAGE_WITH_CHOICES] = "usage-with-choices", [FAULT_REASONING] = "reasoning",
	[FAULT_TOOL_CALL] = "tool-call", [FAULT_BIG] = "big",
	[FAULT_BAD_JSON] = "bad-json", [FAULT_BAD_SCHEMA] = "bad-schema", [FAULT_BAD_CALL] = "bad-call",
	[FAULT_NO_CALL] = "no-call",
	[FAULT_CRLF] = "crlf", [FAULT_COMMENTS] = "comments", [FAULT_COMMENTS_INSIDE] = "comments-inside",
	[FAULT_EVENT_LINES] = "event-lines", [FAULT_NO_SPACE] = "no-space", [FAULT_MULTI_LINE] = "multi-line",
	[FAULT_SPLIT] = "split", [FAULT_TRICKLE] = "trickle", [FAULT_MERGE] = "merge",
};

#define SPEC_MAX 200

bool
simfault_has(const struct simfault *f, enum simfault_kind kind)
{
	return f->kinds >> kind & 1;
}

void
simfault_name(const struct simfault *f, char *out, size_t size)
{
	size_t n = 0;

	*out = '\0';
	for (enum simfault_kind k = 0; k < FAULT_KINDS && n < size; k++)
		if (simfault_has(f, k))
			n += (size_t)(k == FAULT_HTTP ? snprintf(out + n, size - n, "%shttp-%d", n ? "+" : "", f->status)
				: snprintf(out + n, size - n, "%s%s", n ? "+" : "", simfault_names[k]));
}

bool
simfault_hits(const struct simfault *f, uint64_t seed, size_t which, uint64_t request)
{
	if (f->every > 0 && request % (uint64_t)f->every != 0)
		return false;
	return f->share >= 1 || latency_uniform(~seed, which, request) < f->share;
}

static bool
take_kind(struct simfault *f, const char *name, char *why, size_t size)
{
	const char *near;
	int64_t status;

	if (strncmp(name, "http-", 5) == 0) {
		if (units_count(name + 5, 400, 599, &status)) {
			snprintf(why, size, "%s: not a status from http-400 to http-599", name);
			return false;
		}
		f->kinds |= UINT64_C(1) << FAULT_HTTP;
		f->status = (int)status;
		return true;
	}
	for (int k = 0; k < FAULT_KINDS; k++)
		if (strcmp(simfault_names[k], name) == 0) {
			f->kinds |= UINT64_C(1) << k;
			return true;
		}
	near = nearest(name, simfault_names);
	snprintf(why, size, near ? "%s: no such fault (did you mean %s?)" : "%s: no such fault", name, near);
	return false;
}

static const char *
take_share(struct simfault *f, char *text)
{
	size_t n = strlen(text);
	bool percent = n > 0 && text[n - 1] == '%';
	const char *bad;

	if (percent)
		text[n - 1] = '\0';
	bad = units_number(text, 0, percent ? 100 : 1, &f->share);
	if (percent)
		f->share /= 100;
	return bad;
}

static bool
take_value(struct simfault *f, const char *key, const char *value, char *why, size_t size)
{
	const struct {
		const char *name;
		int64_t *at, min;
	} keys[] = {{"after", &f->after, 0}, {"every", &f->every, 1}, {"count", &f->count, 1}, {"size", &f->size, 1},
		{"bytes", &f->bytes, 1}};
	const char *bad = "no such key (after, every, count, size, bytes, pause)";

	if (strcmp(key, "pause") == 0)
		bad = units_duration(value, 0, INT64_C(3600) * 1000000, &f->pause_us);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(key, keys[i].name) == 0)
			bad = units_count(value, keys[i].min, INT64_C(1) << 30, keys[i].at);
	if (bad)
		snprintf(why, size, "%s=%s: %s", key, value, bad);
	return !bad;
}

bool
simfault_parse(const char *spec, struct simfault *f, char *why, size_t size)
{
	char text[SPEC_MAX], *keys, *share, *word, *rest;
	const char *bad;

	*f = (struct simfault){.share = 1, .after = 1, .size = -1, .bytes = -1, .pause_us = -1};
	if (strlen(spec) >= sizeof text) {
		snprintf(why, size, "too long");
		return false;
	}
	strcpy(text, spec);
	if ((keys = strchr(text, ':')))
		*keys++ = '\0';
	if ((share = strchr(text, '@')))
		*share++ = '\0';
	for (word = strtok_r(text, "+", &rest); word; word = strtok_r(NULL, "+", &rest))
		if (!take_kind(f, word, why, size))
			return false;
	if (share && (bad = take_share(f, share))) {
		snprintf(why, size, "%s: %s", share, bad);
		return false;
	}
	for (word = keys ? strtok_r(keys, ",", &rest) : NULL; word; word = strtok_r(NULL, ",", &rest)) {
		char *value = strchr(word, '=');

		if (value)
			*value++ = '\0';
		if (!take_value(f, word, value ? value : "", why, size))
			return false;
	}
	if (f->kinds == 0)
		snprintf(why, size, "names no fault");
	return f->kinds != 0;
}
