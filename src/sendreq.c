/* sendreq: sends request records on time and stamps every event of the replies.
 *
 * Reads request records, writes one response record for each request that was sent, in
 * the order of completion, each with one write(2).  The only filter that opens sockets to
 * the engine.  The numbers are right only while this process is not the bottleneck: that
 * is what the progress records are for. */
#include "lib/intake.h"
#include "lib/proxy.h"
#include "lib/redact.h"
#include "lib/resume.h"
#include "lib/secret.h"
#include "lib/sendflags.h"
#include "lib/sendsums.h"
#include "lib/sendshare.h"
#include "lib/shards.h"
#include "lib/target.h"
#include "lib/tool.h"
#include "lib/writeout.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct tool tool = {"sendreq", sendflags_usage, sendflags_help};

#define DAY ((int64_t)86400 * 1000000)
#define YEAR (365 * DAY)
#define MAX_URLS 64
#define SPARE_FILES 32 /* descriptors beside the connections: streams, epoll, timers */

struct sendreq {
	struct load_options load;
	struct wire_options wire;
	const char *urls[MAX_URLS];
	const char *input, *output, *resume, *retry;
	char key[SECRET_MAX];
	int in_fd, out_fd, progress_fd;
	const char *out_name;
	struct sendshare share;
	struct clock clock;
	struct shards shards; /* of processes > 1 */
	struct sendsums sums;
};

static void
set_key(struct sendreq *s, const char *where, const char *why)
{
	if (why)
		tool_die(TOOL_USAGE, "%s: %s", where, why);
	s->wire.api_key = s->key;
}

static void
set_option(struct sendreq *s, int c)
{
	const char *why;

	switch (c) {
	case OPT_URL:
		if (s->wire.n_urls == MAX_URLS)
			tool_usage("--url: more than %d", MAX_URLS);
		s->urls[s->wire.n_urls++] = optarg;
		break;
	case 'c':
		if ((why = slots_parse(optarg, &s->load.slots)))
			tool_usage("-c: %s: %s", optarg, why);
		s->share.slots_given = true;
		break;
	case 'j': s->share.processes = (int)tool_count("-j", optarg, 1, SHARDS_MOST); break;
	case 'o': s->output = optarg; break;
	case OPT_DURATION: s->load.duration_us = tool_duration("--duration", optarg, 1, YEAR); break;
	case OPT_MAX_IN_FLIGHT: s->load.max_in_flight = tool_count("--max-in-flight", optarg, 1, SLOTS_MOST); break;
	case OPT_RESUME: s->resume = optarg; break;
	case OPT_RETRY:
		if (!resume_kinds(s->retry = optarg))
			tool_usage("--retry: %s: a list of " RESUME_KINDS, optarg);
		break;
	case OPT_CONNECT_TIMEOUT: s->wire.connect_us = tool_duration("--connect-timeout", optarg, 1000, DAY); break;
	case OPT_FIRST_TIMEOUT: s->wire.first_us = tool_duration("--first-timeout", optarg, 0, DAY); break;
	case OPT_TIMEOUT: s->wire.total_us = tool_duration("--timeout", optarg, 0, 7 * DAY); break;
	case OPT_GRACE: s->load.grace_us = tool_duration("--grace", optarg, 0, DAY); break;
	case OPT_KEY_ENV: set_key(s, optarg, secret_from_env(optarg, s->key)); break;
	case OPT_KEY_FILE: set_key(s, optarg, secret_from_file(optarg, s->key)); break;
	case OPT_CACERT:
		if (access(optarg, R_OK) != 0)
			tool_die(TOOL_USAGE, "--cacert: %s: %s", optarg, strerror(errno));
		s->wire.cacert = optarg;
		break;
	case OPT_INSECURE: s->wire.insecure = true; break;
	case OPT_UNIX_SOCKET: s->wire.unix_socket = optarg; break;
	case OPT_HTTP2: s->wire.http2 = true; break;
	case OPT_PROXY:
		if ((why = proxy_check(optarg)))
			tool_usage("--proxy: %s", why); /* not what it is: there may be a password in it */
		s->wire.proxy = optarg;
		break;
	case OPT_SHARD:
		if ((why = shards_parse(optarg, SHARDS_MOST, &s->share.shard, &s->share.of)))
			tool_usage("--shard: %s: %s", optarg, why);
		break;
	case OPT_INTO: s->load.into_us = tool_duration("--into", optarg, 0, YEAR); break;
	case OPT_PART: s->wire.part = (int)tool_count("--part", optarg, 1, 1 << 20); break;
	case OPT_START_AT: s->load.start_us = tool_count("--start-at", optarg, 1, INT64_MAX); break;
	case OPT_CLOCK_OFFSET: clock_shift(&s->clock, tool_count("--clock-offset", optarg, -10 * YEAR, 10 * YEAR)); break;
	case OPT_COMPRESSED: s->wire.compressed = true; break;
	case OPT_TEXT: s->wire.keep_text = true; break;
	case OPT_PROGRESS_FD: s->progress_fd = (int)tool_count("--progress-fd", optarg, 0, 1 << 20); break;
	default: break;
	}
}

