/* gpusample: writes telemetry records, one for each GPU and each engine, once an interval.
 *
 * Reads nothing but the clock.  GPUs through NVML or nvidia-smi, engines through their metrics
 * pages; these are fetched while the clock goes on, so that a slow engine holds up no GPU.  What
 * cannot be measured is left out of a record, never zero; a source that is in trouble is told
 * of once, and once when it is back. */
#include "lib/clock.h"
#include "lib/engine.h"
#include "lib/gpus.h"
#include "lib/nearest.h"
#include "lib/proxy.h"
#include "lib/put.h"
#include "lib/scrape.h"
#include "lib/secret.h"
#include "lib/target.h"
#include "lib/tool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define SECOND ((int64_t)1000000)
#define DAY (86400 * SECOND)
#define MAX_URLS 64

enum { OPT_SOURCE = 256, OPT_URL, OPT_TIMEOUT, OPT_KEY_ENV, OPT_KEY_FILE, OPT_CACERT, OPT_INSECURE, OPT_PROXY,
	OPT_UNIX_SOCKET };

static const struct tool tool = {
	"gpusample",
	"[-i INTERVAL] [-n COUNT] [--source NAME]... [--url METRICS]... [option]...",
	"Write telemetry records of GPUs and inference engines.\n"
	"  -i, --interval INTERVAL\n"
	"                       time from one sample to the next (1s)\n"
	"  -n, --count COUNT    end after COUNT samples\n"
	"  --source NAME        nvml, nvidia-smi or engine (what there is)\n"
	"  --url METRICS        an engine, or its metrics page\n"
	"  --timeout D          for a metrics page, and for nvidia-smi (5s)\n"
	"  --api-key-env NAME   the environment variable that holds the API key\n"
	"  --api-key-file F     the file that holds the API key\n"
	"  --cacert F           trust the certificates in F\n"
	"  --insecure           do not verify the engine's certificate\n"
	"  --proxy URL          the proxy, instead of the environment's; '': none\n"
	"  --unix-socket F      connect to this socket, whatever the URL says\n",
};

static const struct option longs[] = {
	{"interval", required_argument, NULL, 'i'},
	{"count", required_argument, NULL, 'n'},
	{"source", required_argument, NULL, OPT_SOURCE},
	{"url", required_argument, NULL, OPT_URL},
	{"timeout", required_argument, NULL, OPT_TIMEOUT},
	{"api-key-env", required_argument, NULL, OPT_KEY_ENV},
	{"api-key-file", required_argument, NULL, OPT_KEY_FILE},
	{"cacert", required_argument, NULL, OPT_CACERT},
	{"insecure", no_argument, NULL, OPT_INSECURE},
	{"proxy", required_argument, NULL, OPT_PROXY},
	{"unix-socket", required_argument, NULL, OPT_UNIX_SOCKET},
	{0},
};

enum { ENGINE = 4 }; /* beside GPUS_NVML and GPUS_SMI */

/* An engine that is sampled. */
struct page {
	char *shown; /* its URL without user and password */
	bool down, bad_before; /* in trouble; the page before had bad lines */
	size_t bad;
};

struct sampler {
	struct clock clock;
	int64_t interval_us, count;
	struct scrape_options options;
	char key[SECRET_MAX], host[256];
	unsigned sources; /* asked for */
	struct gpus gpus;
	bool nvml_down[GPUS_MAX], smi_gpu_down[GPUS_MAX], smi_down;
	bool smi_bad, smi_bad_before; /* a line of nvidia-smi's was bad, now and the time before */
	char *urls[MAX_URLS];
	struct page pages[MAX_URLS];
	size_t n_pages;
	struct scrapes scrapes;
	int signal_fd, signals;
	size_t gpus_read, pages_read, bad_lines;
};

static void
set_key(struct sampler *s, const char *where, const char *why)
{
	if (why)
		tool_die(TOOL_USAGE, "%s: %s", where, why);
	s->options.api_key = s->key;
}

static void
add_source(struct sampler *s, const char *name)
{
	static const char *const names[] = {"nvml", "nvidia-smi", "engine", NULL};
	const char *near = nearest(name, names);

	for (int i = 0; names[i]; i++)
		if (strcmp(name, names[i]) == 0) {
			s->sources |= 1u << i;
			return;
		}
	tool_usage("--source: %s: expected nvml, nvidia-smi or engine%s%s%s", name, near ? " (did you mean " : "",
	           near ? near : "", near ? "?)" : "");
}

/* A URL without a path means the page that every engine has there. */
static char *
with_path(const char *base)
{
	const char *path = strchr(strstr(base, "://") + 3, '/') ? "" : "/metrics";
	size_t n = strlen(base) + strlen(path) + 1;
	char *url = tool_grow(NULL, n, 1);

	snprintf(url, n, "%s%s", base, path);
	return url;
}

