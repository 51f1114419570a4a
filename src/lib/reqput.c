/* reqput: see reqput.h. */
#include "reqput.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool
reqput_start(struct reqput_common *c, const struct api *api, const struct body *body, json_t *tags, json_t *system)
{
	char *text = tags ? json_dumps(tags, JSON_COMPACT) : strdup("{}");

	*c = (struct reqput_common){.api = api, .body = body, .tags = text, .category = !json_object_get(tags, "category"),
		.adapter = !json_object_get(tags, "adapter"), .stage = !json_object_get(tags, "stage")};
	if (text)
		text[strlen(text) - 1] = '\0';
	if (system)
		c->system = json_dumps(system, JSON_COMPACT | JSON_ENCODE_ANY);
	return text && (c->system || !system);
}

void
reqput_end(struct reqput_common *c)
{
	free(c->tags);
	free(c->system);
	c->tags = c->system = NULL;
}

static void
put_span(FILE *f, struct span s)
{
	fwrite(s.s, 1, s.n, f);
}

static void
put_prompt(FILE *f, const struct reqput_common *c, const struct reqput *q)
{
	bool message = c->api->messages && (q->text || *q->prompt.s == '"');

	if (message)
		putc('[', f);
	if (message && c->system && q->turn <= 1)
		fprintf(f, "{\"role\":\"system\",\"content\":%s},", c->system);
	if (message)
		fputs("{\"role\":\"user\",\"content\":", f);
	if (q->text)
		putc('"', f);
	if (q->mark) {
		put_span(f, (struct span){q->prompt.s, q->mark_at});
		fputs(q->mark, f);
	}
	put_span(f, (struct span){q->prompt.s + q->mark_at, q->prompt.n - q->mark_at});
	if (q->text)
		putc('"', f);
	if (message)
		fputs("}]", f);
}

/* The whole member: without a model there is none. */
static void
put_model(FILE *f, const struct body *b, const struct reqput *q)
{
	if (q->adapter.s)
		fprintf(f, "\"model\":\"%.*s\",", (int)q->adapter.n, q->adapter.s);
	else if (b->model)
		fprintf(f, "\"model\":%s,", b->model);
}

static int64_t
max_tokens_of(const struct body *b, const struct reqput *q)
{
	return b->own_max_tokens && q->max_tokens ? q->max_tokens : b->max_tokens;
}

static void
put_body(FILE *f, const struct reqput_common *c, const struct reqput *q)
{
	for (const struct body_piece *p = c->body->piece;; p++) {
		fwrite(p->text, 1, p->n, f);
		if (p->gap == BODY_MODEL)
			put_model(f, c->body, q);
		else if (p->gap == BODY_PROMPT)
			put_prompt(f, c, q);
		else if (p->gap == BODY_MAX_TOKENS)
			fprintf(f, "%" PRId64, max_tokens_of(c->body, q));
		else
			return;
	}
}

/* Only what is known: a reply that must be that long, or that the prompt's line says. */
static void
put_expect(FILE *f, const struct reqput_common *c, const struct reqput *q)
{
	const struct body *b = c->body;
	int64_t most = max_tokens_of(b, q), input = b->own_prompt ? q->input_tokens : 0,
		output = body_output_tokens(b, most);

	if (output == 0 && c->api->generates)
		output = most > 0 && q->output_tokens > most ? most : q->output_tokens;
	if (input == 0 && output == 0)
		return;
	fputs(",\"expect\":{", f);
	if (input)
		fprintf(f, "\"input_tokens\":%" PRId64 ",\"input_from\":\"%s\"%s", input, q->input_from, output ? "," : "");
	if (output)
		fprintf(f, "\"output_tokens\":%" PRId64, output);
	if (output && q->output_from && body_output_tokens(b, most) == 0)
		fprintf(f, ",\"output_from\":\"%s\"", q->output_from);
	putc('}', f);
}

static void
put_tag(FILE *f, bool *first, const char *name, struct span value)
{
	fprintf(f, "%s\"%s\":\"", *first ? "" : ",", name);
	put_span(f, value);
	putc('"', f);
	*first = false;
}

static void
put_tags(FILE *f, const struct reqput_common *c, const struct reqput *q)
{
	bool first = !c->tags[1];

	fputs(",\"tags\":", f);
	fputs(c->tags, f);
	if (c->category && q->category.s)
		put_tag(f, &first, "category", q->category);
	if (c->adapter && q->adapter.s)
		put_tag(f, &first, "adapter", q->adapter);
	if (c->stage && q->stage)
		put_tag(f, &first, "stage", (struct span){q->stage, strlen(q->stage)});
	putc('}', f);
}

static void
put_session(FILE *f, const struct reqput *q)
{
	fprintf(f, ",\"session\":%" PRId64 ",\"turn\":%" PRId64 ",\"turns\":%" PRId64, q->session, q->turn, q->turns);
	if (q->turn > 1)
		fprintf(f, ",\"think_us\":%" PRId64, q->think_us);
}

void
reqput(FILE *f, const struct reqput_common *c, const struct reqput *q)
{
	fprintf(f, "{\"id\":%" PRId64, q->id);
	if (q->at_us >= 0)
		fprintf(f, ",\"at_us\":%" PRId64, q->at_us);
	if (q->warmup)
		fputs(",\"phase\":\"warmup\"", f);
	if (q->session)
		put_session(f, q);
	fprintf(f, ",\"api\":\"%s\",\"path\":\"%s\",\"method\":\"POST\",\"body\":", c->api->name, c->api->path);
	put_body(f, c, q);
	put_expect(f, c, q);
	put_tags(f, c, q);
	fputs("}\n", f);
}
