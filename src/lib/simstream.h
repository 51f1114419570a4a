/* simstream: one answer of the simulated engine, from its request to its truth record. */
#ifndef SIMSTREAM_H
#define SIMSTREAM_H

#include "sim.h"

struct simstream;

/* Takes the request up; the batch is up to recv_us.  False: *e says why it is refused. */
bool simstream_open(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, const struct simreq *r,
	int64_t recv_us, struct simerror *e);
/* Brings the batch up to now; the tokens that it made go out. */
void simstream_pump(struct sim *sim, int64_t now);
/* The batch started it; returns its cached tokens. */
int64_t simstream_start(struct simstream *s, int64_t start_us);
/* The event of that index went out. */
void simstream_sent(struct simstream *s, size_t event, int64_t t_us);
/* The connection has no more use for it: writes its truth, and frees it. */
void simstream_done(struct simstream *s);

#endif
