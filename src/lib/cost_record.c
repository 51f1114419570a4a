/* cost_record: see cost_record.h. */
#include "cost_record.h"

#include "money.h"

#include <math.h>
#include <string.h>

#define MAX_WINDOW_S 1e9 /* 31 years */

static const char *const part_keys[COST_PARTS] = {"gpu_usd", "cpu_usd", "memory_usd", "overhead_usd", "total_usd"};

/* ---- a run record ---- */

static const char *
count(int64_t *v, const json_t *o, const char *key, const char *why)
{
	const json_t *n = json_object_get(o, key);

	*v = -1;
	if (!n || json_is_null(n))
		return NULL;
	if (!json_is_integer(n) || json_integer_value(n) < 0)
		return why;
	*v = json_integer_value(n);
	return NULL;
}

const char *
cost_usage(struct usage *u, const json_t *run)
{
	const json_t *window = json_object_get(run, "window"), *requests = json_object_get(run, "requests"),
		*tokens = json_object_get(run, "tokens"), *s = json_object_get(window, "s");
	const char *why;

	if (!json_is_object(window) || !json_is_object(requests) || !json_is_object(tokens))
		return "not a run record: window, requests and tokens are not all there";
	if (s && !json_is_null(s) &&
		!(json_is_number(s) && json_number_value(s) >= 0 && json_number_value(s) <= MAX_WINDOW_S))
		return "window.s: neither null nor a number of seconds";
	if ((why = count(&u->from_us, window, "from_us", "window.from_us: not a time")) ||
		(why = count(&u->to_us, window, "to_us", "window.to_us: not a time")))
		return why;
	u->window_us = s && !json_is_null(s) ? (int64_t)round(json_number_value(s) * 1e6) : -1;
	if ((why = count(&u->ok, requests, "ok", "requests.ok: not a count")) ||
		(why = count(&u->input, tokens, "input", "tokens.input: not a count")) ||
		(why = count(&u->output, tokens, "output", "tokens.output: not a count")))
		return why;
	return NULL;
}

/* ---- the cost record ---- */

static json_t *
usd(int64_t nano)
{
	return nano < 0 ? json_null() : json_real(money_usd(nano));
}

