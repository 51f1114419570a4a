/* summaries: see summaries.h. */
#include "summaries.h"

#include <stdlib.h>
#include <string.h>

static const char *
keep(struct summaries *s, json_t *j)
{
	if (s->n == s->cap) {
		json_t **grown = reallocarray(s->records, s->cap * 2 + 64, sizeof *grown);

		if (!grown) {
			json_decref(j);
			return "out of memory";
		}
		s->records = grown;
		s->cap = s->cap * 2 + 64;
	}
	s->records[s->n++] = j;
	return NULL;
}

const char *
summaries_add(struct summaries *s, const char *text, size_t len, size_t *column)
{
	json_error_t e;
	json_t *j = json_loadb(text, len, 0, &e);
	const char *why = NULL;

	if (!j) {
		*column = e.column > 0 ? (size_t)e.column : 0;
		return "not JSON";
	}
	if (!json_is_string(json_object_get(j, "field")))
		why = "not a summary record: field is missing";
	else if (!json_object_size(json_object_get(j, "group")))
		return keep(s, j);
	json_decref(j);
	return why;
}

bool
summaries_find(const struct summaries *s, const char *path, double *v)
{
	for (size_t i = 0; i < s->n; i++) {
		const char *field = json_string_value(json_object_get(s->records[i], "field"));
		size_t n = strlen(field);
		const json_t *value;

		if (strncmp(path, field, n) != 0 || path[n] != '.')
			continue;
		value = json_object_get(s->records[i], path + n + 1);
		if (json_is_number(value)) {
			*v = json_number_value(value);
			return true;
		}
	}
	return false;
}

void
summaries_free(struct summaries *s)
{
	for (size_t i = 0; i < s->n; i++)
		json_decref(s->records[i]);
	free(s->records);
}
