/* jsonequal: JSON values as JSON Schema compares them: 1 and 1.0 are one number. */
#ifndef JSONEQUAL_H
#define JSONEQUAL_H

#include <jansson.h>
#include <stdbool.h>

bool jsonequal(const json_t *a, const json_t *b);
/* Negative, 0 or positive, exactly, also beyond 2^53. */
int jsonequal_order(const json_t *a, const json_t *b);
/* A number without a fraction. */
bool jsonequal_whole(const json_t *v);
/* Whether the number v is a multiple of step, which is above 0, as far as doubles can tell. */
bool jsonequal_multiple(const json_t *v, const json_t *step);

#endif
