/* simtell: see simtell.h. */
#include "simtell.h"

#include "simtext.h"

#include <stdlib.h>
#include <string.h>

#define BIG ((int64_t)16 << 20)

static bool
has(const struct simstream *s, enum simfault_kind kind)
{
	return simfault_has(&s->fault, kind);
}

const char *
simtell_finish(const struct simstream *s)
{
	if (s->finish != FINISH_STOP)
		return "length";
	return s->answer.kind == ANSWER_CALL ? "tool_calls" : "stop";
}

/* Token k, from 1, added to out: first the thinking, then the answer. */
static void
add_piece(struct simstream *s, int64_t k, struct text *out)
{
	struct text piece = {0};

	if (k <= s->thoughts) {
		text_puts(out, k > 1 ? " " : "");
		text_puts(out, simtext_word(s->number, (uint64_t)k - 1));
		return;
	}
	simanswer_piece(&s->answer, k - s->thoughts - 1, &s->said, &piece);
	text_add(out, piece.n ? piece.s : "", piece.n);
	text_free(&piece);
}

void
simtell_piece(struct simstream *s)
{
	struct text *piece = &s->sim->piece;

	piece->n = 0;
	if (s->reply.made > s->thoughts && s->answer.kind == ANSWER_WORDS) { /* no copy on the hot path */
		simanswer_piece(&s->answer, s->reply.made - s->thoughts - 1, &s->said, piece);
		return;
	}
	add_piece(s, s->reply.made, piece);
}

/* A token as a piece of a call that nobody asked for, whose pieces together are valid JSON. */
static char
tell_fault_call(struct simstream *s, bool last, const char *finish)
{
	const char *word = simtext_word(s->number, (uint64_t)s->reply.made - 1);
	char piece[64];
	bool first = s->reply.made == 1;

	snprintf(piece, sizeof piece, "%s%s%s", first ? "{\"query\":\"" : " ", word, last ? "\"}" : "");
	simreply_tool(&s->sim->json, &s->reply, first ? "look_up" : NULL, piece, finish ? "tool_calls" : NULL, false);
	return 'f';
}

static char *
big_piece(const struct simstream *s)
{
	size_t n = (size_t)(s->fault.size >= 0 ? s->fault.size : BIG);
	char *big = malloc(n + 1);

	if (big) {
		memset(big, 'x', n);
		big[n] = '\0';
	}
	return big;
}

char
simtell_token(struct simstream *s, int64_t choice, bool last, const char *finish)
{
	const struct text *piece = &s->sim->piece;
	int64_t k = s->reply.made;
	bool thinks = s->reply.chat && k <= s->thoughts, calls = s->answer.kind == ANSWER_CALL;
	bool usage = last && choice == s->reply.choices - 1 && s->usage && has(s, FAULT_USAGE_WITH_CHOICES);
	char *big;

	s->reply.choice = choice;
	if (s->reply.chat && has(s, FAULT_TOOL_CALL))
		return tell_fault_call(s, last, finish);
	if (calls && !thinks) {
		simreply_tool(&s->sim->json, &s->reply, k == s->thoughts + 1 ? s->answer.name : NULL, piece->s, finish, usage);
		return 'f';
	}
	big = has(s, FAULT_BIG) && k == s->fault.after + 1 ? big_piece(s) : NULL;
	simreply_token(&s->sim->json, &s->reply, thinks ? "reasoning_content" : "content", big ? big : piece->s,
		thinks || s->answer.kind == ANSWER_WORDS, finish, usage);
	free(big);
	return piece->n == 0 && !big ? 'r' : thinks ? 't' : 'c';
}

static char
tell_items(struct simstream *s)
{
	if (s->task == TASK_EMBEDDING)
		simreply_embeddings(&s->sim->json, &s->reply, s->items, s->number);
	else
		simreply_ranking(&s->sim->json, &s->reply, s->items, s->number);
	return 'o';
}

char
simtell_whole(struct simstream *s)
{
	struct text thoughts = {0}, words = {0};
	char kind;
	const char *name = s->tokens > s->thoughts ? s->answer.name : NULL;

	if (s->task >= TASK_EMBEDDING)
		return tell_items(s);
	s->said = 0;
	for (int64_t k = 1; k <= s->tokens; k++)
		add_piece(s, k, k <= s->thoughts ? &thoughts : &words);
	simreply_whole(&s->sim->json, &s->reply, thoughts.s, name, words.n ? words.s : "", simtell_finish(s));
	kind = name ? 'f' : words.n ? 'c' : 't';
	text_free(&thoughts);
	text_free(&words);
	return kind;
}
