/* exchange: one request and what became of it; written as a response record. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "reply.h"
#include "request.h"

#include <stdio.h>

struct exchange {
	struct request *request;
	const char *target;             /* the base URL it went to; NULL: it was never sent */
	int64_t due_us, sent_us, end_us; /* Unix epoch */
	int64_t connect_us;             /* DNS, TCP and TLS; 0: the connection was reused */
	long status;                    /* 0: no answer */
	long connects;                  /* connections made for it */
	long retry_after_s;             /* -1: the server named none */
	int64_t bytes_out;
	bool http2;                     /* the answer came over HTTP/2 */
	struct reply reply;             /* its times are Unix epoch here, offsets in the record */
	bool final;                     /* false: a resume sends it again */
	int part;                       /* of a resumed run, from 2; 0 or 1: not written */
	char *record;                   /* owned: its response record once that is written; or NULL */
	size_t record_len;
};

/* The response record, one line with its newline, as docs/RECORDS.md has it. */
void exchange_put(FILE *f, const struct exchange *x);
bool exchange_ok(const struct exchange *x);

#endif
