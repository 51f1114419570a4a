/* llmsim: a simulated LLM engine behind an OpenAI-compatible HTTP server.
 *
 * Serves requests, writes one truth record a request (--truth).  What must hold for its
 * truth: planned times come from arrival stamps by batch.h alone, and the batch is brought
 * up to a stamp before that stamp's request or loss enters it. */
#include "lib/listen.h"
#include "lib/simstream.h"
#include "lib/tool.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
	OPT_MODEL = 256, OPT_HOST, OPT_PORT, OPT_UNIX, OPT_TRUTH, OPT_SEED, OPT_TTFT, OPT_ITL, OPT_OVERHEAD, OPT_PER_TOKEN,
	OPT_FACTOR, OPT_SEQS, OPT_WAITING, OPT_LEN, OPT_OUTPUT, OPT_TTFT_SD, OPT_PREFILL_SD, OPT_ITL_SD, OPT_READY,
	OPT_KEY_ENV, OPT_KEY_FILE,
};

static const struct option options[] = {
	{"api-key-env", required_argument, NULL, OPT_KEY_ENV},
	{"api-key-file", required_argument, NULL, OPT_KEY_FILE},
	{"host", required_argument, NULL, OPT_HOST},
	{"inter-token-latency", required_argument, NULL, OPT_ITL},
	{"inter-token-latency-std-dev", required_argument, NULL, OPT_ITL_SD},
	{"max-model-len", required_argument, NULL, OPT_LEN},
	{"max-num-seqs", required_argument, NULL, OPT_SEQS},
	{"max-waiting-queue-length", required_argument, NULL, OPT_WAITING},
	{"model", required_argument, NULL, OPT_MODEL},
	{"output-tokens", required_argument, NULL, OPT_OUTPUT},
	{"port", required_argument, NULL, OPT_PORT},
	{"prefill-overhead", required_argument, NULL, OPT_OVERHEAD},
	{"prefill-time-per-token", required_argument, NULL, OPT_PER_TOKEN},
	{"prefill-time-std-dev", required_argument, NULL, OPT_PREFILL_SD},
	{"ready-after", required_argument, NULL, OPT_READY},
	{"seed", required_argument, NULL, OPT_SEED},
	{"time-factor-under-load", required_argument, NULL, OPT_FACTOR},
	{"time-to-first-token", required_argument, NULL, OPT_TTFT},
	{"time-to-first-token-std-dev", required_argument, NULL, OPT_TTFT_SD},
	{"truth", required_argument, NULL, OPT_TRUTH},
	{"unix-socket", required_argument, NULL, OPT_UNIX},
	{0},
};

static const struct tool tool = {
	.name = "llmsim",
	.usage = "[--port N] [--host ADDR] [--unix-socket F] [--model NAME] [--truth FILE] [OPTION...]",
	.help = "",
};

static void
answer(struct sim *sim, struct httpd_conn *c, int status, const char *type, const char *more)
{
	struct text *w = &sim->wire;

	w->n = 0;
	simreply_head(w, status, type, sim->json.n, more, false);
	text_add(w, sim->json.s, sim->json.n);
	sim->json.n = 0;
	httpd_send(c, w->s, w->n);
	httpd_end(c);
}

static void
answer_error(struct sim *sim, struct httpd_conn *c, const struct simerror *e)
{
	simreply_error(&sim->json, e);
	answer(sim, c, e->status, "application/json", e->status == 429 ? "retry-after: 1\r\n" : NULL);
}

static void
generate(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us, bool chat)
{
	struct simreq r;
	struct simerror e = {0};

	simstream_pump(sim, recv_us);
	if (!simreq_parse(&r, http->body, http->body_n, chat, (const char *const *)sim->models, &e)) {
		simreq_free(&r);
		answer_error(sim, c, &e);
	} else if (!simstream_open(sim, c, http, &r, recv_us, &e)) {
		answer_error(sim, c, &e);
	}
}

static void
serve_chat(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	generate(sim, c, http, recv_us, true);
}

static void
serve_completions(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	generate(sim, c, http, recv_us, false);
}

static void
serve_models(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	(void)http;
	(void)recv_us;
	simreply_models(&sim->json, sim->models, sim->started_us / 1000000, sim->max_model_len);
	answer(sim, c, 200, "application/json", NULL);
}

