/* promptline: one line of a prompt file, in our form or in one that is a part of it.
 *
 *	lines		{"prompt": TEXT} or {"messages": [{…}, …]}, and perhaps max_tokens, output_tokens,
 *			category, adapter_name; or a conversation, {"turns": [TURN, …]}: a turn is a TEXT, or
 *			an object like a line that may also say think_ms, how long its user thinks before it
 *	vllm-custom	{"prompt": TEXT, "output_tokens": N}; what else there is has no meaning
 *	lora		{"prompt": TEXT, "adapter_name": TEXT}; the same */
#ifndef PROMPTLINE_H
#define PROMPTLINE_H

#include "prompt.h"
#include "scan.h"

enum promptline_form {
	PROMPTLINE_OURS,
	PROMPTLINE_VLLM,
	PROMPTLINE_LORA
};

/* The object that s is at, into e.  chat: messages and turns may be there.  False: s->why says what is wrong with
 * it, at s's place; or *lacks does, which has none. */
bool promptline_read(struct scan *s, enum promptline_form form, bool chat, struct entry *e, const char **lacks);

#endif
