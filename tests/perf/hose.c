/* hose: a server that sends chat streams as fast as its clients take them, to measure what a client can take in.
 *
 * Any POST is answered with the same chunked event stream, made once: role, --tokens pieces of content in the shape of
 * vLLM's, finish, usage, [DONE]; --per-write events go into one send(2).  Its first line is its URL.  Each of --threads
 * threads serves its share of the connections; when nobody takes anything it sleeps.  It ends after ten minutes or by a
 * signal. */
#include "lib/listen.h"
#include "lib/tool.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIFE 600 /* seconds */
#define TURN 64  /* sends to one connection before the others get theirs */
#define REQUEST_MAX 65536

#define COMMON                                                                        \
	"data: {\"id\":\"chatcmpl-5a1be2c0\",\"object\":\"chat.completion.chunk\"," \
	"\"created\":1700000000,\"model\":\"m\",\"choices\":"
#define CHOICE COMMON "[{\"index\":0,\"delta\":"
#define END(why) ",\"logprobs\":null,\"finish_reason\":" why "}]}"

/* What clients that have the server count their prompts get to hear. */
#define TOKENIZED "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 68\r\n\r\n" \
	"{\"count\":8,\"max_model_len\":32768,\"tokens\":[11,12,13,14,15,16,17,18]}"

enum { OPT_PER_WRITE = 256, OPT_TOKENS, OPT_THREADS };

static const struct tool tool = {
	"hose",
	"[--per-write N] [--tokens N] [--threads N]",
	"Answer chat requests as fast as they are read.\n"
	"  --per-write N        events in one send (1)\n"
	"  --tokens N           of a reply (10000)\n"
	"  --threads N          that send (3)\n",
};

static const struct option longs[] = {
	{"per-write", required_argument, NULL, OPT_PER_WRITE},
	{"tokens", required_argument, NULL, OPT_TOKENS},
	{"threads", required_argument, NULL, OPT_THREADS},
	{0},
};

/* The reply, and where each of its sends ends. */
struct script {
	char *bytes;
	size_t n, cap, *end, sends, at_most;
};

struct client {
	int fd;
	size_t sent, send; /* bytes of the reply that are gone; the send in hand */
	bool replying;
	size_t got;
	char request[REQUEST_MAX];
};

struct thread {
	pthread_t id;
	int epoll;
	const struct script *script;
};

static void
add(struct script *s, const char *text, size_t n)
{
	while (s->n + n > s->cap)
		s->bytes = tool_grow(s->bytes, s->cap = s->cap ? 2 * s->cap : 65536, 1);
	memcpy(s->bytes + s->n, text, n);
	s->n += n;
}

static void
end_send(struct script *s)
{
	if (s->sends == s->at_most)
		s->end = tool_grow(s->end, s->at_most = s->at_most ? 2 * s->at_most : 64, sizeof *s->end);
	s->end[s->sends++] = s->n;
}

static void
add_event(struct script *s, const char *text)
{
	char size[16];

	add(s, size, (size_t)snprintf(size, sizeof size, "%zx\r\n", strlen(text) + 2));
	add(s, text, strlen(text));
	add(s, "\n\n\r\n", 4);
}

static void
write_script(struct script *s, int64_t tokens, int64_t per_write)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
	                           "Transfer-Encoding: chunked\r\n\r\n";
	static const char *const word[] = {" the", " of", " inference", " to", " benchmark", " a", " stream", "."};
	char text[512];

	add(s, head, sizeof head - 1);
	add_event(s, CHOICE "{\"role\":\"assistant\",\"content\":\"\"}" END("null"));
	end_send(s);
	for (int64_t i = 0; i < tokens; i++) {
		snprintf(text, sizeof text, CHOICE "{\"content\":\"%s\"}" END("null"), word[i % 8]);
		add_event(s, text);
		if ((i + 1) % per_write == 0 || i + 1 == tokens)
			end_send(s);
	}
	add_event(s, CHOICE "{\"content\":\"\"}" END("\"stop\",\"stop_reason\":null"));
	snprintf(text, sizeof text,
	         COMMON "[],\"usage\":{\"prompt_tokens\":12,\"total_tokens\":%jd,\"completion_tokens\":%jd}}",
	         (intmax_t)tokens + 12, (intmax_t)tokens);
	add_event(s, text);
	add_event(s, "data: [DONE]");
	add(s, "0\r\n\r\n", 5);
	end_send(s);
}

