/* sendflags: the options of sendreq, for getopt_long(3) and for its help.  What they mean is set there. */
#ifndef SENDFLAGS_H
#define SENDFLAGS_H

#include <getopt.h>

enum { OPT_URL = 256, OPT_DURATION, OPT_MAX_IN_FLIGHT, OPT_RESUME, OPT_CONNECT_TIMEOUT, OPT_FIRST_TIMEOUT, OPT_TIMEOUT,
	OPT_GRACE, OPT_KEY_ENV, OPT_KEY_FILE, OPT_CACERT, OPT_INSECURE, OPT_UNIX_SOCKET, OPT_COMPRESSED, OPT_TEXT,
	OPT_HTTP2, OPT_PROXY, OPT_RETRY, OPT_PROGRESS_FD, OPT_SHARD, OPT_START_AT, OPT_CLOCK_OFFSET, OPT_INTO, OPT_PART };

#define SENDFLAGS_SHORT "c:j:o:"
extern const struct option sendflags[];
extern const char sendflags_usage[], sendflags_help[];

#endif