static void
serve_tokenize(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	struct simreq r;
	struct simerror e;

	(void)recv_us;
	if (simreq_tokenize(&r, http->body, http->body_n, &e)) {
		simreply_tokenized(&sim->json, &r, sim->max_model_len);
		answer(sim, c, 200, "application/json", NULL);
	} else {
		answer_error(sim, c, &e);
	}
	simreq_free(&r);
}

static void
serve_health(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	(void)http;
	(void)recv_us;
	answer(sim, c, 200, "text/plain", NULL);
}

static const struct route {
	const char *path, *method;
	bool open; /* needs no key, and is never not ready */
	void (*serve)(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us);
} routes[] = {
	{"/v1/chat/completions", "POST", false, serve_chat},
	{"/v1/completions", "POST", false, serve_completions},
	{"/v1/models", "GET", false, serve_models},
	{"/tokenize", "POST", true, serve_tokenize},
	{"/health", "GET", true, serve_health},
};

static bool
authorized(const struct sim *sim, const struct httpreq *http)
{
	const char *auth = httpreq_header(http, "authorization");

	return !sim->key || (auth && strncasecmp(auth, "Bearer ", 7) == 0 && strcmp(auth + 7, sim->key) == 0);
}

static void
on_request(void *ctx, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us, int bad)
{
	struct sim *sim = ctx;
	struct simerror e;
	const struct route *r = routes, *end = routes + sizeof routes / sizeof *routes;

	sim->json.n = 0;
	if (bad) {
		simerror_set(&e, bad, "BadRequestError", NULL, "the request cannot be read");
		answer_error(sim, c, &e);
		return;
	}
	while (r < end && strcmp(r->path, http->path) != 0)
		r++;
	if (r == end)
		simerror_set(&e, 404, "NotFoundError", NULL, "Not Found");
	else if (strcmp(r->method, http->method) != 0)
		simerror_set(&e, 405, "MethodNotAllowedError", NULL, "Method Not Allowed");
	else if (!r->open && !authorized(sim, http))
		simerror_set(&e, 401, "AuthenticationError", NULL, "Unauthorized");
	else if (recv_us < sim->ready_us)
		simerror_set(&e, 503, "ServiceUnavailableError", NULL, "still starting");
	else {
		r->serve(sim, c, http, recv_us);
		return;
	}
	answer_error(sim, c, &e);
}

static void
on_sent(void *ctx, struct httpd_conn *c, size_t mark, int64_t t_us)
{
	(void)ctx;
	simstream_sent(*httpd_user(c), mark, t_us);
}

static void
on_done(void *ctx, struct httpd_conn *c)
{
	struct simstream *s = *httpd_user(c);

	(void)ctx;
	if (s)
		simstream_done(s);
	*httpd_user(c) = NULL;
}

static void
on_trouble(void *ctx, int error)
{
	(void)ctx;
	tool_warn("accept: %s", strerror(error));
}

static const struct httpd_calls calls = {on_request, on_sent, on_done, on_trouble};

static int64_t
on_start(void *ctx, void *user, int64_t start_us)
{
	(void)ctx;
	return simstream_start(user, start_us);
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct sim *sim = ctx;
	uint64_t n;

	(void)what;
	if (read(fd, &n, sizeof n) > 0)
		simstream_pump(sim, clock_us(&sim->clock));
}

static void
on_signal(evutil_socket_t fd, short what, void *ctx)
{
	struct sim *sim = ctx;

	(void)fd;
	(void)what;
	event_base_loopbreak(sim->base);
}

/* Runs until a signal.  The timer always stands at the batch's next event. */
static void
loop(struct sim *sim)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	struct event *timer = event_new(sim->base, fd, EV_READ | EV_PERSIST, on_timer, sim);
	struct event *intr = evsignal_new(sim->base, SIGINT, on_signal, sim);
	struct event *term = evsignal_new(sim->base, SIGTERM, on_signal, sim);
	int64_t set = INT64_MAX, due;

	if (fd < 0 || !timer || !intr || !term)
		tool_die(TOOL_RESOURCE, "timer: %s", strerror(errno));
	event_add(timer, NULL);
	event_add(intr, NULL);
	event_add(term, NULL);
	while (!event_base_got_break(sim->base)) {
		if ((due = batch_due(sim->batch)) != set) {
			int64_t t = due == INT64_MAX ? 0 : due - sim->clock.offset_us;
			struct itimerspec at = {.it_value = {t / 1000000, t % 1000000 * 1000}};

			timerfd_settime(fd, TFD_TIMER_ABSTIME, &at, NULL);
			set = due;
		}
		event_base_loop(sim->base, EVLOOP_ONCE);
	}
	event_free(timer);
	event_free(intr);
	event_free(term);
	close(fd);
}

