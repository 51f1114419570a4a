/* merge: JSON Merge Patch (RFC 7396): objects merge member by member, null removes a
 * member, anything else replaces. */
#ifndef MERGE_H
#define MERGE_H

#include <jansson.h>
#include <stdbool.h>

/* Apply patch to target; both are objects and stay the caller's.  target may come to share values with patch.
 * False: out of memory. */
bool merge_patch(json_t *target, json_t *patch);

#endif
