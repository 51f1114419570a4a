/* simanswer: see simanswer.h. */
#include "simanswer.h"

#include "simtext.h"
#include "simvalue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 4

static bool
has(const struct simfault *f, enum simfault_kind kind)
{
	return simfault_has(f, kind);
}

/* {"answer":"…"}: what an engine says that was asked for any JSON object. */
static json_t *
any_object(uint64_t number)
{
	char words[200];
	size_t n = 0;

	for (uint64_t k = 0; k < 8; k++)
		n += (size_t)snprintf(words + n, sizeof words - n, "%s%s", k ? " " : "", simtext_word(number, k));
	return json_pack("{s:s,s:i}", "answer", words, "words", 8);
}

/* A value of the schema as text, or what a fault makes of it; *right: which of them. */
static bool
say_value(struct simanswer *a, json_t *schema, const struct simfault *f, const char *param, signed char *right,
	struct simerror *e)
{
	char why[200] = "", *text;
	json_t *v = NULL;

	if (has(f, FAULT_BAD_SCHEMA))
		v = json_is_true(schema) ? json_string("unexpected") : simvalue_break(schema);
	*right = v || has(f, FAULT_BAD_JSON) || has(f, FAULT_BAD_SCHEMA) ? 0 : 1;
	if (*right == 0 && !v)
		text_puts(&a->text, "Sure: "); /* with that in front nothing is JSON */
	if (!v)
		v = json_is_true(schema) ? any_object(a->number) : simvalue_make(schema, a->number, why, sizeof why);
	if (!v) {
		simerror_set(e, 400, "BadRequestError", param, "%s: %s", param, why);
		return false;
	}
	if ((text = json_dumps(v, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))))
		text_puts(&a->text, text);
	free(text);
	json_decref(v);
	return true;
}

static bool
say_call(struct simanswer *a, const struct simask *ask, const struct simfault *f, struct simerror *e)
{
	json_t *tool = json_array_get(ask->tools, a->number % json_array_size(ask->tools));
	json_t *parameters = json_object_get(tool, "parameters");

	a->kind = ANSWER_CALL;
	a->name = strdup(has(f, FAULT_BAD_CALL) ? "no_such_tool" : json_string_value(json_object_get(tool, "name")));
	if (!say_value(a, parameters, f, "tools", &a->call, e))
		return false;
	if (has(f, FAULT_BAD_CALL))
		a->call = 0;
	return true;
}

/* How far the prose gets before one of the stop strings is complete. */
static bool
find_stop(struct simanswer *a, json_t *stop, int64_t most)
{
	struct text prose = {0};
	json_t *item;
	size_t i, longest = 0;

	json_array_foreach(stop, i, item)
		if (json_string_length(item) > longest)
			longest = json_string_length(item);
	for (int64_t k = 0; longest && k < most && !a->stop && !prose.bad; k++) {
		size_t from = prose.n > longest ? prose.n - longest : 0;

		text_puts(&prose, k ? " " : "");
		text_puts(&prose, simtext_word(a->number, (uint64_t)k));
		json_array_foreach(stop, i, item) {
			const char *at = prose.bad ? NULL : strstr(prose.s + from, json_string_value(item));

			if (at && (size_t)(at - prose.s) < a->length) {
				a->length = (size_t)(at - prose.s);
				a->stop = k + 1;
			}
		}
	}
	text_free(&prose);
	return !prose.bad;
}

bool
simanswer_make(struct simanswer *a, const struct simask *ask, const struct simfault *f, uint64_t number, int64_t most,
	struct simerror *e)
{
	bool good = true;

	*a = (struct simanswer){.number = number, .length = SIZE_MAX, .structured = -1, .call = -1};
	if (ask->tools && !has(f, FAULT_NO_CALL)) {
		good = say_call(a, ask, f, e);
	} else if (ask->schema && !ask->tools) {
		a->kind = ANSWER_JSON;
		good = say_value(a, ask->schema, f, "response_format", &a->structured, e);
	} else {
		a->call = ask->tools ? 0 : -1;
		if (!find_stop(a, ask->stop, most))
			a->text.bad = true;
	}
	if (good && a->text.bad)
		simerror_set(e, 500, "InternalServerError", NULL, "out of memory");
	return good && !a->text.bad;
}

/* Where the piece that begins at `at` ends: no character is cut in two. */
static size_t
piece_end(const struct simanswer *a, size_t at)
{
	size_t end = at + PIECE;

	if (end >= a->text.n)
		return a->text.n;
	while (end > at + 1 && ((unsigned char)a->text.s[end] & 0xc0) == 0x80)
		end--;
	return end;
}

/* A number alone is one piece: cut in two it would be another number. */
static bool
is_whole(const struct simanswer *a)
{
	return a->text.n > 0 && a->text.s[strspn(a->text.s, "-+.0123456789eE")] == '\0';
}

int64_t
simanswer_tokens(const struct simanswer *a)
{
	int64_t n = 0;

	if (a->kind == ANSWER_WORDS)
		return 0;
	if (is_whole(a))
		return 1;
	for (size_t at = 0; at < a->text.n; n++)
		at = piece_end(a, at);
	return n;
}

void
simanswer_piece(const struct simanswer *a, int64_t k, size_t *at, struct text *out)
{
	size_t end;

	if (a->kind != ANSWER_WORDS) {
		end = is_whole(a) ? a->text.n : piece_end(a, *at);
		text_add(out, a->text.s + *at, end - *at);
		*at = end;
		return;
	}
	text_puts(out, k ? " " : "");
	text_puts(out, simtext_word(a->number, (uint64_t)k));
	end = *at + out->n;
	if (end > a->length) /* what belongs to a stop string is not said */
		out->s[out->n = a->length > *at ? a->length - *at : 0] = '\0';
	*at = end;
}

void
simanswer_free(struct simanswer *a)
{
	text_free(&a->text);
	free(a->name);
	*a = (struct simanswer){0};
}
