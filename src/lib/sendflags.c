/* sendflags: see sendflags.h. */
#include "sendflags.h"

#include <stddef.h>

const char sendflags_usage[] =
	"--url BASE [--url BASE]... [-c SLOTS] [-j N] [--duration D] [--max-in-flight N] "
	"[--resume RESPONSES [--retry KINDS]] [-o FILE] [--shard I/N] [option]... [FILE]";

const char sendflags_help[] =
	"Send request records, write response records.\n"
	"  --url BASE           the server; several: round robin\n"
	"  -c, --concurrency SLOTS\n"
	"                       requests in flight: 10, or over time: 0s:1,30s:50 (1)\n"
	"  -j, --processes N    be N processes, to use as many cores (1)\n"
	"  --duration D         send nothing new after D\n"
	"  --max-in-flight N    bound for requests with a schedule; the wait is recorded\n"
	"  -o, --output FILE    append the records to FILE instead of stdout\n"
	"  --resume RESPONSES   go on: compact this file, send what is not in it; implies -o\n"
	"  --retry KINDS        with --resume: send again what failed so, e.g. connect,stream\n"
	"  --shard I/N          the Ith of N senders: its share of -c and --max-in-flight\n"
	"  --start-at US        start the run's clock then, in microseconds since 1970\n"
	"  --into D             so much of -c's times and of --duration has passed then\n"
	"  --part N             the records are of this part of a resumed run, or a later one\n"
	"  --clock-offset US    go by the clock that is US ahead of this machine's\n"
	"  --connect-timeout D  DNS, TCP and TLS (10s)\n"
	"  --first-timeout D    until the first event of a stream (120s)\n"
	"  --timeout D          the whole request (none)\n"
	"  --grace D            after Ctrl-C: for those in flight (5s)\n"
	"  --api-key-env NAME   the environment variable that holds the API key\n"
	"  --api-key-file F     the file that holds the API key\n"
	"  --cacert F           trust the certificates in F\n"
	"  --insecure           do not verify the server's certificate\n"
	"  --unix-socket F      connect to this socket, whatever the URL says\n"
	"  --http2              HTTP/2: by ALPN on https://, at once on http://\n"
	"  --proxy URL          the proxy, instead of the environment's; '': none\n"
	"  --compressed         ask for compressed replies\n"
	"  --text               keep the replies' text in the records\n"
	"  --progress-fd N      write a progress record a second to descriptor N\n";

const struct option sendflags[] = {
	{"url", required_argument, NULL, OPT_URL},
	{"concurrency", required_argument, NULL, 'c'},
	{"processes", required_argument, NULL, 'j'},
	{"duration", required_argument, NULL, OPT_DURATION},
	{"max-in-flight", required_argument, NULL, OPT_MAX_IN_FLIGHT},
	{"output", required_argument, NULL, 'o'},
	{"resume", required_argument, NULL, OPT_RESUME},
	{"retry", required_argument, NULL, OPT_RETRY},
	{"shard", required_argument, NULL, OPT_SHARD},
	{"start-at", required_argument, NULL, OPT_START_AT},
	{"into", required_argument, NULL, OPT_INTO},
	{"part", required_argument, NULL, OPT_PART},
	{"clock-offset", required_argument, NULL, OPT_CLOCK_OFFSET},
	{"connect-timeout", required_argument, NULL, OPT_CONNECT_TIMEOUT},
	{"first-timeout", required_argument, NULL, OPT_FIRST_TIMEOUT},
	{"timeout", required_argument, NULL, OPT_TIMEOUT},
	{"grace", required_argument, NULL, OPT_GRACE},
	{"api-key-env", required_argument, NULL, OPT_KEY_ENV},
	{"api-key-file", required_argument, NULL, OPT_KEY_FILE},
	{"cacert", required_argument, NULL, OPT_CACERT},
	{"insecure", no_argument, NULL, OPT_INSECURE},
	{"unix-socket", required_argument, NULL, OPT_UNIX_SOCKET},
	{"http2", no_argument, NULL, OPT_HTTP2},
	{"proxy", required_argument, NULL, OPT_PROXY},
	{"compressed", no_argument, NULL, OPT_COMPRESSED},
	{"text", no_argument, NULL, OPT_TEXT},
	{"progress-fd", required_argument, NULL, OPT_PROGRESS_FD},
	{0},
};
