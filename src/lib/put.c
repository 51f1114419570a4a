/* put: see put.h. */
#include "put.h"

#include "utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void
put_special(FILE *f, unsigned char c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = c ? strchr(from, c) : NULL;

	if (at)
		fprintf(f, "\\%c", to[at - from]);
	else
		fprintf(f, "\\u%04x", c);
}

void
put_string(FILE *f, const char *s, size_t n)
{
	const char *end = s + n;

	putc('"', f);
	while (s < end) {
		size_t len = utf8_sequence(s, (size_t)(end - s));
		unsigned char c = (unsigned char)*s;

		if (len == 0)
			fputs("\xef\xbf\xbd", f);
		else if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f)
			put_special(f, c);
		else
			fwrite(s, 1, len, f);
		s += len ? len : 1;
	}
	putc('"', f);
}

void
put_ms(FILE *f, int64_t us)
{
	uint64_t n = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
	char text[32], *p = text + sizeof text;

	for (int i = 0; i < 4 || n; i++) { /* printf() took most of the time of a pipe stage */
		if (i == 3)
			*--p = '.';
		*--p = (char)('0' + n % 10);
		n /= 10;
	}
	if (us < 0)
		*--p = '-';
	fwrite(p, 1, (size_t)(text + sizeof text - p), f);
}

/* The fewest of 15, 16 or 17 digits that read back as the same number. */
static void
shortest(char *out, size_t n, double v)
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(out, n, "%.*g", digits, v);
		if (strtod(out, NULL) == v)
			break;
	}
}

void
put_real(FILE *f, double v)
{
	char text[32];

	shortest(text, sizeof text, v);
	fprintf(f, "%s%s", text, strpbrk(text, ".e") ? "" : ".0");
}

void
put_number(FILE *f, double v)
{
	char text[32];

	shortest(text, sizeof text, v + 0.0); /* no -0 */
	fputs(isfinite(v) ? text : "null", f);
}

void
put_raw(FILE *f, struct span raw)
{
	if (raw.s)
		fwrite(raw.s, 1, raw.n, f);
	else
		fputs("null", f);
}
