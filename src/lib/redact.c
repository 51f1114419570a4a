/* redact: see redact.h. */
#include "redact.h"

#include "secret.h"

#include <string.h>

static void
redact_text(struct text *t, const char *key)
{
	if (!t->n)
		return;
	secret_redact(t->s, &t->n, key);
	t->s[t->n] = '\0';
}

void
redact_reply(struct reply *r, const char *key)
{
	char *words[] = {r->message, r->finish};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i]) {
			size_t n = strlen(words[i]);

			secret_redact(words[i], &n, key);
			words[i][n] = '\0';
		}
	if (r->timings)
		secret_redact_json(r->timings, &(size_t){strlen(r->timings)}, key);
	if (r->text)
		secret_redact(r->text, &r->text_len, key);
	for (size_t i = 0; i < r->calls.n; i++) {
		redact_text(&r->calls.call[i].name, key);
		redact_text(&r->calls.call[i].arguments, key);
	}
}
