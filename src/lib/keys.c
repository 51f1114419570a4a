/* keys: see keys.h. */
#include "keys.h"

#include "nearest.h"
#include "units.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define EXACT 9007199254740992.0 /* 2^53: the integers that JSON keeps everywhere */
#define NAMES 63                 /* of a table, at most */

bool
key_fail(struct key_error *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why->text, sizeof why->text, fmt, ap);
	va_end(ap);
	return false;
}

static bool
is_strings(const json_t *v)
{
	size_t i;
	json_t *item;

	if (!json_is_array(v))
		return json_is_string(v);
	json_array_foreach(v, i, item)
		if (!json_is_string(item))
			return false;
	return true;
}

static bool
is_objects(const json_t *v)
{
	size_t i;
	json_t *item;

	json_array_foreach(v, i, item)
		if (!json_is_object(item))
			return false;
	return json_array_size(v) > 0;
}

static bool
in_range(const char *section, const struct key *k, const json_t *v, struct key_error *why)
{
	double d = json_number_value(v);

	if (d >= k->min && d <= k->max)
		return true;
	return key_fail(why, "%s.%s: %.15g: must be from %.15g to %.15g", section, k->name, d, k->min, k->max);
}

/* A whole number in any notation becomes an integer of the document. */
static bool
make_integer(json_t *o, const char *name, const json_t *v)
{
	double d = json_real_value(v);

	if (json_is_integer(v))
		return true;
	return json_is_real(v) && d == floor(d) && fabs(d) <= EXACT &&
	    json_object_set_new(o, name, json_integer((json_int_t)d)) == 0;
}

bool
key_check(const char *section, json_t *o, const struct key *k, struct key_error *why)
{
	static const char *const wants[] = {
		[KEY_COUNT] = "a whole number", [KEY_NUMBER] = "a number",
		[KEY_SECONDS] = "a number of seconds", [KEY_BOOL] = "true or false",
		[KEY_STRING] = "a string", [KEY_STRINGS] = "a string or a list of strings", [KEY_OBJECT] = "a map",
		[KEY_OBJECTS] = "a list of maps", [KEY_CHOICE] = "a string or a map",
		[KEY_LENGTHS] = "a whole number or a distribution",
	};
	json_t *v = json_object_get(o, k->name);
	bool fits = true;

	if (!v || json_is_null(v))
		return true;
	switch (k->type) {
	case KEY_COUNT: fits = make_integer(o, k->name, v); break;
	case KEY_SECONDS:
	case KEY_NUMBER: fits = json_is_number(v); break;
	case KEY_BOOL: fits = json_is_boolean(v); break;
	case KEY_STRING: fits = json_is_string(v); break;
	case KEY_STRINGS: fits = is_strings(v); break;
	case KEY_OBJECT: fits = json_is_object(v); break;
	case KEY_OBJECTS: fits = is_objects(v); break;
	case KEY_CHOICE: fits = json_is_string(v) || json_is_object(v); break;
	case KEY_LENGTHS: fits = json_is_number(v) || json_is_string(v) || json_is_object(v); break;
	}
	if (!fits)
		return key_fail(why, "%s.%s: must be %s", section, k->name, wants[k->type]);
	if (k->type > KEY_SECONDS)
		return true;
	return in_range(section, k, json_object_get(o, k->name), why);
}

json_t *
key_typed(const struct key *k, const char *text, struct key_error *why)
{
	const int64_t far = (int64_t)1 << 53;
	const char *bad = NULL;
	int64_t n = 0;
	double x = 0;
	json_t *v;

	switch (k->type) {
	case KEY_COUNT: bad = units_count(text, -far, far, &n); break;
	case KEY_SECONDS: bad = units_duration(text, 0, far, &n); break;
	case KEY_NUMBER: bad = units_number(text, -1e15, 1e15, &x); break;
	default: break;
	}
	if (bad) {
		key_fail(why, "%.80s: %s", text, bad);
		return NULL;
	}
	switch (k->type) {
	case KEY_COUNT: return json_integer(n);
	case KEY_SECONDS: return json_real((double)n / 1e6);
	case KEY_NUMBER: return json_real(x);
	case KEY_BOOL: return json_boolean(strcmp(text, "true") == 0);
	default: break;
	}
	if (!(v = json_string(text)))
		key_fail(why, "not UTF-8");
	return v;
}

bool
key_names(const char *section, json_t *o, const struct key *table, struct key_error *why)
{
	const char *names[NAMES + 1], *name, *near;
	size_t n = 0;
	json_t *v;

	for (; table[n].name && n < NAMES; n++)
		names[n] = table[n].name;
	names[n] = NULL;
	json_object_foreach(o, name, v) {
		size_t i = 0;

		while (i < n && strcmp(name, names[i]) != 0)
			i++;
		if (i < n)
			continue;
		near = nearest(name, names);
		return key_fail(why, "%s.%.60s: unknown key%s%s%s", section, name,
		    near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
	}
	return true;
}
