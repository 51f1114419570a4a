/* jsonequal: see jsonequal.h. */
#include "jsonequal.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define TWO_63 9223372036854775808.0

static int
integer_and_real(json_int_t i, double d)
{
	if (d >= TWO_63)
		return -1;
	if (d < -TWO_63)
		return 1;
	json_int_t whole = (json_int_t)d;

	if (i != whole)
		return i < whole ? -1 : 1;
	return (d < (double)whole) - (d > (double)whole);
}

int
jsonequal_order(const json_t *a, const json_t *b)
{
	if (json_is_integer(a) && json_is_integer(b)) {
		json_int_t x = json_integer_value(a), y = json_integer_value(b);

		return (x > y) - (x < y);
	}
	if (json_is_integer(a))
		return integer_and_real(json_integer_value(a), json_real_value(b));
	if (json_is_integer(b))
		return -integer_and_real(json_integer_value(b), json_real_value(a));
	return (json_real_value(a) > json_real_value(b)) - (json_real_value(a) < json_real_value(b));
}

bool
jsonequal_whole(const json_t *v)
{
	return json_is_integer(v) || (json_is_real(v) && json_real_value(v) == floor(json_real_value(v)));
}

bool
jsonequal_multiple(const json_t *v, const json_t *step)
{
	double q;

	if (json_is_integer(v) && json_is_integer(step))
		return json_integer_value(v) % json_integer_value(step) == 0;
	q = json_number_value(v) / json_number_value(step);
	if (!isfinite(q))
		return fmod(json_number_value(v), json_number_value(step)) == 0;
	return fabs(q - round(q)) <= 4 * DBL_EPSILON * fabs(q);
}

static bool
equal_arrays(const json_t *a, const json_t *b)
{
	size_t n = json_array_size(a);

	if (n != json_array_size(b))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!jsonequal(json_array_get(a, i), json_array_get(b, i)))
			return false;
	return true;
}

static bool
equal_objects(const json_t *a, const json_t *b)
{
	const char *key;
	json_t *v;
	size_t len;

	if (json_object_size(a) != json_object_size(b))
		return false;
	json_object_keylen_foreach((json_t *)(uintptr_t)a, key, len, v) {
		const json_t *other = json_object_getn(b, key, len);

		if (!other || !jsonequal(v, other))
			return false;
	}
	return true;
}

bool
jsonequal(const json_t *a, const json_t *b)
{
	if (json_is_number(a) && json_is_number(b))
		return jsonequal_order(a, b) == 0;
	if (json_typeof(a) != json_typeof(b))
		return false;
	if (json_is_array(a))
		return equal_arrays(a, b);
	if (json_is_object(a))
		return equal_objects(a, b);
	return json_equal(a, b);
}
