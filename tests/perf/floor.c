/* floor: the least that a streaming client has to do, as the measure for sendreq.
 *
 * Closed loop, on kept connections: epoll, one recv(2) a wake-up, find the end of each event, keep the stamp, nothing
 * else: no JSON is read, and HTTP just as far as it takes to see where a reply ends.  A slot connects as its first
 * request starts; with --spread these start evenly over that time, for what an event costs depends on how many come
 * together.  After the run it writes a line a request: {"id":1,"sent_us":…,"ev_us":[…],"connects":1}, in
 * epoch microseconds; the id was sent as X-Request-Id: floor-ID.  It holds for servers that end a line
 * with LF and a reply with a chunk of size 0; any surprise ends it with a message. */
#include "lib/clock.h"
#include "lib/tool.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ 16384
#define BATCH 64
#define EVENTS(f) ((size_t)(f)->tokens + 8) /* role, finish, usage, [DONE], and some more */

enum { OPT_URL = 256, OPT_TOKENS, OPT_SPREAD };

static const struct tool tool = {
	"floor",
	"--url http://ADDRESS:PORT [-c STREAMS] [-n REQUESTS] [--spread MS] [--tokens N]",
	"Stamp the events of streams with the least that it takes.\n"
	"  --url URL            the server\n"
	"  -c STREAMS           streams at once (1)\n"
	"  -n REQUESTS          requests in all (1)\n"
	"  --spread MS          the streams start evenly over this time (0)\n"
	"  --tokens N           of a reply (100)\n",
};

static const struct option longs[] = {
	{"url", required_argument, NULL, OPT_URL},
	{"spread", required_argument, NULL, OPT_SPREAD},
	{"tokens", required_argument, NULL, OPT_TOKENS},
	{0},
};

struct request {
	int64_t sent_us, *ev_us;
	int n, connects;
};

struct slot {
	int fd, id; /* id: of the request on it */
	size_t sent;
	uint32_t events; /* that epoll waits for */
	char tail[5];    /* the last bytes that came */
};

struct floor {
	struct clock clock;
	struct sockaddr_in to;
	char host[64];
	int64_t streams, requests, tokens, spread_ms;
	int epoll, next, done;
	struct slot *slot;
	struct request *request;
	int64_t *stamps;
	char buf[READ];
};

static _Noreturn void
die(const char *what)
{
	tool_die(TOOL_NETWORK, "%s: %s", what, strerror(errno));
}

static void
watch(struct floor *f, struct slot *s, int op, uint32_t events)
{
	struct epoll_event e = {.events = events, .data.ptr = s};

	if (s->events != events && epoll_ctl(f->epoll, op, s->fd, &e) != 0)
		die("epoll_ctl");
	s->events = events;
}

/* All of the request, or as much as there is room for now. */
static void
push(struct floor *f, struct slot *s)
{
	char body[512], text[1024];
	ssize_t sent;
	int n = snprintf(body, sizeof body,
	                 "{\"model\":\"m\",\"max_tokens\":%" PRId64 ",\"stream\":true,\"messages\":[{\"role\":\"user\","
	                 "\"content\":\"Say something of the length I asked for.\"}],"
	                 "\"stream_options\":{\"include_usage\":true}}",
	                 f->tokens);

	n = snprintf(text, sizeof text,
	             "POST /v1/chat/completions HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
	             "X-Request-Id: floor-%d\r\nContent-Length: %d\r\n\r\n%s",
	             f->host, s->id, n, body);
	sent = send(s->fd, text + s->sent, (size_t)n - s->sent, MSG_NOSIGNAL);
	if (sent < 0 && errno != EAGAIN && errno != EINPROGRESS && errno != ENOTCONN)
		die("send");
	s->sent += sent > 0 ? (size_t)sent : 0;
	watch(f, s, EPOLL_CTL_MOD, s->sent < (size_t)n ? EPOLLOUT : EPOLLIN);
}

static void
start(struct floor *f, struct slot *s)
{
	int on = 1;
	bool connects = s->fd < 0;

	if (f->next == f->requests)
		return;
	s->id = ++f->next;
	s->sent = 0;
	memset(s->tail, 0, sizeof s->tail);
	f->request[s->id - 1] = (struct request){.sent_us = clock_us(&f->clock), .connects = connects,
		.ev_us = f->stamps + (size_t)(s->id - 1) * EVENTS(f)};
	if (!connects) {
		push(f, s);
		return;
	}
	if ((s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) < 0)
		die("socket");
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(s->fd, (struct sockaddr *)&f->to, sizeof f->to) != 0 && errno != EINPROGRESS)
		die("connect");
	watch(f, s, EPOLL_CTL_ADD, EPOLLOUT);
}

