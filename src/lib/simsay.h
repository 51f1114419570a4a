/* simsay: what an answer of the simulated engine says, event by event, and how it goes wrong. */
#ifndef SIMSAY_H
#define SIMSAY_H

#include "simanswer.h"
#include "simpace.h"
#include "simstream.h"
#include "simtruth.h"

#define SIMSTREAM_TOKENS 128 /* made where nobody says how many */

enum simending { END_WELL, END_CLOSE, END_RESET, END_HANG };

struct simstream {
	struct sim *sim;
	struct httpd_conn *conn;
	uint64_t number;
	size_t model, batch_id;
	bool stream, usage, http11;
	bool in_batch, started, left; /* left: the batch has let go of it */
	struct simreply reply;
	char id[48], request_id[128];
	int64_t arrived_us, recv_us, start_us, first_us, last_us;
	int64_t tokens, blocks; /* to be made; KV blocks held */
	int64_t thoughts;       /* the first of them: thinking */
	enum simtask task;
	size_t items;           /* that are embedded or ranked */
	struct simanswer answer;
	size_t said;            /* bytes of the answer */
	enum simfinish finish;
	struct simfault fault;
	struct simpace *pace; /* NULL: bytes go out as they come */
	enum simending ending;
	struct simtruth truth;
	size_t events;
	uint64_t *hashes;
	size_t n_hashes;
};

/* Takes it out of the batch at now, if it is in it. */
void simstream_leave(struct simstream *s, int64_t now, enum simfinish why);

/* The answer to a fault that leaves none. */
void simsay_instead(struct simstream *s);
/* What is sent before any token is made. */
void simsay_begin(struct simstream *s);
/* Token number s->reply.made is made.  May end the answer, and with it the stream. */
void simsay_token(struct simstream *s, int64_t plan_us, bool last);

#endif