static void
watch(struct thread *t, struct client *c, int op, uint32_t events)
{
	epoll_ctl(t->epoll, op, c->fd, &(struct epoll_event){.events = events, .data.ptr = c});
}

static void
bye(struct client *c)
{
	close(c->fd);
	free(c);
}

/* Whether a whole request is there; its headers and its body are not looked at any further. */
static bool
asked(struct client *c)
{
	char *body, *length;

	c->request[c->got] = '\0';
	if (!(body = strstr(c->request, "\r\n\r\n")))
		return false;
	length = strcasestr(c->request, "\r\ncontent-length:");
	return c->got >= (size_t)(body + 4 - c->request) + (length && length < body ? strtoul(length + 17, NULL, 10) : 0);
}

static void
listen_to(struct thread *t, struct client *c)
{
	ssize_t n = recv(c->fd, c->request + c->got, sizeof c->request - 1 - c->got, 0);

	if (n <= 0 && errno != EAGAIN) {
		bye(c);
		return;
	}
	c->got += n > 0 ? (size_t)n : 0;
	if (!asked(c)) {
		if (c->got == sizeof c->request - 1)
			bye(c);
		return;
	}
	c->got = c->sent = c->send = 0;
	if (strncmp(c->request, "POST /tokenize", 14) == 0) {
		if (send(c->fd, TOKENIZED, sizeof TOKENIZED - 1, MSG_NOSIGNAL) < 0)
			bye(c);
		return;
	}
	c->replying = true;
	watch(t, c, EPOLL_CTL_MOD, EPOLLOUT);
}

static void
reply(struct thread *t, struct client *c)
{
	const struct script *s = t->script;

	for (int i = 0; i < TURN && c->send < s->sends; i++) {
		size_t left = s->end[c->send] - c->sent;
		ssize_t n = send(c->fd, s->bytes + c->sent, left, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			bye(c);
		if (n < 0)
			return;
		c->sent += (size_t)n;
		if ((size_t)n < left)
			return;
		c->send++;
	}
	if (c->send < s->sends)
		return;
	c->replying = false;
	watch(t, c, EPOLL_CTL_MOD, EPOLLIN);
}

static void *
serve(void *ctx)
{
	struct thread *t = ctx;
	struct epoll_event ready[64];

	for (;;) {
		int n = epoll_wait(t->epoll, ready, 64, -1);

		for (int i = 0; i < n; i++) {
			struct client *c = ready[i].data.ptr;

			if (c->replying)
				reply(t, c);
			else
				listen_to(t, c);
		}
	}
	return NULL;
}

static void
take_clients(int fd, struct thread *threads, int n)
{
	int on = 1;

	for (int i = 0;; i = (i + 1) % n) {
		struct client *c;
		int s;

		poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
		if ((s = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) < 0)
			continue;
		setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		c = tool_grow(NULL, 1, sizeof *c);
		*c = (struct client){.fd = s};
		watch(&threads[i], c, EPOLL_CTL_ADD, EPOLLIN);
	}
}

int
main(int argc, char **argv)
{
	static struct thread threads[64];
	static struct script script;
	int64_t tokens = 10000, per_write = 1, n = 3;
	int c, port = 0, fd;

	tool_start(&tool);
	while ((c = tool_option(argc, argv, "", longs)) != -1)
		switch (c) {
		case OPT_PER_WRITE: per_write = tool_count("--per-write", optarg, 1, 1000000); break;
		case OPT_TOKENS: tokens = tool_count("--tokens", optarg, 1, 1000000); break;
		case OPT_THREADS: n = tool_count("--threads", optarg, 1, 64); break;
		default: break;
		}
	alarm(LIFE);
	write_script(&script, tokens, per_write);
	if ((fd = listen_tcp("127.0.0.1", 0, &port)) < 0)
		tool_die(TOOL_NETWORK, "no port: %s", strerror(errno));
	for (int i = 0; i < n; i++) {
		threads[i].script = &script;
		if ((threads[i].epoll = epoll_create1(EPOLL_CLOEXEC)) < 0 ||
		    pthread_create(&threads[i].id, NULL, serve, &threads[i]) != 0)
			tool_die(TOOL_RESOURCE, "no thread: %s", strerror(errno));
	}
	printf("http://127.0.0.1:%d\n", port);
	fflush(stdout);
	take_clients(fd, threads, (int)n);
}