/* An empty line within the body ends an event; in HTTP's own lines a CR stands before each LF. */
static void
take(struct floor *f, struct slot *s, const char *p, size_t n, int64_t now)
{
	struct request *q = &f->request[s->id - 1];
	const char *end = p + n, *lf;
	char last = s->tail[4];

	if (!s->tail[4] && (n < 12 || memcmp(p, "HTTP/1.1 200", 12) != 0))
		tool_die(TOOL_NETWORK, "request %d: %.*s", s->id, n < 12 ? (int)n : 12, p);
	for (const char *from = p; (lf = memchr(from, '\n', (size_t)(end - from))); from = lf + 1) {
		if ((lf > p ? lf[-1] : last) != '\n')
			continue;
		if ((size_t)q->n == EVENTS(f))
			tool_die(TOOL_NETWORK, "request %d: more events than asked for", s->id);
		q->ev_us[q->n++] = now;
	}
	for (size_t i = n < 5 ? 0 : n - 5; i < n; i++) {
		memmove(s->tail, s->tail + 1, 4);
		s->tail[4] = p[i];
	}
}

static void
wake(struct floor *f, struct slot *s, uint32_t what)
{
	ssize_t n;
	int64_t now;

	if (what & EPOLLOUT) {
		push(f, s);
		return;
	}
	if ((n = recv(s->fd, f->buf, sizeof f->buf, 0)) <= 0)
		die("recv");
	now = clock_us(&f->clock);
	take(f, s, f->buf, (size_t)n, now);
	if (memcmp(s->tail, "0\r\n\r\n", 5) == 0) {
		f->done++;
		start(f, s);
	}
}

static void
run(struct floor *f)
{
	struct epoll_event ready[BATCH];
	int64_t began = clock_us(&f->clock), started = 0;

	while (f->done < f->requests) {
		struct timespec pause, *wait = NULL;
		int64_t left = 0;
		int n;

		for (; started < f->streams; started++) {
			left = began + 1000 * f->spread_ms * started / f->streams - clock_us(&f->clock);
			if (left > 0)
				break;
			f->slot[started].fd = -1;
			start(f, &f->slot[started]);
		}
		if (started < f->streams) {
			pause = (struct timespec){left / 1000000, left % 1000000 * 1000};
			wait = &pause;
		}
		n = epoll_pwait2(f->epoll, ready, BATCH, wait, NULL);

		for (int i = 0; i < n; i++)
			wake(f, ready[i].data.ptr, ready[i].events);
		if (n < 0 && errno != EINTR)
			die("epoll_pwait2");
	}
}

static void
write_all(const struct floor *f)
{
	for (int i = 0; i < f->requests; i++) {
		const struct request *q = &f->request[i];

		printf("{\"id\":%d,\"sent_us\":%" PRId64 ",\"ev_us\":[", i + 1, q->sent_us);
		for (int e = 0; e < q->n; e++)
			printf("%s%" PRId64, e ? "," : "", q->ev_us[e]);
		printf("],\"connects\":%d}\n", q->connects);
	}
}

static void
read_url(struct floor *f, const char *url)
{
	char address[32];
	int port;

	if (sscanf(url, "http://%31[0-9.]:%d", address, &port) != 2 || inet_pton(AF_INET, address, &f->to.sin_addr) != 1)
		tool_usage("--url: %s: not http://ADDRESS:PORT", url);
	f->to.sin_family = AF_INET;
	f->to.sin_port = htons((uint16_t)port);
	snprintf(f->host, sizeof f->host, "%s:%d", address, port);
}

int
main(int argc, char **argv)
{
	static struct floor f = {.streams = 1, .requests = 1, .tokens = 100};
	struct rlimit files;
	int c;

	tool_start(&tool);
	while ((c = tool_option(argc, argv, "c:n:", longs)) != -1)
		switch (c) {
		case OPT_URL: read_url(&f, optarg); break;
		case 'c': f.streams = tool_count("-c", optarg, 1, 100000); break;
		case 'n': f.requests = tool_count("-n", optarg, 1, 10000000); break;
		case OPT_SPREAD: f.spread_ms = tool_count("--spread", optarg, 0, 600000); break;
		case OPT_TOKENS: f.tokens = tool_count("--tokens", optarg, 1, 10000000); break;
		default: break;
		}
	if (!f.to.sin_family)
		tool_usage("--url is missing: where is the server?");
	f.streams = f.streams < f.requests ? f.streams : f.requests;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	f.clock = clock_start();
	f.slot = tool_grow(NULL, (size_t)f.streams, sizeof *f.slot);
	f.request = tool_grow(NULL, (size_t)f.requests, sizeof *f.request);
	f.stamps = tool_grow(NULL, (size_t)f.requests * EVENTS(&f), sizeof *f.stamps);
	if ((f.epoll = epoll_create1(EPOLL_CLOEXEC)) < 0)
		die("epoll_create");
	run(&f);
	write_all(&f);
	return tool_finish(TOOL_OK);
}