/* What there is has to be enough for all; a time that was meant in seconds would be long ago. */
static void
check_shares(const struct sendreq *s)
{
	char why[SENDSHARE_WHY];

	if (!sendshare_check(&s->share, &s->load, why))
		tool_usage("%s", why);
	if (s->load.start_us && llabs(s->load.start_us - clock_us(&s->clock)) > YEAR)
		tool_usage("--start-at: %" PRId64 ": not within a year of now: microseconds since 1970 are expected",
		           s->load.start_us);
}

static void
read_options(struct sendreq *s, int argc, char **argv)
{
	int c;

	while ((c = tool_option(argc, argv, SENDFLAGS_SHORT, sendflags)) != -1)
		set_option(s, c);
	if (s->wire.n_urls == 0)
		tool_usage("--url is missing: where is the server?");
	if (s->retry && !s->resume)
		tool_usage("--retry goes with --resume");
	check_shares(s);
	if (argc - optind > 1)
		tool_usage("%s: one input file only", argv[optind + 1]);
	if (optind < argc && strcmp(argv[optind], "-") != 0)
		s->input = argv[optind];
	if (s->progress_fd >= 0 && fcntl(s->progress_fd, F_GETFD) < 0)
		tool_usage("--progress-fd: %d: not an open descriptor", s->progress_fd);
}

/* Every slot is a connection: better to say so now than in a thousand failed records. */
static void
check_files(const struct sendreq *s)
{
	struct rlimit r;
	int64_t need = shards_share(slots_max(&s->load.slots), (int)s->share.of * s->share.processes, 1) + SPARE_FILES;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	if (r.rlim_cur != RLIM_INFINITY && (int64_t)r.rlim_cur < need)
		tool_die(TOOL_RESOURCE, "-c %lld needs %lld file descriptors, the limit is %lld: raise it (ulimit -n)",
		         (long long)slots_max(&s->load.slots), (long long)need, (long long)r.rlim_cur);
}

/* The whole record or nothing, and no other process's in between. */
static bool
write_record(struct sendreq *s, const char *p, size_t n)
{
	bool torn = false;
	bool good = s->shards.n ? shards_write(&s->shards, s->out_fd, p, n, &torn) : writeout(s->out_fd, p, n, &torn);
	int saved = errno;

	if (torn)
		tool_warn("a torn record stays at the end of the output");
	errno = saved;
	return good;
}

static bool
emit(void *ctx, struct exchange *x)
{
	struct sendreq *s = ctx;
	FILE *f = open_memstream(&x->record, &x->record_len);
	bool good = f != NULL;

	s->sums.not_http2 += s->wire.http2 && x->status && !x->http2;
	if (s->wire.api_key)
		redact_reply(&x->reply, s->wire.api_key);
	if (good) {
		exchange_put(f, x);
		good = fclose(f) == 0;
	}
	good = good && write_record(s, x->record, x->record_len);
	if (!good && errno == EPIPE) {
		signal(SIGPIPE, SIG_DFL); /* nobody reads any more: end the way a filter does */
		raise(SIGPIPE);
	}
	if (!good && s->sums.lost++ == 0) {
		s->sums.lost_errno = errno;
		tool_warn("%s: %s: no new requests are sent", s->out_name, strerror(errno));
	}
	if (!good) {
		free(x->record);
		x->record = NULL;
	}
	return good;
}