static void
add_url(struct sampler *s, const char *text)
{
	struct target t;
	const char *why = target_read(text, &t);

	if (why)
		tool_usage("--url: %s: %s", target_called(text), why);
	if (s->n_pages == MAX_URLS)
		tool_usage("--url: more than %d", MAX_URLS);
	s->urls[s->n_pages] = with_path(t.base);
	s->pages[s->n_pages++].shown = with_path(t.shown);
	target_free(&t);
}

static void
read_options(struct sampler *s, int argc, char **argv)
{
	int c;

	while ((c = tool_option(argc, argv, "i:n:", longs)) != -1)
		switch (c) {
		case 'i': s->interval_us = tool_duration("-i", optarg, SECOND / 100, DAY); break;
		case 'n': s->count = tool_count("-n", optarg, 1, INT64_MAX); break;
		case OPT_SOURCE: add_source(s, optarg); break;
		case OPT_URL: add_url(s, optarg); break;
		case OPT_TIMEOUT: s->options.timeout_us = tool_duration("--timeout", optarg, 1000, DAY); break;
		case OPT_KEY_ENV: set_key(s, optarg, secret_from_env(optarg, s->key)); break;
		case OPT_KEY_FILE: set_key(s, optarg, secret_from_file(optarg, s->key)); break;
		case OPT_CACERT:
			if (access(optarg, R_OK) != 0)
				tool_die(TOOL_USAGE, "--cacert: %s: %s", optarg, strerror(errno));
			s->options.cacert = optarg;
			break;
		case OPT_INSECURE: s->options.insecure = true; break;
		case OPT_PROXY:
			if (proxy_check(s->options.proxy = optarg))
				tool_usage("--proxy: %s", proxy_check(optarg)); /* not what it is: a password may be in it */
			break;
		case OPT_UNIX_SOCKET: s->options.unix_socket = optarg; break;
		default: break;
		}
	if (optind < argc)
		tool_usage("%s: it reads no files", argv[optind]);
	if ((s->sources & ENGINE) && s->n_pages == 0)
		tool_usage("--source engine: --url is missing: where is the engine?");
	if (s->sources && !(s->sources & ENGINE) && s->n_pages > 0)
		tool_usage("--url goes with --source engine");
}

/* The sources that were asked for must be there; without a wish, those that are. */
static void
open_gpus(struct sampler *s)
{
	unsigned wanted = s->sources & (GPUS_NVML | GPUS_SMI);
	char why[512];

	if (s->sources == 0 && gpus_open_any(&s->gpus, &s->clock, s->options.timeout_us, why) && s->n_pages == 0)
		tool_die(TOOL_RESOURCE, "no GPU here (%s), and no --url of an engine", why);
	if (wanted && gpus_open(&s->gpus, wanted, &s->clock, s->options.timeout_us, why))
		tool_die(TOOL_RESOURCE, "%s", why);
}

static void
open_signals(struct sampler *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if ((s->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)) < 0)
		tool_die(TOOL_RESOURCE, "signalfd: %s", strerror(errno));
}

/* A trouble is told of when it begins and when it is over.  Whether there is something to write. */
static bool
news(bool *down, const char *what, const char *why)
{
	bool was = *down;

	*down = why != NULL;
	if (why && !was)
		tool_warn("%s: %s", what, why);
	else if (!why && was)
		tool_warn("%s: is back", what);
	return !(why && was);
}

static void
begin_record(const struct sampler *s, int64_t t_us, const char *source)
{
	printf("{\"t_us\":%jd,\"source\":\"%s\",\"host\":", (intmax_t)t_us, source);
	put_string(stdout, s->host, strlen(s->host));
}

static void
end_record(void) /* one write(2): it fits in the buffer that main() gave stdout */
{
	puts("}");
	fflush(stdout);
}

static void
put_error(const char *why)
{
	printf(",\"error\":");
	put_string(stdout, why, strlen(why));
}

static void
write_gpu(void *ctx, int64_t t_us, const char *source, const struct gpu *g)
{
	struct sampler *s = ctx;
	bool *down = strcmp(source, "nvml") == 0 ? s->nvml_down : s->smi_gpu_down;
	char what[160];

	snprintf(what, sizeof what, "%s: GPU %d%s%s", source, g->index, *g->name ? ", " : "", g->name);
	if (!news(&down[g->index], what, *g->error ? g->error : NULL))
		return;
	s->gpus_read += !*g->error;
	begin_record(s, t_us, source);
	gpu_put(stdout, g);
	end_record();
}

static void
write_smi(void *ctx, int64_t t_us, const char *why)
{
	struct sampler *s = ctx;

	s->smi_bad_before = s->smi_bad;
	s->smi_bad = false;
	if (!news(&s->smi_down, "nvidia-smi", why) || !why)
		return;
	begin_record(s, t_us, "nvidia-smi");
	put_error(why);
	end_record();
}

