/* merge: see merge.h. */
#include "merge.h"

static bool
merge_member(json_t *target, const char *key, json_t *value)
{
	json_t *old = json_object_get(target, key);

	if (json_is_null(value)) {
		json_object_del(target, key);
		return true;
	}
	if (!json_is_object(value))
		return json_object_set(target, key, value) == 0;
	if (!json_is_object(old)) {
		if (json_object_set_new(target, key, json_object()) != 0)
			return false;
		old = json_object_get(target, key);
	}
	return merge_patch(old, value);
}

bool
merge_patch(json_t *target, json_t *patch)
{
	const char *key;
	json_t *value;

	json_object_foreach(patch, key, value)
		if (!merge_member(target, key, value))
			return false;
	return true;
}
