/* salt: see salt.h. */
#include "salt.h"

#include "scan.h"
#include "seed.h"

#include <inttypes.h>
#include <stdio.h>

uint64_t
salt_stream(uint64_t seed, const char *name, const char *salt)
{
	uint64_t stream = seed_stream(seed, name);

	return salt && *salt ? seed_stream(stream, salt) : stream;
}

void
salt_mark(uint64_t stream, uint64_t i, char mark[static SALT_MARK])
{
	snprintf(mark, SALT_MARK, "[%08" PRIu32 "] ", seed_below(seed_item(stream, i), 100000000));
}

/* The first text of a content in parts: [{"type": "text", "text": "…"}, …]. */
static struct span
first_part(struct scan *s)
{
	struct span key, text = {0};

	if (!scan_take_array(s))
		return text;
	while (scan_item(s)) {
		if (!scan_take_object(s))
			continue;
		while (scan_member(s, &key))
			if (!text.s && span_is(key, "text") && scan_kind(s) == SCAN_STRING)
				scan_string(s, &text);
			else
				scan_value(s, NULL);
	}
	return text;
}

/* The text of the message that comes next, if it is a user's. */
static struct span
user_text(struct scan *s)
{
	struct span key, role = {0}, text = {0};

	if (!scan_take_object(s))
		return text;
	while (scan_member(s, &key)) {
		if (span_is(key, "role"))
			scan_take_string(s, &role);
		else if (span_is(key, "content") && scan_kind(s) == SCAN_STRING)
			scan_string(s, &text);
		else if (span_is(key, "content"))
			text = first_part(s);
		else
			scan_value(s, NULL);
	}
	return role.s && span_is(role, "user") ? text : (struct span){0};
}

bool
salt_place(struct span messages, size_t *at)
{
	struct span text = {0};
	struct scan s;

	scan_start(&s, messages.s, messages.n);
	if (!scan_array(&s))
		return false;
	while (!text.s && scan_item(&s))
		text = user_text(&s);
	if (s.why || !text.s)
		return false;
	*at = (size_t)(text.s - messages.s);
	return true;
}
