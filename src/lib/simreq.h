/* simreq: what a client asks the simulated engine for, checked as vLLM checks it. */
#ifndef SIMREQ_H
#define SIMREQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct simerror {
	int status;
	const char *type, *param; /* constants; param NULL: none */
	char message[512];
};

enum simtask { TASK_COMPLETION, TASK_CHAT, TASK_EMBEDDING, TASK_RANKING };

struct simask;

struct simreq {
	enum simtask task;
	bool chat, stream, usage, ignore_eos;
	struct simask *ask; /* the form of its reply; ours to free; NULL: of a task that generates nothing */
	size_t items;       /* texts to embed, or documents to rank */
	size_t model;      /* its index among those served */
	char *fault;       /* what stood behind the ! of the model's name, or NULL; ours to free */
	int64_t max_tokens, min_tokens; /* -1: not given */
	uint32_t *ids;     /* the prompt's tokens; ours to free */
	size_t tokens, cap;
};

void simerror_set(struct simerror *e, int status, const char *type, const char *param, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* models: names, NULL-terminated.  False: *e says what is wrong.  Free in either case. */
bool simreq_parse(struct simreq *r, const char *body, size_t n, enum simtask task, const char *const *models,
	struct simerror *e);
/* The body of /tokenize: {"prompt": …} or {"content": …}. */
bool simreq_tokenize(struct simreq *r, const char *body, size_t n, struct simerror *e);
void simreq_free(struct simreq *r);

#endif