/* Progress is for whoever looks: a full or closed pipe must not hold up the load. */
static void
progress(void *ctx, struct watch *w, int64_t now_us, const struct watch_counts *p)
{
	struct sendreq *s = ctx;
	struct pollfd room = {.fd = s->progress_fd, .events = POLLOUT};
	char line[1024] = "";
	FILE *f;

	if (s->progress_fd < 0 || !(f = fmemopen(line, sizeof line, "w")))
		return;
	watch_put(f, w, now_us, p);
	fclose(f);
	if (poll(&room, 1, 0) == 1 && !writeout(s->progress_fd, line, strlen(line), NULL))
		s->progress_fd = -1;
}

static void
say(void *ctx, const char *message)
{
	const struct sendreq *s = ctx;

	if (!s->shards.me) /* several say it once */
		tool_warn("%s", message);
}

static void
bad_line(void *ctx, size_t number, size_t column, const char *why)
{
	struct sendreq *s = ctx;
	struct tool_line l = {.file = s->input ? s->input : "<stdin>", .number = number, .column = column};

	if (s->shards.me > 1)
		return; /* each of them reads all lines */
	s->sums.bad_lines++;
	tool_bad_line(&l, why);
}

static void
open_files(struct sendreq *s, struct resume *r)
{
	if (s->resume) {
		if (resume_compact(s->resume, s->retry, tool_max_line(), r) != 0)
			tool_die(errno == ENOSPC ? TOOL_RESOURCE : TOOL_USAGE, "%s: %s", s->resume, strerror(errno));
		s->wire.part = r->part > s->wire.part ? r->part : s->wire.part;
		tool_warn("%s: %zu records kept, %zu dropped", s->resume, r->kept, r->dropped);
		if (!s->output)
			s->output = s->resume;
	}
	if (s->input && ((s->in_fd = open(s->input, O_RDONLY | O_CLOEXEC)) < 0 || read(s->in_fd, NULL, 0) < 0))
		tool_die(TOOL_USAGE, "%s: %s", s->input, strerror(errno));
	if (s->output && (s->out_fd = open(s->output, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666)) < 0)
		tool_die(errno == ENOSPC ? TOOL_RESOURCE : TOOL_USAGE, "%s: %s", s->output, strerror(errno));
	s->out_name = s->output ? s->output : "<stdout>";
}

static void
say_no_answer(const char *url)
{
	struct target t; /* without user and password */

	tool_warn("no request got an answer from %s", target_read(url, &t) ? "the server" : t.shown);
	target_free(&t);
}

/* What came of it, in words where they are needed, and the exit status. */
static int
conclude(const struct sendreq *s)
{
	const struct load_result *r = &s->sums.load;
	int read_errno = s->sums.read_errno;

	if (s->sums.lost)
		tool_warn("%s: %s: %zu records could not be written; when there is room, --resume sends those requests again",
		          s->out_name, strerror(s->sums.lost_errno), s->sums.lost);
	if (s->sums.not_http2)
		tool_warn("--http2: %jd answers came over HTTP/1.1: the server does not offer HTTP/2", s->sums.not_http2);
	if (r->out_of_memory)
		tool_warn("out of memory: the rest was not sent");
	if (r->out_of_files)
		tool_warn("too many open files: some requests could not be sent; raise the limit (ulimit -n)");
	if (read_errno)
		tool_warn("%s: %s", s->input ? s->input : "<stdin>", strerror(read_errno));
	if (r->interrupted)
		return TOOL_INTERRUPTED;
	if (s->sums.lost || r->out_of_memory || r->out_of_files || read_errno)
		return TOOL_RESOURCE;
	if (r->total.sent > 0 && r->answered == 0) {
		say_no_answer(s->urls[0]);
		return TOOL_NETWORK;
	}
	if (r->total.done > 0 && r->total.ok == 0)
		tool_warn("none of %jd requests was ok: their records say why (.error)", (intmax_t)r->total.done);
	return s->sums.bad_lines ? TOOL_BAD : TOOL_OK;
}

