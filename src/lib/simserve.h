/* simserve: the paths of the simulated engine's HTTP interface. */
#ifndef SIMSERVE_H
#define SIMSERVE_H

#include "sim.h"

/* A request for httpd_calls, its ctx a struct sim. */
void simserve_request(void *ctx, struct httpd_conn *c, const struct httpreq *r, int64_t recv_us, int bad);

#endif
