/* simserve: see simserve.h.  Statuses and error objects are vLLM's. */
#include "simserve.h"

#include "simstream.h"

#include <string.h>
#include <strings.h>

void
sim_answer(struct sim *sim, struct httpd_conn *c, int status, const char *type, const char *more)
{
	struct text *w = &sim->wire;

	w->n = 0;
	simreply_head(w, status, type, sim->json.n, more, httpd_is_last(c));
	text_add(w, sim->json.s, sim->json.n);
	httpd_send(c, w->s, w->n);
	w->n = 0;
	httpd_end(c);
}

void
sim_answer_error(struct sim *sim, struct httpd_conn *c, const struct simerror *e)
{
	sim->json.n = 0;
	simreply_error(&sim->json, e);
	sim_answer(sim, c, e->status, "application/json", e->status == 429 ? "retry-after: 1\r\n" : NULL);
}

static void
generate(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us, enum simtask task)
{
	struct simreq r;
	struct simerror e = {0};

	simstream_pump(sim, recv_us);
	if (!simreq_parse(&r, http->body, http->body_n, task, sim->models, &e))
		sim_answer_error(sim, c, &e);
	else if (!simstream_open(sim, c, http, &r, recv_us, &e))
		sim_answer_error(sim, c, &e);
	simreq_free(&r);
}

static void
serve_chat(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	generate(sim, c, http, recv_us, TASK_CHAT);
}

static void
serve_completions(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	generate(sim, c, http, recv_us, TASK_COMPLETION);
}

static void
serve_embeddings(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	generate(sim, c, http, recv_us, TASK_EMBEDDING);
}

static void
serve_rerank(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	generate(sim, c, http, recv_us, TASK_RANKING);
}

static void
serve_models(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	(void)http;
	(void)recv_us;
	simreply_models(&sim->json, sim->names, sim->n_models, sim->started_us / 1000000, sim->max_model_len);
	sim_answer(sim, c, 200, "application/json", NULL);
}

static void
serve_tokenize(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	struct simreq r;
	struct simerror e;

	(void)recv_us;
	if (simreq_tokenize(&r, http->body, http->body_n, &e)) {
		simreply_tokenized(&sim->json, &r, sim->max_model_len);
		sim_answer(sim, c, 200, "application/json", NULL);
	} else {
		sim_answer_error(sim, c, &e);
	}
	simreq_free(&r);
}

static void
serve_health(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	(void)http;
	(void)recv_us;
	sim_answer(sim, c, 200, "text/plain", NULL);
}

static void
serve_metrics(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us)
{
	(void)http;
	simstream_pump(sim, recv_us);
	sim->json.n = 0;
	simmetrics_page(&sim->json, sim->metrics, sim->names, sim->n_models, sim->kv_blocks, sim->block_size, sim->prefix);
	sim_answer(sim, c, 200, "text/plain; version=0.0.4; charset=utf-8", NULL);
}

static const struct route {
	const char *path, *method;
	bool open; /* needs no key */
	void (*serve)(struct sim *sim, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us);
} routes[] = {
	{"/v1/chat/completions", "POST", false, serve_chat},
	{"/v1/completions", "POST", false, serve_completions},
	{"/v1/embeddings", "POST", false, serve_embeddings},
	{"/v1/rerank", "POST", false, serve_rerank},
	{"/v1/models", "GET", false, serve_models},
	{"/tokenize", "POST", false, serve_tokenize},
	{"/health", "GET", true, serve_health},
	{"/metrics", "GET", true, serve_metrics},
};

static bool
authorized(const struct sim *sim, const struct httpreq *http)
{
	const char *auth = httpreq_header(http, "authorization");

	return !sim->key || (auth && strncasecmp(auth, "Bearer ", 7) == 0 && strcmp(auth + 7, sim->key) == 0);
}

void
simserve_request(void *ctx, struct httpd_conn *c, const struct httpreq *http, int64_t recv_us, int bad)
{
	struct sim *sim = ctx;
	struct simerror e;
	const struct route *r = routes, *end = routes + sizeof routes / sizeof *routes;

	sim->json.n = 0;
	while (!bad && r < end && strcmp(r->path, http->path) != 0)
		r++;
	if (bad)
		simerror_set(&e, bad, "BadRequestError", NULL, bad == 413 ? "the body is too long" : "this is no HTTP request");
	else if (r == end)
		simerror_set(&e, 404, "NotFoundError", NULL, "Not Found");
	else if (strcmp(r->method, http->method) != 0)
		simerror_set(&e, 405, "MethodNotAllowedError", NULL, "Method Not Allowed");
	else if (!r->open && !authorized(sim, http))
		simerror_set(&e, 401, "AuthenticationError", NULL, "Unauthorized");
	else if (recv_us < sim->ready_us)
		simerror_set(&e, 503, "ServiceUnavailableError", NULL, "the engine is still starting");
	else {
		r->serve(sim, c, http, recv_us);
		return;
	}
	sim_answer_error(sim, c, &e);
}
