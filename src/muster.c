/* muster: gives the shards of a run one start, and tells each how far its clock is from the one they all go by.
 *
 * One of them listens; each, itself included, asks it.  Reads nothing; writes a record when it listens, another when
 * all are there, and, where it asks, one with what sendreq's --clock-offset and --start-at want to know.
 * What must hold: nobody gets a start before everybody is ready; whoever comes later gets the same one. */
#include "lib/clock.h"
#include "lib/listen.h"
#include "lib/offset.h"
#include "lib/peerline.h"
#include "lib/roll.h"
#include "lib/tool.h"

#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct tool tool = {
	.name = "muster",
	.usage = "--shard I/N [--timeout D] HOST:PORT | --listen [HOST:]PORT -n N [--lead D] [--start US]",
	.help =
	"Give the shards of a run one start, and measure their clocks against each other.\n"
	"  --shard I/N        be the Ith of N: ask HOST:PORT, wait until all are ready\n"
	"  --timeout D        how long to ask and to wait for the others (5m)\n"
	"  --listen [HOST:]PORT\n"
	"                     be the one that is asked, until ended\n"
	"  -n, --shards N     so many are expected\n"
	"  --lead D           from when the last is ready to the start (2s)\n"
	"  --start US         the start that was given out before, in microseconds since 1970\n",
};

#define SECOND ((int64_t)1000000)
#define DAY (86400 * SECOND)
#define YEAR (365 * DAY)
#define PEERS (4 * SHARDS_MOST)
#define PAUSE_US (SECOND / 5)   /* before asking again after a failure */
#define BEAT_US (SECOND / 2)    /* between questions while waiting: clocks drift, and it may be gone */
#define SILENCE_US (5 * SECOND) /* no answer for so long: it is gone, though nobody said so */

struct place {
	char host[256], port[16];
};

struct peer {
	struct peerline line;
	struct roll_peer who;
	bool told;
};

struct keeper {
	struct clock clock;
	struct roll roll;
	struct peer peers[PEERS];
	int fd, signals;
	bool said;
};

/* [HOST:]PORT, HOST perhaps in brackets; false: it is not that. */
static bool
read_place(struct place *p, const char *text, bool host_needed)
{
	const char *colon = strrchr(text, ':'), *port = colon ? colon + 1 : text;
	size_t n = colon ? (size_t)(colon - text) : 0;
	bool brackets = n > 1 && text[0] == '[' && text[n - 1] == ']';
	long number = strspn(port, "0123456789") == strlen(port) && *port ? strtol(port, NULL, 10) : -1;

	if (number < 0 || number > 65535 || (host_needed && (n == 0 || number == 0)) || n >= sizeof p->host)
		return false;
	snprintf(p->port, sizeof p->port, "%ld", number);
	snprintf(p->host, sizeof p->host, "%.*s", (int)(brackets ? n - 2 : n), text + brackets);
	return true;
}

static void
let_go(struct keeper *k, struct peer *p)
{
	roll_gone(&k->roll, &p->who);
	peerline_close(&p->line);
	p->told = false;
}

static void
take_in(struct keeper *k)
{
	int fd = accept(k->fd, NULL, NULL);

	for (size_t i = 0; fd >= 0 && i < PEERS; i++)
		if (k->peers[i].line.fd < 0) {
			peerline_open(&k->peers[i].line, fd);
			return;
		}
	if (fd >= 0)
		close(fd);
}

/* Answer what it has said; false: it is to go. */
static bool
answer(struct keeper *k, struct peer *p, int64_t now_us)
{
	const char *line, *why;
	int64_t t1 = 0;

	while ((line = peerline_next(&p->line)))
		switch (roll_line(&k->roll, &p->who, line, now_us, &t1, &why)) {
		case ROLL_NONE: break;
		case ROLL_CLOCK:
			if (!peerline_send(&p->line, "%" PRId64 " %" PRId64 " %" PRId64, t1, now_us, clock_us(&k->clock)))
				return false;
			break;
		case ROLL_WRONG: peerline_send(&p->line, "no %s", why); return false;
		}
	return true;
}

/* All are there: everybody who is ready and does not know it yet is told when it starts. */
static void
tell(struct keeper *k)
{
	if (!k->roll.start_us)
		return;
	if (!k->said)
		printf("{\"start_us\":%" PRId64 ",\"shards\":%" PRId64 "}\n", k->roll.start_us, k->roll.n);
	if (!k->said)
		fflush(stdout);
	k->said = true;
	for (size_t i = 0; i < PEERS; i++) {
		struct peer *p = &k->peers[i];

		if (p->line.fd < 0 || !p->who.ready || p->told)
			continue;
		p->told = true;
		if (!peerline_send(&p->line, "start %" PRId64, k->roll.start_us))
			let_go(k, p);
	}
}

