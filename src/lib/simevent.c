/* simevent: see simevent.h. */
#include "simevent.h"

#include <string.h>

static void
data_line(struct text *t, const char *s, size_t n, const struct simfault *f, const char *eol)
{
	text_puts(t, simfault_has(f, FAULT_NO_SPACE) ? "data:" : "data: ");
	text_add(t, s, n);
	text_puts(t, eol);
}

/* Where the text may be broken by a newline and stay the same JSON; 0: nowhere. */
static size_t
break_at(const char *json, size_t n)
{
	const char *p = n ? memmem(json, n, ",\"choices\"", 10) : NULL;

	return p ? (size_t)(p - json) + 1 : 0;
}

void
simevent_add(struct text *t, const char *json, size_t n, const struct simfault *f, size_t number)
{
	const char *eol = simfault_has(f, FAULT_CRLF) ? "\r\n" : "\n";
	size_t cut;

	if (f->kinds == 0) {
		text_add(t, "data: ", 6);
		text_add(t, json, n);
		text_add(t, "\n\n", 2);
		return;
	}
	if (simfault_has(f, FAULT_EVENT_LINES))
		text_printf(t, "event: message%sid: %zu%sretry: 3000%s", eol, number, eol, eol);
	if (simfault_has(f, FAULT_COMMENTS_INSIDE))
		text_printf(t, ": ping%s", eol);
	if (simfault_has(f, FAULT_MULTI_LINE) && (cut = break_at(json, n))) {
		data_line(t, json, cut, f, eol);
		data_line(t, json + cut, n - cut, f, eol);
	} else {
		data_line(t, json, n, f, eol);
	}
	text_puts(t, eol);
}

void
simevent_chunk(struct text *t, const char *data, size_t n)
{
	char size[18], *p = size + sizeof size - 2;

	memcpy(p, "\r\n", 2);
	for (size_t rest = n; p == size + sizeof size - 2 || rest > 0; rest >>= 4)
		*--p = "0123456789abcdef"[rest & 15];
	text_add(t, p, (size_t)(size + sizeof size - p));
	text_add(t, data, n);
	text_add(t, "\r\n", 2);
}
