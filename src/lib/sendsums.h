/* sendsums: what came of a run of sendreq, or of one process's share of it. */
#ifndef SENDSUMS_H
#define SENDSUMS_H

#include "load.h"

struct sendsums {
	struct load_result load;
	intmax_t not_http2; /* answers over HTTP/1.1 though HTTP/2 was asked for */
	size_t bad_lines, lost; /* lost: records that could not be written */
	int lost_errno, read_errno;
};

void sendsums_add(struct sendsums *to, const struct sendsums *from);

#endif
