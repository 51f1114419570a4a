/* simstream: see simstream.h.
 *
 * A stream is in the batch until its last token, or until a fault or its client ends it
 * before; it lives until its connection is done with it.  What it says and how it breaks
 * off is in simsay.c. */
#include "simask.h"
#include "simsay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
simstream_leave(struct simstream *s, int64_t now, enum simfinish why)
{
	struct simmetrics *m = &s->sim->metrics[s->model];

	if (!s->in_batch)
		return;
	if (!s->left) /* the batch has let go of it by itself when its last token is made */
		batch_cancel(s->sim->batch, now, s->batch_id);
	s->in_batch = false;
	*(s->started ? &m->running : &m->waiting) -= 1;
	m->blocks -= s->blocks;
	m->finished[why]++;
	if (why > FINISH_LENGTH)
		return;
	simmetrics_time(m, TIME_E2E, s->last_us - s->recv_us);
	simmetrics_time(m, TIME_DECODE, s->last_us - s->first_us);
}

static void
count_token(struct simstream *s, const struct batch_event *e)
{
	struct simmetrics *m = &s->sim->metrics[s->model];
	int64_t size = s->sim->block_size, blocks = (s->reply.prompt + e->token + size - 1) / size;

	m->blocks += blocks - s->blocks;
	s->blocks = blocks;
	if (s->task >= TASK_EMBEDDING) {
		s->first_us = s->last_us = e->plan_us; /* nothing is generated */
		return;
	}
	m->generation_tokens += (uint64_t)s->reply.choices;
	if (e->token == 1) {
		s->first_us = e->plan_us;
		simmetrics_time(m, TIME_TTFT, e->plan_us - s->recv_us);
		simmetrics_time(m, TIME_PREFILL, e->plan_us - s->start_us);
	} else {
		simmetrics_time(m, TIME_ITL, e->plan_us - s->last_us);
	}
	s->last_us = e->plan_us;
	s->reply.made = e->token;
}

void
simstream_pump(struct sim *sim, int64_t now)
{
	struct batch_event e;

	while (batch_next(sim->batch, now, &e)) {
		struct simstream *s = e.user;

		count_token(s, &e);
		s->left = e.last;
		simsay_token(s, e.plan_us, e.last);
	}
}

int64_t
simstream_start(struct simstream *s, int64_t start_us)
{
	struct sim *sim = s->sim;
	struct simmetrics *m = &sim->metrics[s->model];

	s->start_us = start_us;
	s->started = true;
	m->waiting--;
	m->running++;
	m->prompt_tokens += (uint64_t)s->reply.prompt;
	s->blocks = (s->reply.prompt + sim->block_size - 1) / sim->block_size;
	m->blocks += s->blocks;
	simmetrics_time(m, TIME_QUEUE, start_us - s->recv_us);
	if (sim->prefix && s->reply.prompt > 0) {
		/* The last token is always computed: without it there is nothing to go on from. */
		size_t most = (size_t)((s->reply.prompt - 1) / sim->block_size);

		s->reply.cached = (int64_t)prefix_take(sim->prefix, s->hashes, s->n_hashes, most) * sim->block_size;
		m->prefix_queries += (uint64_t)s->reply.prompt;
		m->prefix_hits += (uint64_t)s->reply.cached;
	}
	return s->reply.cached;
}

void
simstream_sent(struct simstream *s, size_t event, int64_t t_us)
{
	simtruth_sent(&s->truth, event, t_us);
}

/* Whether the reply was what was asked: what was cut short is not. */
static const char *
verdict(const struct simstream *s, signed char right)
{
	if (right < 0)
		return "null";
	return right && s->finish == FINISH_STOP && s->reply.made == s->tokens ? "true" : "false";
}

