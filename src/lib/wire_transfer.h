/* wire_transfer: one transfer of a wire, from its request to what is known when it is over.
 *
 * What wire.c is made of, for nobody else.  Its content is stamped at the entry of each delivery. */
#ifndef WIRE_TRANSFER_H
#define WIRE_TRANSFER_H

#include "evcurl.h"
#include "plain.h"
#include "target.h"
#include "wire.h"
#include "wire_h2.h"

struct transfer {
	struct exchange x;
	struct request request;
	struct wire *wire;
	struct plain_call call;
	bool plain; /* it goes that way */
	CURL *easy; /* NULL until it is needed */
	struct event *deadline;
	struct curl_slist headers; /* X-Request-Id, and then the common ones */
	char id_header[64], error[CURL_ERROR_SIZE];
	struct wire_h2 *h2; /* its target's; NULL: HTTP/1.1 was asked for */
	bool late;          /* the deadline for the first event passed */
	struct transfer *next, *prev;
	struct transfer *next_over; /* a plain one that is over, with its result and words */
	CURLcode result;
};

struct wire {
	struct wire_options o;
	struct evcurl curl;
	struct curl_slist *headers;
	struct target *targets;
	struct wire_h2 *h2;    /* of each target */
	struct plain **plain;  /* of each target; NULL: libcurl's */
	struct transfer *flying, *idle, *over, **last_over;
	uint32_t run; /* random: tells this run's requests from any other's in server logs */
	int next_target;
	int64_t in_flight, output;
	struct wire_lag lag;
};

/* A zeroed transfer, new or used before; NULL: out of memory.  deadline() is called when one has passed. */
struct transfer *transfer_take(struct wire *w, event_callback_fn deadline);
/* Send t->request to w's target i.  False: out of memory. */
bool transfer_send(struct transfer *t, int i);
/* Set its timer to the next of its deadlines. */
void transfer_arm(struct transfer *t);
/* plain_options.content */
bool transfer_content(void *transfer, const char *bytes, size_t n, int64_t t_us);
/* It is over: take what its connection knows, and what is left of its request. */
void transfer_collect(struct transfer *t);
/* Into the list of those that can be used again; the request and the reply are freed. */
void transfer_retire(struct transfer *t);
void transfer_free(struct transfer *t);

#endif
