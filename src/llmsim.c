/* llmsim: a simulated LLM engine behind an OpenAI-compatible HTTP server.
 *
 * Serves requests, writes one truth record a request (--truth).  What must hold for its
 * truth: planned times come from arrival stamps by batch.h alone, and the batch is brought
 * up to a stamp before that stamp's request or loss enters it. */
#include "lib/files.h"
#include "lib/listen.h"
#include "lib/secret.h"
#include "lib/simserve.h"
#include "lib/simstream.h"
#include "lib/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
	OPT_KEY_ENV = 256, OPT_KEY_FILE, OPT_BLOCK, OPT_CACHING, OPT_FAULT, OPT_HOST, OPT_ITL, OPT_ITL_SD, OPT_KV, OPT_LEN,
	OPT_SEQS, OPT_WAITING, OPT_MODEL, OPT_OUTPUT, OPT_PORT, OPT_REASONING, OPT_OVERHEAD, OPT_PER_TOKEN,
	OPT_PREFILL_SD, OPT_READY, OPT_SEED, OPT_FACTOR, OPT_TTFT, OPT_TTFT_SD, OPT_TRUTH, OPT_UNIX
};

static const struct option options[] = {
	{"api-key-env", required_argument, NULL, OPT_KEY_ENV},
	{"api-key-file", required_argument, NULL, OPT_KEY_FILE},
	{"block-size", required_argument, NULL, OPT_BLOCK},
	{"enable-kvcache", no_argument, NULL, OPT_CACHING},
	{"enable-prefix-caching", no_argument, NULL, OPT_CACHING},
	{"fault", required_argument, NULL, OPT_FAULT},
	{"host", required_argument, NULL, OPT_HOST},
	{"inter-token-latency", required_argument, NULL, OPT_ITL},
	{"inter-token-latency-std-dev", required_argument, NULL, OPT_ITL_SD},
	{"kv-cache-size", required_argument, NULL, OPT_KV},
	{"max-model-len", required_argument, NULL, OPT_LEN},
	{"max-num-seqs", required_argument, NULL, OPT_SEQS},
	{"max-waiting-queue-length", required_argument, NULL, OPT_WAITING},
	{"model", required_argument, NULL, OPT_MODEL},
	{"output-tokens", required_argument, NULL, OPT_OUTPUT},
	{"port", required_argument, NULL, OPT_PORT},
	{"prefill-overhead", required_argument, NULL, OPT_OVERHEAD},
	{"prefill-time-per-token", required_argument, NULL, OPT_PER_TOKEN},
	{"prefill-time-std-dev", required_argument, NULL, OPT_PREFILL_SD},
	{"reasoning-tokens", required_argument, NULL, OPT_REASONING},
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
	.usage = "[--port N] [--host ADDR] [--unix-socket F] [--model NAMES]... [--truth FILE] [--fault SPEC]... "
		"[OPTION...]",
	.help =
		"  --port N             TCP port, 0 for a free one (8000, or none beside --unix-socket)\n"
		"  --host ADDR          address to listen on (127.0.0.1)\n"
		"  --unix-socket F      listen on this socket; the first line printed is the address\n"
		"  --model NAMES        served names, by commas; may be repeated (sim)\n"
		"  --truth FILE         one JSON line a request: planned and real times of its events\n"
		"  --seed N             of jitter and of the choice of faults (0)\n"
		"  --api-key-env NAME, --api-key-file F\n"
		"                       ask every client for this key\n"
		"  --ready-after D      answer 503 until then\n"
		"  --max-num-seqs N     requests that run at once (256)\n"
		"  --max-waiting-queue-length N\n"
		"                       requests that wait, one more gets 429 (1000)\n"
		"  --max-model-len N    prompt and reply together (32768)\n"
		"  --output-tokens N    length of a reply; without it max_tokens, or 128\n"
		"  --reasoning-tokens N the first N tokens of a chat's reply are thinking\n"
		"  --time-to-first-token D, --time-to-first-token-std-dev D\n"
		"                       prefill, whatever the prompt (50ms, 0)\n"
		"  --prefill-overhead D, --prefill-time-per-token D, --prefill-time-std-dev D\n"
		"                       instead: prefill by the prompt's tokens that are not cached\n"
		"  --inter-token-latency D, --inter-token-latency-std-dev D\n"
		"                       from one token to the next (10ms, 0)\n"
		"  --time-factor-under-load X\n"
		"                       all of it times X when all places run, linear below (1)\n"
		"  --enable-prefix-caching, --enable-kvcache\n"
		"                       keep prompts in blocks and skip what is there\n"
		"  --block-size N, --kv-cache-size N\n"
		"                       tokens a block (16), blocks in all (16384)\n"
		"  --fault SPEC         KIND[+KIND...][@SHARE][:KEY=VALUE,...], may be repeated; see llmsim(1)\n",
};