int
main(int argc, char **argv)
{
	struct sim sim = {0};
	const char *host = "127.0.0.1", *unix_path = NULL, *truth = NULL;
	int port = 8000, bound = 0, c, fd;
	int64_t ready = 0, far = (int64_t)365 * 86400 * 1000000;
	char default_name[] = "sim", *default_models[] = {default_name, NULL};

	tool_start(&tool);
	sim.latency = (struct latency){.ttft_us = 50000, .itl_us = 10000, .factor = 1, .max_running = 256};
	sim.max_model_len = 32768;
	sim.output_tokens = -1;
	sim.max_waiting = 1000;
	sim.models = default_models;
	while ((c = tool_option(argc, argv, "", options)) != -1)
		switch (c) {
		case OPT_HOST: host = optarg; break;
		case OPT_PORT: port = (int)tool_count("--port", optarg, 0, 65535); break;
		case OPT_UNIX: unix_path = optarg; break;
		case OPT_TRUTH: truth = optarg; break;
		case OPT_MODEL: default_models[0] = optarg; break;
		case OPT_SEED: sim.seed = (uint64_t)tool_count("--seed", optarg, 0, INT64_MAX); break;
		case OPT_TTFT: sim.latency.ttft_us = tool_duration("--time-to-first-token", optarg, 0, far); break;
		case OPT_ITL: sim.latency.itl_us = tool_duration("--inter-token-latency", optarg, 0, far); break;
		case OPT_SEQS: sim.latency.max_running = (unsigned)tool_count("--max-num-seqs", optarg, 1, 1000000); break;
		case OPT_WAITING: sim.max_waiting = tool_count("--max-waiting-queue-length", optarg, 0, INT64_MAX / 2); break;
		case OPT_LEN: sim.max_model_len = tool_count("--max-model-len", optarg, 2, INT64_MAX / 4); break;
		case OPT_OUTPUT: sim.output_tokens = tool_count("--output-tokens", optarg, 1, INT64_MAX / 4); break;
		case OPT_FACTOR: sim.latency.factor = tool_number("--time-factor-under-load", optarg, 1, 1e6); break;
		case OPT_READY: ready = tool_duration("--ready-after", optarg, 0, far); break;
		default: break;
		}
	if (optind < argc)
		tool_usage("%s: unexpected argument", argv[optind]);
	sim.models_json = tool_grow(NULL, 2, sizeof *sim.models_json);
	struct text name = {0};
	text_json(&name, sim.models[0]);
	sim.models_json[0] = name.s;
	sim.models_json[1] = NULL;
	sim.clock = clock_start();
	sim.started_us = clock_us(&sim.clock);
	sim.ready_us = sim.started_us + ready;
	sim.latency.seed = sim.seed;
	if (truth && !(sim.truth = fopen(truth, "we")))
		tool_die(TOOL_RESOURCE, "%s: %s", truth, strerror(errno));
	sim.base = event_base_new();
	sim.batch = batch_new(&sim.latency, (size_t)sim.max_waiting, on_start, &sim);
	sim.httpd = sim.base ? httpd_new(sim.base, &sim.clock, tool_max_line(), &calls, &sim) : NULL;
	if (!sim.batch || !sim.httpd)
		tool_die(TOOL_RESOURCE, "out of memory");
	if ((fd = listen_tcp(host, port, &bound)) < 0)
		tool_die(TOOL_NETWORK, "%s:%d: %s", host, port, fd == LISTEN_HOST ? "no such address" : strerror(errno));
	httpd_listen(sim.httpd, fd);
	if (unix_path) {
		if ((fd = listen_unix(unix_path)) < 0)
			tool_die(TOOL_NETWORK, "%s: %s", unix_path, strerror(errno));
		httpd_listen(sim.httpd, fd);
	}
	printf("http://%s:%d\n", host, bound);
	fflush(stdout);
	loop(&sim);
	httpd_free(sim.httpd);
	batch_free(sim.batch);
	event_base_free(sim.base);
	text_free(&sim.json);
	text_free(&sim.event);
	text_free(&sim.wire);
	text_free(&name);
	free(sim.models_json);
	return tool_finish(TOOL_OK);
}