static void
write_truth(struct simstream *s)
{
	struct sim *sim = s->sim;
	struct text *t = &sim->event;
	char fault[256];

	t->n = 0;
	simfault_name(&s->fault, fault, sizeof fault);
	simtruth_begin(t, &s->truth, s->request_id, s->arrived_us, s->recv_us);
	text_printf(t, ",\"prompt_tokens\":%" PRId64 ",\"cached_tokens\":%" PRId64 ",\"output_tokens\":%" PRId64
		",\"reasoning_tokens\":%" PRId64 ",\"structured\":%s,\"tool_call\":%s,\"fault\":", s->reply.prompt,
		s->reply.cached, s->reply.made * s->reply.choices,
		(s->thoughts < s->reply.made ? s->thoughts : s->reply.made) * s->reply.choices,
		verdict(s, s->answer.structured), verdict(s, s->answer.call));
	if (*fault)
		text_json(t, fault);
	else
		text_puts(t, "null");
	text_puts(t, "}\n");
	errno = 0;
	if (t->bad || write(sim->truth_fd, t->s, t->n) != (ssize_t)t->n) {
		sim->truth_errno = t->bad ? ENOMEM : errno ? errno : ENOSPC;
		event_base_loopbreak(sim->base);
	}
}

static void
free_stream(struct simstream *s)
{
	simpace_free(s->pace);
	simanswer_free(&s->answer);
	simtruth_free(&s->truth);
	free(s->hashes);
	free(s);
}

void
simstream_done(struct simstream *s)
{
	int64_t now = clock_us(&s->sim->clock);

	if (s->in_batch)
		simstream_pump(s->sim, now);
	simstream_leave(s, now, FINISH_ABORT);
	if (s->sim->truth_fd >= 0 && !s->sim->truth_errno)
		write_truth(s);
	free_stream(s);
}

/* How long the answer is by itself, thinking included, when the engine's own length or the request's
 * says so of prose. */
static int64_t
natural_length(const struct simstream *s, const struct simreq *r, int64_t most)
{
	int64_t n = simanswer_tokens(&s->answer);

	if (n > 0)
		return n + s->thoughts;
	n = s->sim->output_tokens;
	if (n < 0)
		n = r->max_tokens >= 0 ? most : SIMSTREAM_TOKENS;
	if (n < r->min_tokens)
		n = r->min_tokens;
	return r->ignore_eos && r->max_tokens >= 0 ? most : n;
}

/* How many tokens are made, which of them are thinking, and why it ends there. */
static void
decide_length(struct simstream *s, const struct simreq *r)
{
	int64_t room = s->sim->max_model_len - s->reply.prompt, natural;
	int64_t most = r->max_tokens >= 0 && r->max_tokens < room ? r->max_tokens : room;
	bool value = s->answer.kind != ANSWER_WORDS;

	if (s->task >= TASK_EMBEDDING) {
		s->tokens = 1; /* of the batch's time: what is read is what takes it */
		s->finish = FINISH_STOP;
		return;
	}
	s->thoughts = s->reply.chat && s->sim->reasoning_tokens > 0 ? s->sim->reasoning_tokens : 0;
	s->reply.thoughts = s->sim->reasoning_tokens >= 0 && s->reply.chat ? s->thoughts : -1;
	natural = natural_length(s, r, most);
	s->tokens = natural < most ? natural : most;
	s->finish = natural < most || (value && natural == most) ? FINISH_STOP : FINISH_LENGTH;
	if (s->reply.chat && simfault_has(&s->fault, FAULT_REASONING))
		s->thoughts = s->fault.count ? s->fault.count : s->tokens / 2;
	if (s->answer.stop && s->answer.stop + s->thoughts <= s->tokens) {
		s->tokens = s->answer.stop + s->thoughts;
		s->finish = FINISH_STOP;
	}
}

static bool
fits(const struct sim *sim, const struct simreq *r, struct simerror *e)
{
	int64_t want = r->max_tokens > 0 ? r->max_tokens : 1;

	if (want <= sim->max_model_len - (int64_t)r->tokens)
		return true;
	simerror_set(e, 400, "BadRequestError", NULL, "This model's maximum context length is %" PRId64
		" tokens. However, the request has %zu in the prompt and wants %" PRId64 " for the completion.",
		sim->max_model_len, r->tokens, want);
	return false;
}

/* What goes wrong with this request: what its header or its model's name asks for, else the
 * first of the options' faults that befalls it. */