/* One turn: whoever has something to say.  False: somebody wants us to end. */
static bool
attend(struct keeper *k)
{
	struct pollfd at[PEERS + 2];
	int64_t now_us;

	at[0] = (struct pollfd){.fd = k->signals, .events = POLLIN};
	at[1] = (struct pollfd){.fd = k->fd, .events = POLLIN};
	for (size_t i = 0; i < PEERS; i++)
		at[i + 2] = (struct pollfd){.fd = k->peers[i].line.fd, .events = POLLIN};
	if (poll(at, PEERS + 2, -1) < 0)
		return errno == EINTR;
	now_us = clock_us(&k->clock);
	for (size_t i = 0; i < PEERS; i++)
		if (at[i + 2].revents && (!peerline_read(&k->peers[i].line) || !answer(k, &k->peers[i], now_us)))
			let_go(k, &k->peers[i]);
	if (at[1].revents)
		take_in(k);
	tell(k);
	return !at[0].revents;
}

static void
keep(struct keeper *k, const struct place *place)
{
	int bound = 0, port = atoi(place->port);
	const char *host = *place->host ? place->host : "::";
	sigset_t ends;

	k->fd = listen_tcp(host, port, &bound);
	if (k->fd < 0 && !*place->host)
		k->fd = listen_tcp(host = "0.0.0.0", port, &bound); /* a machine without IPv6 */
	if (k->fd < 0)
		tool_die(TOOL_NETWORK, "%s:%d: %s", host, port, k->fd == LISTEN_HOST ? "no such address" : strerror(errno));
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	k->signals = signalfd(-1, &ends, SFD_CLOEXEC);
	for (size_t i = 0; i < PEERS; i++)
		k->peers[i].line.fd = -1;
	printf("{\"port\":%d,\"shards\":%" PRId64 "}\n", bound, k->roll.n);
	fflush(stdout);
	tell(k);
	while (attend(k))
		;
}

struct asker {
	struct clock clock;
	struct place place;
	int64_t shard, of, end_us;
	struct peerline line;
	struct offset offset;
	int64_t start_us; /* 0: not told yet */
	char why[200];    /* what went wrong last */
};

static int64_t
left_us(const struct asker *a, int64_t most_us)
{
	int64_t left = a->end_us - clock_us(&a->clock);

	return left < 0 ? 0 : left < most_us ? left : most_us;
}

/* Wait for one event; false: there was none in time. */
static bool
wait_for(const struct asker *a, short event, int64_t most_us)
{
	struct pollfd at = {.fd = a->line.fd, .events = event};

	return poll(&at, 1, (int)((left_us(a, most_us) + 999) / 1000)) == 1;
}

static bool
failed(struct asker *a, const char *why)
{
	snprintf(a->why, sizeof a->why, "%s", why);
	return false;
}

static bool
reach(struct asker *a)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *ai;
	int fd, error = getaddrinfo(a->place.host, a->place.port, &hints, &ai);
	socklen_t len = sizeof error;

	if (error)
		return failed(a, gai_strerror(error));
	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		tool_die(TOOL_RESOURCE, "%s", strerror(errno));
	peerline_open(&a->line, fd);
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) != 0 && errno == EINPROGRESS && !wait_for(a, POLLOUT, SILENCE_US))
		error = ETIMEDOUT;
	freeaddrinfo(ai);
	if (!error && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	return error ? failed(a, strerror(error)) : true;
}

/* One line of it; false: it makes no sense. */
static bool
take_line(struct asker *a, const char *line, int64_t now_us)
{
	struct offset_sample s = {.t4 = now_us};

	if (strncmp(line, "no ", 3) == 0)
		tool_die(TOOL_USAGE, "%s:%s: %s", a->place.host, a->place.port, line + 3);
	if (sscanf(line, "start %" SCNd64, &a->start_us) == 1)
		return true;
	if (sscanf(line, "%" SCNd64 " %" SCNd64 " %" SCNd64, &s.t1, &s.t2, &s.t3) == 3) {
		offset_add(&a->offset, s);
		return true;
	}
	return failed(a, "what answers there is no muster");
}

/* What comes within that time; false: it is gone. */
static bool
hear(struct asker *a, int64_t most_us)
{
	int64_t now_us;
	char *line;

	if (!wait_for(a, POLLIN, most_us))
		return true;
	now_us = clock_us(&a->clock);
	if (!peerline_read(&a->line))
		return failed(a, errno ? strerror(errno) : "it closed the connection");
	while ((line = peerline_next(&a->line)))
		if (!take_line(a, line, now_us))
			return false;
	return true;
}