static json_t *
real(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

static json_t *
integer(int64_t v)
{
	return v < 0 ? json_null() : json_integer(v);
}

static json_t *
text(const char *s)
{
	return s ? json_string(s) : json_null();
}

static json_t *
parts_of(const int64_t *v)
{
	json_t *o = json_object();

	for (int i = 0; i < COST_PARTS; i++)
		json_object_set_new(o, part_keys[i], usd(v[i]));
	return o;
}

static int64_t
both(const struct usage *u)
{
	return u->input < 0 || u->output < 0 ? -1 : u->input + u->output;
}

static json_t *
per_tokens(const struct cost_of *of, int64_t n)
{
	const struct usage *u = of->usage;
	json_t *o = json_object();

	json_object_set_new(o, "input_usd", real(cost_per(of->cost, u->window_us, u->input, n)));
	json_object_set_new(o, "output_usd", real(cost_per(of->cost, u->window_us, u->output, n)));
	json_object_set_new(o, "total_usd", real(cost_per(of->cost, u->window_us, both(u), n)));
	return o;
}

static json_t *
shown(int64_t units, unsigned decimals)
{
	char s[MONEY_TEXT];

	if (units < 0)
		return json_null();
	money_text(s, units, decimals);
	return json_string(s);
}

static json_t *
per_1k_text(const struct cost_of *of, int64_t tokens)
{
	int64_t nano = cost_nano(cost_per(of->cost, of->usage->window_us, tokens, 1000));
	unsigned decimals = money_decimals(&nano, 1, 4);

	return shown(nano == MONEY_NONE ? MONEY_NONE : money_units(nano, decimals), decimals);
}

static json_t *
text_of(const struct cost_of *of)
{
	json_t *o = json_object(), *breakdown = json_object();
	int64_t parts[COST_PARTS];
	unsigned decimals;

	json_object_set_new(o, "cost_per_1k_tokens", per_1k_text(of, both(of->usage)));
	json_object_set_new(o, "cost_per_1k_output_tokens", per_1k_text(of, of->usage->output));
	decimals = cost_shown(of->cost, parts);
	json_object_set_new(o, "hourly_cost", shown(parts[COST_TOTAL], decimals));
	json_object_set_new(breakdown, "gpu", shown(parts[COST_GPU], decimals));
	json_object_set_new(breakdown, "cpu", shown(parts[COST_CPU], decimals));
	json_object_set_new(breakdown, "memory", shown(parts[COST_MEMORY], decimals));
	json_object_set_new(o, "breakdown", breakdown);
	return o;
}

static void
say(json_t *why, const char *key, bool missing, const char *reason)
{
	if (missing && reason)
		json_object_set_new(why, key, json_string(reason));
}

static const char *
no_tokens(const struct usage *u, int64_t n)
{
	return u->ok <= 0 ? "no request was ok" : n < 0 ? "the tokens are not known" : "there were no tokens";
}

/* What is null, and why. */
static json_t *
not_measured(const struct cost_of *of)
{
	const struct usage *u = of->usage;
	const struct server *s = of->server;
	json_t *why = json_object();

	if (of->cost->hour[COST_TOTAL] == MONEY_NONE) {
		say(why, "cost", true, s->gpus == 0  ? "neither the CPU nor the memory of this server is known and priced"
		                       : of->unclear ? of->unclear
		                                     : "the GPU of this server is not known");
		return why;
	}
	say(why, "cpu", s->nanocores < 0, "the CPU of this server is not known");
	say(why, "cpu", s->nanocores >= 0 && of->prices->core < 0, "cpu.hourly_per_core has no price");
	say(why, "memory", s->memory_bytes < 0, "the memory of this server is not known");
	say(why, "memory", s->memory_bytes >= 0 && of->prices->gib < 0, "memory.hourly_per_gib has no price");
	if (u->window_us < 0) {
		say(why, "run", true, "the run has no window: no request was sent");
		return why;
	}
	say(why, "per_request", u->ok <= 0, "no request was ok");
	say(why, "per_tokens.input", u->input <= 0, no_tokens(u, u->input));
	say(why, "per_tokens.output", u->output <= 0, no_tokens(u, u->output));
	say(why, "per_tokens.total", both(u) <= 0, no_tokens(u, both(u)));
	say(why, "idle", true, s->gpus == 0 ? "the server has no GPU" : of->not_idle ? of->not_idle : NULL);
	say(why, "idle", !of->not_idle && !isfinite(of->util), "no use of a GPU was measured within the window");
	return why;
}

static void
what_was_priced(json_t *doc, const struct cost_of *of)
{
	const struct server *s = of->server;
	json_t *gpu = json_object(), *cpu = json_object(), *memory = json_object();

	json_object_set_new(gpu, "product", text(s->gpu));
	json_object_set_new(gpu, "row", text(of->row ? of->row->key : NULL));
	json_object_set_new(gpu, "count", integer(s->gpus));
	json_object_set_new(gpu, "hourly_usd", usd(of->row ? prices_hour(of->row) : MONEY_NONE));
	json_object_set_new(cpu, "cores", s->nanocores < 0 ? json_null() : json_real((double)s->nanocores / 1e9));
	json_object_set_new(cpu, "core_hourly_usd", usd(of->prices->core));
	json_object_set_new(memory, "bytes", integer(s->memory_bytes));
	json_object_set_new(memory, "gib",
		s->memory_bytes < 0 ? json_null() : json_real(ldexp((double)s->memory_bytes, -30)));
	json_object_set_new(memory, "gib_hourly_usd", usd(of->prices->gib));
	json_object_set_new(doc, "gpu", gpu);
	json_object_set_new(doc, "cpu", cpu);
	json_object_set_new(doc, "memory", memory);
	json_object_set_new(doc, "overhead_ratio", json_real((double)of->prices->overhead / 1e9));
}

/* What the time cost in which the GPUs had nothing to do. */
static json_t *
idle_of(const struct cost_of *of)
{
	int64_t gpu = of->cost->run[COST_GPU];
	json_t *o;

	if (gpu == MONEY_NONE || of->not_idle || !isfinite(of->util))
		return json_null();
	o = json_object();
	json_object_set_new(o, "gpu_ratio", json_real(1 - of->util));
	json_object_set_new(o, "gpu_usd", usd((int64_t)round((double)gpu * (1 - of->util))));
	return o;
}

json_t *
cost_record(const struct cost_of *of)
{
	const struct usage *u = of->usage;
	json_t *doc = json_object(), *tokens = json_object(), *from;

	what_was_priced(doc, of);
	json_object_set_new(doc, "window_s", u->window_us < 0 ? json_null() : json_real((double)u->window_us / 1e6));
	json_object_set_new(doc, "ok", integer(u->ok));
	json_object_set_new(tokens, "input", integer(u->input));
	json_object_set_new(tokens, "output", integer(u->output));
	json_object_set_new(tokens, "total", integer(both(u)));
	from = json_object_get(of->tokens, "input_from");
	json_object_set(tokens, "input_from", from ? from : json_null());
	from = json_object_get(of->tokens, "output_from");
	json_object_set(tokens, "output_from", from ? from : json_null());
	json_object_set_new(doc, "tokens", tokens);
	json_object_set_new(doc, "hour", parts_of(of->cost->hour));
	json_object_set_new(doc, "run", parts_of(of->cost->run));
	json_object_set_new(doc, "per_request_usd", real(cost_per(of->cost, u->window_us, u->ok, 1)));
	json_object_set_new(doc, "per_1k_tokens", per_tokens(of, 1000));
	json_object_set_new(doc, "per_1m_tokens", per_tokens(of, 1000000));
	json_object_set_new(doc, "idle", idle_of(of));
	json_object_set_new(doc, "text", text_of(of));
	json_object_set_new(doc, "not_measured", not_measured(of));
	return doc;
}
