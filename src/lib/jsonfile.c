/* jsonfile: see jsonfile.h. */
#include "jsonfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static json_t *
read_document(FILE *f, const char *name, struct key_error *why)
{
	json_error_t e;
	json_t *o = json_loadf(f, JSON_REJECT_DUPLICATES, &e);

	if (ferror(f))
		key_fail(why, "%.80s: %s", name, strerror(errno));
	else if (!o)
		key_fail(why, "%.80s:%d:%d: %s", name, e.line, e.column, e.text);
	else
		return o;
	json_decref(o);
	return NULL;
}

json_t *
jsonfile_load_any(const char *name, struct key_error *why)
{
	FILE *f;
	json_t *o;

	if (strcmp(name, "-") == 0)
		return read_document(stdin, "<stdin>", why);
	if (!(f = fopen(name, "re"))) {
		key_fail(why, "%.80s: %s", name, strerror(errno));
		return NULL;
	}
	o = read_document(f, name, why);
	fclose(f);
	return o;
}

json_t *
jsonfile_load(const char *name, struct key_error *why)
{
	json_t *o = jsonfile_load_any(name, why);

	if (!o || json_is_object(o))
		return o;
	key_fail(why, "%.80s:1:1: not a JSON object", strcmp(name, "-") == 0 ? "<stdin>" : name);
	json_decref(o);
	return NULL;
}
