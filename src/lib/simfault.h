/* simfault: what goes wrong, and with which requests.
 *
 *	KIND[+KIND...][@SHARE][:KEY=VALUE[,KEY=VALUE...]]
 *
 * KIND is a name of simfault_names, or http-NNN; SHARE is 0.1 or 10%.  Keys: after, every,
 * count, size, bytes, pause.  What each kind does stands in llmsim(1). */
#ifndef SIMFAULT_H
#define SIMFAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum simfault_kind {
	/* instead of an answer */
	FAULT_CLOSE, FAULT_DROP, FAULT_HANG, FAULT_REDIRECT, FAULT_HTML, FAULT_EMPTY, FAULT_HTTP,
	/* after some tokens */
	FAULT_ERROR, FAULT_ERROR_EVENT, FAULT_STALL, FAULT_RESET, FAULT_TRUNCATE, FAULT_SHORT, FAULT_MALFORMED,
	/* at the end, or in what is said */
	FAULT_NO_DONE, FAULT_NO_FINISH, FAULT_ROLE_ONLY, FAULT_PLAIN, FAULT_FINISH_APART, FAULT_USAGE_WITH_CHOICES,
	FAULT_REASONING, FAULT_TOOL_CALL, FAULT_BIG, FAULT_BAD_JSON, FAULT_BAD_SCHEMA, FAULT_BAD_CALL, FAULT_NO_CALL,
	/* in how events are written */
	FAULT_CRLF, FAULT_COMMENTS, FAULT_COMMENTS_INSIDE, FAULT_EVENT_LINES, FAULT_NO_SPACE, FAULT_MULTI_LINE,
	/* in how bytes are sent */
	FAULT_SPLIT, FAULT_TRICKLE, FAULT_MERGE,
	FAULT_KINDS
};

#define SIMFAULT_EARLY ((UINT64_C(1) << (FAULT_HTTP + 1)) - 1)
#define SIMFAULT_BREAKS (UINT64_C(1) << FAULT_ERROR | UINT64_C(1) << FAULT_ERROR_EVENT | UINT64_C(1) << FAULT_STALL \
	| UINT64_C(1) << FAULT_RESET | UINT64_C(1) << FAULT_TRUNCATE | UINT64_C(1) << FAULT_SHORT)

struct simfault {
	uint64_t kinds; /* bit 1 << kind; 0: nothing goes wrong */
	int status;     /* of FAULT_HTTP */
	double share;   /* of the requests; 1: all */
	int64_t every;  /* only each such request; 0: all */
	int64_t after;  /* tokens */
	int64_t count;  /* tokens or events; 0: the kind's own default */
	int64_t size, bytes, pause_us; /* -1: the kind's own default */
};

extern const char *const simfault_names[FAULT_KINDS + 1]; /* FAULT_HTTP's is "http-500"; NULL at the end */

/* False: why (of size bytes) says what is wrong. */
bool simfault_parse(const char *spec, struct simfault *f, char *why, size_t size);
bool simfault_has(const struct simfault *f, enum simfault_kind kind);
/* Its kinds, joined by +; at most size bytes with the NUL. */
void simfault_name(const struct simfault *f, char *out, size_t size);
/* Whether it befalls that request; which: its place among several faults. */
bool simfault_hits(const struct simfault *f, uint64_t seed, size_t which, uint64_t request);

#endif
