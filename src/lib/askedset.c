/* askedset: see askedset.h. */
#include "askedset.h"

#include <stdlib.h>
#include <string.h>

static json_t *
load(struct span raw)
{
	return raw.s ? json_loadb(raw.s, raw.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL) : NULL;
}

static bool
read_new(struct askedset *set, size_t i, struct span format, struct span tools, char *why, size_t size)
{
	json_t *f, *t;
	bool good;

	if (i == set->cap) {
		size_t cap = 2 * set->cap + 8;
		struct asked *grown = reallocarray(set->asked, cap, sizeof *grown);

		if (!grown)
			return false;
		set->asked = grown;
		set->cap = cap;
	}
	f = load(format);
	t = load(tools);
	good = asked_read(&set->asked[i], f, t, why, size);
	json_decref(f);
	json_decref(t);
	return good;
}

size_t
askedset_add(struct askedset *set, struct span format, struct span tools, char *why, size_t size)
{
	size_t before = set->texts.n, n = format.n + tools.n + 1;
	uint32_t number;
	char *text;

	*why = '\0';
	if (!format.s && !tools.s)
		return 0;
	if (!(text = malloc(n)))
		return SIZE_MAX;
	if (format.s)
		memcpy(text, format.s, format.n);
	text[format.n] = '\n';
	if (tools.s)
		memcpy(text + format.n + 1, tools.s, tools.n);
	number = intern(&set->texts, text, n);
	free(text);
	if (number == INTERN_NONE || (number == before && !read_new(set, number, format, tools, why, size)))
		return SIZE_MAX;
	return (size_t)number + 1;
}

const struct asked *
askedset_get(const struct askedset *set, size_t number)
{
	return number ? &set->asked[number - 1] : NULL;
}

void
askedset_free(struct askedset *set)
{
	for (size_t i = 0; i < set->texts.n; i++)
		asked_free(&set->asked[i]);
	free(set->asked);
	intern_free(&set->texts);
	*set = (struct askedset){0};
}