/* What only the start needs. */
struct places {
	const char *host, *unix_path, *truth;
	int port, bound;
	int64_t ready_us;
	bool ttft_given, caching;
	size_t models_cap;
	char key[SECRET_MAX];
};

static void
add_models(struct sim *sim, struct places *p, char *list)
{
	char *rest;

	for (char *name = strtok_r(list, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		struct text json = {0};

		if (strchr(name, '!'))
			tool_usage("--model: %s: a name holds no '!'", name);
		if (sim->n_models + 1 >= p->models_cap) {
			p->models_cap = 2 * p->models_cap + 2;
			sim->models = tool_grow(sim->models, p->models_cap, sizeof *sim->models);
			sim->names = tool_grow(sim->names, p->models_cap, sizeof *sim->names);
		}
		text_json(&json, name);
		sim->models[sim->n_models] = name;
		sim->names[sim->n_models++] = json.s;
		sim->models[sim->n_models] = NULL;
	}
}

static void
add_fault(struct sim *sim, const char *spec)
{
	char why[160];

	sim->faults = tool_grow(sim->faults, sim->n_faults + 1, sizeof *sim->faults);
	if (!simfault_parse(spec, &sim->faults[sim->n_faults++], why, sizeof why))
		tool_usage("--fault: %s: %s", spec, why);
}

static void
set_key(struct sim *sim, struct places *p, const char *where, const char *why)
{
	if (why)
		tool_die(TOOL_USAGE, "%s: %s", where, why);
	sim->key = p->key;
}

static int64_t
duration(const char *option)
{
	return tool_duration(option, optarg, 0, INT64_C(30) * 86400 * 1000000);
}

static void
take_latency(struct sim *sim, struct places *p, int c)
{
	struct latency *l = &sim->latency;

	switch (c) {
	case OPT_TTFT:
		l->ttft_us = duration("--time-to-first-token");
		p->ttft_given = true;
		break;
	case OPT_TTFT_SD: l->prefill_sd_us = duration("--time-to-first-token-std-dev"); break;
	case OPT_PREFILL_SD: l->prefill_sd_us = duration("--prefill-time-std-dev"); break;
	case OPT_OVERHEAD:
		l->overhead_us = duration("--prefill-overhead");
		l->per_token = true;
		break;
	case OPT_PER_TOKEN:
		l->per_token_us = duration("--prefill-time-per-token");
		l->per_token = true;
		break;
	case OPT_ITL: l->itl_us = duration("--inter-token-latency"); break;
	case OPT_ITL_SD: l->itl_sd_us = duration("--inter-token-latency-std-dev"); break;
	case OPT_FACTOR: l->factor = tool_number("--time-factor-under-load", optarg, 1, 1e6); break;
	case OPT_SEQS: l->max_running = (unsigned)tool_count("--max-num-seqs", optarg, 1, 1000000); break;
	case OPT_SEED: l->seed = (uint64_t)tool_count("--seed", optarg, 0, INT64_MAX); break;
	default: break;
	}
}

static void
take_options(struct sim *sim, struct places *p, int argc, char **argv)
{
	const int64_t far = INT64_C(1) << 40;
	int c;

	while ((c = tool_option(argc, argv, "", options)) != -1)
		switch (c) {
		case OPT_KEY_ENV: set_key(sim, p, optarg, secret_from_env(optarg, p->key)); break;
		case OPT_KEY_FILE: set_key(sim, p, optarg, secret_from_file(optarg, p->key)); break;
		case OPT_BLOCK: sim->block_size = tool_count("--block-size", optarg, 1, far); break;
		case OPT_CACHING: p->caching = true; break;
		case OPT_FAULT: add_fault(sim, optarg); break;
		case OPT_HOST: p->host = optarg; break;
		case OPT_KV: sim->kv_blocks = tool_count("--kv-cache-size", optarg, 1, 100000000); break;
		case OPT_LEN: sim->max_model_len = tool_count("--max-model-len", optarg, 2, far); break;
		case OPT_WAITING: sim->max_waiting = tool_count("--max-waiting-queue-length", optarg, 0, far); break;
		case OPT_MODEL: add_models(sim, p, optarg); break;
		case OPT_OUTPUT: sim->output_tokens = tool_count("--output-tokens", optarg, 1, far); break;
		case OPT_REASONING: sim->reasoning_tokens = tool_count("--reasoning-tokens", optarg, 0, far); break;
		case OPT_PORT: p->port = (int)tool_count("--port", optarg, 0, 65535); break;
		case OPT_READY: p->ready_us = duration("--ready-after"); break;
		case OPT_TRUTH: p->truth = optarg; break;
		case OPT_UNIX: p->unix_path = optarg; break;
		default: take_latency(sim, p, c);
		}
	if (optind < argc)
		tool_usage("%s: unexpected argument", argv[optind]);
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
	(void)ctx;
	if (*httpd_user(c))
		simstream_done(*httpd_user(c));
	*httpd_user(c) = NULL;
}

static void
on_trouble(void *ctx, int error)
{
	(void)ctx;
	tool_warn("accept: %s: new clients wait", strerror(error));
}

static const struct httpd_calls calls = {simserve_request, on_sent, on_done, on_trouble};

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
	if (read(fd, &n, sizeof n) <= 0)
		return;
	sim->armed_us = INT64_MAX;
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

/* Runs until a signal, or until the truth cannot be written.  The timer always stands at
 * the batch's next event. */
static void
loop(struct sim *sim)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	struct event *events[] = {event_new(sim->base, fd, EV_READ | EV_PERSIST, on_timer, sim),
		evsignal_new(sim->base, SIGINT, on_signal, sim), evsignal_new(sim->base, SIGTERM, on_signal, sim)};
	int64_t due;

	sim->armed_us = INT64_MAX;
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (fd < 0 || !events[i] || event_add(events[i], NULL) != 0)
			tool_die(TOOL_RESOURCE, "timer: %s", strerror(errno));
	while (!event_base_got_break(sim->base)) {
		if ((due = batch_due(sim->batch)) != sim->armed_us) {
			int64_t t = due == INT64_MAX ? 0 : due - sim->clock.offset_us;
			struct itimerspec at = {.it_value = {t / 1000000, t % 1000000 * 1000}};

			timerfd_settime(fd, TFD_TIMER_ABSTIME, &at, NULL);
			sim->armed_us = due;
		}
		event_base_loop(sim->base, EVLOOP_ONCE);
	}
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		event_free(events[i]);
	close(fd);
}