/* Send what comes in, to its end. */
static void
send_all(struct sendreq *s, struct resume *resume)
{
	static struct intake in = {.first_at_us = -1};
	const char *why, *bad_url;

	jsonl_open(&in.in, s->in_fd, tool_max_line());
	in.in.no_wait = true;
	in.done = s->resume ? &resume->done : NULL;
	s->load.resume = s->resume ? resume : NULL;
	in.bad = bad_line;
	s->load.ctx = in.ctx = s;
	s->load.shards = s->shards.me ? &s->shards : NULL;
	in.shards = s->load.shards;
	s->wire.urls = s->urls;
	s->wire.clock = &s->clock;
	if (!(s->wire.base = load_base()))
		tool_die(TOOL_RESOURCE, "no event loop: %s", strerror(errno));
	s->sums.load = load_run(&s->load, &s->wire, &in, &why, &bad_url);
	if (why && s->shards.me > 1)
		exit(bad_url ? TOOL_USAGE : TOOL_RESOURCE); /* the first one says it */
	if (why)
		tool_die(bad_url ? TOOL_USAGE : TOOL_RESOURCE, "%s%s%s", bad_url ? bad_url : "", bad_url ? ": " : "", why);
	event_base_free(s->wire.base);
	s->sums.read_errno = in.read_errno;
	intake_close(&in);
}

static void
on_interrupt(void *ctx)
{
	const struct sendreq *s = ctx;

	tool_warn("interrupted: waiting up to %gs for those in flight (Ctrl-C again: cancel them)",
	          (double)s->load.grace_us / 1e6);
}

/* The life of the one that was started, once there are others.  Returns the exit status. */
static int
look_after(struct sendreq *s)
{
	shards_feed(&s->shards, s->in_fd, on_interrupt, s);
	s->sums.read_errno = s->shards.read_errno;
	for (int i = 1; i <= s->shards.n; i++)
		sendsums_add(&s->sums, shards_result(&s->shards, i));
	if (s->shards.killed == SIGPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	if (s->shards.killed) {
		tool_warn("a process was killed (signal %d), and the others stopped; --resume sends the rest",
		          s->shards.killed);
		return 128 + s->shards.killed;
	}
	return s->shards.failed ? s->shards.failed : conclude(s);
}

int
main(int argc, char **argv)
{
	static struct sendreq s = {.out_fd = STDOUT_FILENO, .progress_fd = -1,
		.share = {.shard = 1, .of = 1, .processes = 1},
		.load = {.slots = {.n = 1, .at = {{.count = 1}}}, .grace_us = 5000000, .emit = emit, .progress = progress,
			.say = say},
		.wire = {.connect_us = 10000000, .first_us = 120000000}};
	struct resume resume = {.fd = -1};
	int status = TOOL_OK;

	tool_start(&tool);
	s.clock = clock_start();
	signal(SIGPIPE, SIG_IGN); /* of sockets; emit() deals with stdout's */
	read_options(&s, argc, argv);
	check_files(&s);
	open_files(&s, &resume);
	if (s.share.processes > 1 && !shards_start(&s.shards, s.share.processes, sizeof s.sums))
		tool_die(TOOL_RESOURCE, "-j %d: %s", s.share.processes, strerror(errno));
	if (s.shards.me)
		s.in_fd = s.shards.in_fd;
	if (!s.shards.n || s.shards.me)
		sendshare_take(&s.share, s.shards.me ? s.shards.me : 1, &s.load);
	if (s.shards.n && !s.shards.me) {
		status = look_after(&s);
	} else {
		send_all(&s, &resume);
		if (s.shards.me)
			*(struct sendsums *)shards_result(&s.shards, s.shards.me) = s.sums;
		else
			status = conclude(&s);
	}
	resume_free(&resume);
	return tool_finish(status);
}