/* A bad line is told of unless the answer before had one too. */
static void
bad_smi_line(void *ctx, size_t number, const char *why)
{
	struct sampler *s = ctx;
	struct tool_line l = {.file = "nvidia-smi", .number = number};

	if (!s->smi_bad && !s->smi_bad_before)
		tool_bad_line(&l, why);
	s->smi_bad = true;
	s->bad_lines++;
}

static void
bad_page_line(void *ctx, size_t number, size_t column, const char *why)
{
	struct page *p = ctx;
	struct tool_line l = {.file = p->shown, .number = number, .column = column};

	if (p->bad == 0 && !p->bad_before)
		tool_bad_line(&l, why);
	p->bad++;
}

static void
write_page(void *ctx, size_t i, struct scrape *got, const char *why)
{
	struct sampler *s = ctx;
	struct page *p = &s->pages[i];
	struct engine_page sums;
	const char *engine = NULL;

	engine_start(&sums);
	p->bad_before = p->bad > 0;
	p->bad = 0;
	if (!why && !engine_read(&sums, got->page.s, bad_page_line, p))
		tool_die(TOOL_RESOURCE, "out of memory");
	s->bad_lines += p->bad;
	if (!why && !(engine = engine_end(&sums)))
		why = "no metric of vLLM, SGLang or llama.cpp in it";
	if (news(&p->down, p->shown, why)) {
		begin_record(s, got->asked_us, "engine");
		printf(",\"url\":");
		put_string(stdout, p->shown, strlen(p->shown));
		if (why) {
			put_error(why);
		} else {
			printf(",\"engine\":\"%s\"", engine);
			engine_put(stdout, &sums, engine);
			s->pages_read++;
		}
		end_record();
	}
	engine_free(&sums);
}

static void
sample(struct sampler *s)
{
	scrapes_ask(&s->scrapes, clock_us(&s->clock));
	gpus_read(&s->gpus, &(struct gpus_calls){write_gpu, write_smi, bad_smi_line, s});
}

/* Write what engines answer until the time has come, or, without one, until all have; or until
 * there is one signal more. */
static void
wait_until(struct sampler *s, int64_t until_us)
{
	struct signalfd_siginfo got;
	int64_t left, before = s->signals;

	for (;;) {
		scrapes_take(&s->scrapes, write_page, s);
		left = until_us ? until_us - clock_us(&s->clock) : SECOND;
		if (s->signals > before || left <= 0 || ferror(stdout) || (!until_us && !scrapes_busy(&s->scrapes)))
			return;
		scrapes_wait(&s->scrapes, s->signal_fd, left);
		while (read(s->signal_fd, &got, sizeof got) == sizeof got)
			s->signals++;
	}
}

/* Sample at start + k intervals until it is time to end; whether as often as was asked. */
static bool
run(struct sampler *s)
{
	int64_t start = clock_us(&s->clock), k = 0, now, taken = 0;

	for (;;) {
		sample(s);
		if (++taken == s->count || ferror(stdout))
			break;
		now = clock_us(&s->clock);
		/* What was missed is missed. */
		k = (now - start) / s->interval_us > k ? (now - start) / s->interval_us + 1 : k + 1;
		wait_until(s, start + k * s->interval_us);
		if (s->signals || ferror(stdout))
			break;
	}
	if (s->signals == 1)
		sample(s); /* so that counters cover the time up to the signal */
	wait_until(s, 0);
	return taken == s->count || s->count == 0;
}

int
main(int argc, char **argv)
{
	static struct sampler s = {.interval_us = SECOND, .options = {.timeout_us = 5 * SECOND}};
	bool complete;

	tool_start(&tool);
	s.clock = clock_start();
	read_options(&s, argc, argv);
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	gethostname(s.host, sizeof s.host - 1);
	open_gpus(&s);
	if (!scrapes_open(&s.scrapes, s.urls, s.n_pages, &s.options))
		tool_die(TOOL_RESOURCE, "libcurl cannot start");
	open_signals(&s);
	complete = run(&s);
	scrapes_close(&s.scrapes);
	for (size_t i = 0; i < s.n_pages; i++)
		free(s.urls[i]), free(s.pages[i].shown);
	gpus_close(&s.gpus);
	if (!complete)
		return tool_finish(TOOL_INTERRUPTED);
	if (s.gpus.sources && s.gpus_read == 0)
		return tool_finish(TOOL_RESOURCE);
	if (s.n_pages > 0 && s.pages_read == 0)
		return tool_finish(TOOL_NETWORK);
	return tool_finish(s.bad_lines ? TOOL_BAD : TOOL_OK);
}