static void
start_engine(struct sim *sim, const struct places *p)
{
	files_raise();
	sim->clock = clock_start();
	sim->started_us = clock_us(&sim->clock);
	sim->ready_us = sim->started_us + p->ready_us;
	if (p->truth && (sim->truth_fd = open(p->truth, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) < 0)
		tool_die(TOOL_RESOURCE, "%s: %s", p->truth, strerror(errno));
	sim->metrics = tool_grow(NULL, sim->n_models, sizeof *sim->metrics);
	memset(sim->metrics, 0, sim->n_models * sizeof *sim->metrics);
	sim->batch = batch_new(&sim->latency, (size_t)sim->max_waiting, on_start, sim);
	sim->prefix = p->caching ? prefix_new((size_t)sim->kv_blocks) : NULL;
	sim->base = event_base_new();
	sim->httpd = sim->base ? httpd_new(sim->base, &sim->clock, tool_max_line(), &calls, sim) : NULL;
	if (!sim->batch || !sim->httpd || (p->caching && !sim->prefix))
		tool_die(TOOL_RESOURCE, "out of memory");
}

static void
start_listening(struct sim *sim, struct places *p)
{
	const char *colon = strchr(p->host, ':');
	int fd;

	if (p->port < 0 && !p->unix_path)
		p->port = 8000;
	if (p->port >= 0 && ((fd = listen_tcp(p->host, p->port, &p->bound)) < 0 || !httpd_listen(sim->httpd, fd)))
		tool_die(TOOL_NETWORK, "%s:%d: %s", p->host, p->port, fd == LISTEN_HOST ? "no such address" : strerror(errno));
	if (p->unix_path && ((fd = listen_unix(p->unix_path)) < 0 || !httpd_listen(sim->httpd, fd)))
		tool_die(TOOL_NETWORK, "%s: %s", p->unix_path, strerror(errno));
	if (p->port >= 0)
		printf(colon ? "http://[%s]:%d\n" : "http://%s:%d\n", p->host, p->bound);
	else
		printf("unix:%s\n", p->unix_path);
	fflush(stdout);
}

static void
stop(struct sim *sim, const struct places *p)
{
	httpd_free(sim->httpd);
	batch_free(sim->batch);
	prefix_free(sim->prefix);
	event_base_free(sim->base);
	if (p->unix_path)
		unlink(p->unix_path);
	for (size_t i = 0; i < sim->n_models; i++)
		free(sim->names[i]);
	free(sim->names);
	free(sim->models);
	free(sim->metrics);
	free(sim->faults);
	text_free(&sim->json);
	text_free(&sim->event);
	text_free(&sim->wire);
	text_free(&sim->piece);
}

int
main(int argc, char **argv)
{
	struct sim sim = {
		.latency = {.ttft_us = 50000, .itl_us = 10000, .factor = 1, .max_running = 256},
		.max_model_len = 32768, .max_waiting = 1000, .kv_blocks = 16384, .block_size = 16,
		.output_tokens = -1, .reasoning_tokens = -1, .truth_fd = -1,
	};
	struct places p = {.host = "127.0.0.1", .port = -1};
	char default_model[] = "sim";

	tool_start(&tool);
	take_options(&sim, &p, argc, argv);
	if (sim.latency.per_token && p.ttft_given)
		tool_usage("--time-to-first-token: goes with no --prefill option");
	if (!sim.latency.per_token && 10 * sim.latency.prefill_sd_us > 3 * sim.latency.ttft_us)
		tool_usage("--time-to-first-token-std-dev: more than 30%% of --time-to-first-token");
	if (10 * sim.latency.itl_sd_us > 3 * sim.latency.itl_us)
		tool_usage("--inter-token-latency-std-dev: more than 30%% of --inter-token-latency");
	if (sim.n_models == 0)
		add_models(&sim, &p, default_model);
	start_engine(&sim, &p);
	start_listening(&sim, &p);
	loop(&sim);
	stop(&sim, &p);
	if (sim.truth_errno)
		tool_die(TOOL_RESOURCE, "%s: %s", p.truth, strerror(sim.truth_errno));
	return tool_finish(TOOL_OK);
}
