/* simask: see simask.h. */
#include "simask.h"

#include <string.h>

#define BAD_REQUEST 400, "BadRequestError"
#define CHOICES 128

static bool
read_stop(struct simask *a, json_t *stop, struct simerror *e)
{
	size_t i;
	json_t *item;

	if (!stop || json_is_null(stop))
		return true;
	a->stop = json_is_array(stop) ? json_incref(stop) : json_pack("[O]", stop);
	json_array_foreach(a->stop, i, item)
		if (!json_is_string(item) || json_string_length(item) == 0) {
			simerror_set(e, BAD_REQUEST, "stop", "stop must be a string or a list of strings, none of them empty");
			return false;
		}
	return true;
}

static bool
read_format(struct simask *a, json_t *format, struct simerror *e)
{
	const char *type = json_string_value(json_object_get(format, "type"));
	json_t *schema = json_object_get(json_object_get(format, "json_schema"), "schema");

	if (!format || json_is_null(format) || (type && strcmp(type, "text") == 0))
		return true;
	if (type && strcmp(type, "json_object") == 0)
		a->schema = json_true();
	else if (type && strcmp(type, "json_schema") == 0 && schema)
		a->schema = json_incref(schema);
	else
		simerror_set(e, BAD_REQUEST, "response_format",
			"response_format must be text, json_object, or json_schema with a schema");
	return a->schema;
}

/* Which tool is to be called: `only`, or any when it is NULL. */
static bool
read_tools(struct simask *a, json_t *tools, const char *only, struct simerror *e)
{
	size_t i;
	json_t *tool;

	a->tools = json_array();
	json_array_foreach(tools, i, tool) {
		json_t *function = json_object_get(tool, "function"), *parameters = json_object_get(function, "parameters");
		const char *name = json_string_value(json_object_get(function, "name"));

		if (!name) {
			simerror_set(e, BAD_REQUEST, "tools", "tools[%zu]: a function needs a name", i);
			return false;
		}
		if (!only || strcmp(only, name) == 0)
			json_array_append_new(a->tools, json_pack("{s:s,s:O}", "name", name, "parameters",
				parameters && !json_is_null(parameters) ? parameters : json_true()));
	}
	if (json_array_size(a->tools) == 0)
		simerror_set(e, BAD_REQUEST, "tool_choice", "tool_choice names no tool of tools");
	return json_array_size(a->tools) > 0;
}

bool
simask_read(struct simask *a, const json_t *doc, bool chat, struct simerror *e)
{
	json_t *choice = json_object_get(doc, "tool_choice"), *tools = json_object_get(doc, "tools");
	json_t *n = json_object_get(doc, "n");
	const char *only = json_string_value(json_object_get(json_object_get(choice, "function"), "name"));
	bool none = json_is_string(choice) && strcmp(json_string_value(choice), "none") == 0;

	*a = (struct simask){.choices = 1};
	if (n && !json_is_null(n))
		a->choices = json_is_integer(n) ? json_integer_value(n) : 0;
	if (a->choices < 1 || a->choices > CHOICES) {
		simerror_set(e, BAD_REQUEST, "n", "n must be an integer from 1 to %d", CHOICES);
		return false;
	}
	if (!read_stop(a, json_object_get(doc, "stop"), e) || !read_format(a, json_object_get(doc, "response_format"), e))
		return false;
	if (!chat || none || json_array_size(tools) == 0)
		return true;
	return read_tools(a, tools, only, e);
}

void
simask_free(struct simask *a)
{
	json_decref(a->stop);
	json_decref(a->schema);
	json_decref(a->tools);
	*a = (struct simask){0};
}