/* Ask for the time, and have the answer; false: there is none. */
static bool
ask(struct asker *a)
{
	size_t n = a->offset.n;
	int64_t from_us = clock_us(&a->clock);

	if (!peerline_send(&a->line, "p %" PRId64, from_us))
		return failed(a, strerror(errno));
	while (a->offset.n == n && !a->start_us) {
		if (!hear(a, SILENCE_US))
			return false;
		if (a->offset.n == n && clock_us(&a->clock) - from_us >= SILENCE_US)
			return failed(a, "no answer");
		if (!left_us(a, 1))
			return false;
	}
	return true;
}

/* Say who we are, measure, and wait for the start.  False: it is to be tried again. */
static bool
attempt(struct asker *a)
{
	a->offset.n = 0;
	if (!reach(a))
		return false;
	if (!*a->why)
		failed(a, "no answer");
	if (!peerline_send(&a->line, "muster 1 %" PRId64 " %" PRId64, a->shard, a->of))
		return failed(a, strerror(errno));
	while (a->offset.n < OFFSET_LAST)
		if (!ask(a))
			return false;
	if (!peerline_send(&a->line, "ready"))
		return failed(a, strerror(errno));
	failed(a, "not all of the others are there");
	while (!a->start_us && left_us(a, 1))
		if (!hear(a, BEAT_US) || (!a->start_us && !ask(a)))
			return false;
	return a->start_us;
}

static void
go_there(struct asker *a, int64_t timeout_us)
{
	struct offset_found f = {0};
	int64_t late_us;

	a->end_us = clock_us(&a->clock) + timeout_us;
	a->line.fd = -1;
	while (!attempt(a)) {
		peerline_close(&a->line);
		if (!left_us(a, 1))
			tool_die(TOOL_NETWORK, "%s:%s: no start within %gs: %s", a->place.host, a->place.port,
			         (double)timeout_us / SECOND, a->why);
		poll(NULL, 0, (int)(left_us(a, PAUSE_US) / 1000 + 1));
	}
	peerline_close(&a->line);
	offset_find(&a->offset, &f);
	late_us = clock_us(&a->clock) + f.us - a->start_us;
	printf("{\"shard\":%" PRId64 ",\"shards\":%" PRId64 ",\"offset_us\":%" PRId64 ",\"error_us\":%" PRId64
	       ",\"rtt_us\":%" PRId64 ",\"start_us\":%" PRId64 ",\"late_us\":%" PRId64 "}\n",
	       a->shard, a->of, f.us, f.error_us, f.rtt_us, a->start_us, late_us > 0 ? late_us : 0);
}

int
main(int argc, char **argv)
{
	enum { LEAD = 256, LISTEN, SHARD, START, TIMEOUT };
	static const struct option longs[] = {{"lead", required_argument, NULL, LEAD},
		{"listen", required_argument, NULL, LISTEN}, {"shard", required_argument, NULL, SHARD},
		{"shards", required_argument, NULL, 'n'}, {"start", required_argument, NULL, START},
		{"timeout", required_argument, NULL, TIMEOUT}, {0}};
	static struct keeper k;
	static struct asker a;
	struct place place;
	int64_t timeout_us = 300 * SECOND;
	const char *listen_at = NULL, *why;
	int c;

	tool_start(&tool);
	k.roll.lead_us = 2 * SECOND;
	k.clock = a.clock = clock_start();
	while ((c = tool_option(argc, argv, "n:", longs)) != -1)
		switch (c) {
		case LEAD: k.roll.lead_us = tool_duration("--lead", optarg, 0, DAY); break;
		case LISTEN: listen_at = optarg; break;
		case SHARD:
			if ((why = shards_parse(optarg, SHARDS_MOST, &a.shard, &a.of)))
				tool_usage("--shard: %s: %s", optarg, why);
			break;
		case 'n': k.roll.n = tool_count("-n", optarg, 1, SHARDS_MOST); break;
		case START: k.roll.start_us = tool_count("--start", optarg, 1, INT64_MAX); break;
		case TIMEOUT: timeout_us = tool_duration("--timeout", optarg, 1000, YEAR); break;
		}
	if (!listen_at == !a.shard)
		tool_usage("one of --listen and --shard is needed");
	if (listen_at && (!k.roll.n || optind < argc || !read_place(&place, listen_at, false)))
		tool_usage("--listen: %s: [HOST:]PORT, and -n how many are expected", listen_at);
	if (a.shard && (optind + 1 != argc || !read_place(&a.place, argv[optind], true)))
		tool_usage("--shard goes with HOST:PORT, where one that listens is");
	if (listen_at)
		keep(&k, &place);
	else
		go_there(&a, timeout_us);
	return tool_finish(TOOL_OK);
}