static bool
choose_fault(struct simstream *s, const struct httpreq *http, const struct simreq *r, struct simerror *e)
{
	const char *spec = httpreq_header(http, "x-sim-fault");
	char why[160];

	if (!spec)
		spec = r->fault;
	if (spec) {
		if (simfault_parse(spec, &s->fault, why, sizeof why))
			return true;
		s->fault = (struct simfault){0};
		simerror_set(e, 400, "BadRequestError", "model", "fault: %s", why);
		return false;
	}
	for (size_t i = 0; i < s->sim->n_faults; i++)
		if (simfault_hits(&s->sim->faults[i], s->sim->latency.seed, i, s->number)) {
			s->fault = s->sim->faults[i];
			break;
		}
	return true;
}

static void
name_request(struct simstream *s, const struct httpreq *http)
{
	static const char *const ids[] = {[TASK_COMPLETION] = "cmpl", [TASK_CHAT] = "chatcmpl", [TASK_EMBEDDING] = "embd",
		[TASK_RANKING] = "rerank"};
	const char *id = httpreq_header(http, "x-request-id");

	snprintf(s->id, sizeof s->id, "%s-%016" PRIx64 "%08" PRIx64, ids[s->task],
		(uint64_t)s->sim->started_us, s->number);
	snprintf(s->request_id, sizeof s->request_id, "%s", id ? id : s->id);
	for (char *p = s->request_id; *p; p++)
		if (*p < ' ' || *p > '~') /* also what is not ASCII */
			*p = '?';
}

static struct simstream *
new_stream(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, const struct simreq *r, int64_t recv_us)
{
	struct simstream *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->sim = sim;
	s->conn = c;
	s->number = ++sim->number;
	s->model = r->model;
	s->stream = r->stream;
	s->usage = r->usage;
	s->http11 = http->http11;
	s->recv_us = recv_us;
	s->arrived_us = http->arrived_us;
	s->task = r->task;
	s->items = r->items;
	s->reply = (struct simreply){.chat = r->chat, .id = s->id, .model = sim->names[r->model],
		.created = recv_us / 1000000, .prompt = (int64_t)r->tokens, .choices = 1, .thoughts = -1};
	name_request(s, http);
	if (sim->prefix && (s->n_hashes = r->tokens / (size_t)sim->block_size) > 0) {
		if (!(s->hashes = malloc(s->n_hashes * sizeof *s->hashes))) {
			free(s);
			return NULL;
		}
		prefix_hashes(r->model, r->ids, r->tokens, (size_t)sim->block_size, s->hashes);
	}
	return s;
}

static bool
enter_batch(struct simstream *s, struct simerror *e)
{
	struct batch_job job = {.number = s->number, .prompt = s->reply.prompt, .tokens = s->tokens, .user = s};
	enum batch_status got;

	s->in_batch = true;
	s->sim->metrics[s->model].waiting++;
	if ((got = batch_arrive(s->sim->batch, s->recv_us, &job, &s->batch_id)) == BATCH_OK)
		return true;
	s->in_batch = false;
	s->sim->metrics[s->model].waiting--;
	if (got == BATCH_FULL)
		simerror_set(e, 429, "TooManyRequestsError", NULL, "Too many requests: the waiting queue is full.");
	else
		simerror_set(e, 500, "InternalServerError", NULL, "out of memory");
	return false;
}

bool
simstream_open(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, const struct simreq *r,
	int64_t recv_us, struct simerror *e)
{
	struct simstream *s;

	if (!fits(sim, r, e))
		return false;
	if (!(s = new_stream(sim, c, http, r, recv_us))) {
		simerror_set(e, 500, "InternalServerError", NULL, "out of memory");
		return false;
	}
	if (!choose_fault(s, http, r, e) || (r->ask && !simanswer_make(&s->answer, r->ask, &s->fault, s->number,
		r->max_tokens >= 0 ? r->max_tokens : sim->max_model_len, e))) {
		free_stream(s);
		return false;
	}
	if (r->ask)
		s->reply.choices = r->ask->choices;
	decide_length(s, r);
	*httpd_user(c) = s;
	if (s->fault.kinds & SIMFAULT_EARLY)
		simsay_instead(s);
	else if (!enter_batch(s, e))
		return false; /* its refusal is its answer; done() comes with that */
	else
		simsay_begin(s);
	return true;
}
