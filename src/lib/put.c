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

/* How many of the first n bytes need no escape; a sequence that is cut off or wrong ends them. */
static size_t
plain(const char *s, size_t n)
{
	size_t i = 0, len;

	while (i < n) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f)
			break;
		if ((len = c < 0x80 ? 1 : utf8_sequence(s + i, n - i)) == 0)
			break;
		i += len;
	}
	return i;
}

void
put_string(FILE *f, const char *s, size_t n)
{
	putc('"', f);
	while (n > 0) {
		size_t len = plain(s, n);

		fwrite(s, 1, len, f);
		if (len < n) {
			unsigned char c = (unsigned char)s[len++];

			if (c < 0x80)
				put_special(f, c);
			else
				fputs("\xef\xbf\xbd", f);
		}
		s += len;
		n -= len;
	}
	putc('"', f);
}

/* n with a point before its last `decimals` digits, ending before p; returns where it begins.
 * (printf() took most of the time of a pipe stage.) */
static char *
digits(char *p, int64_t n, int decimals)
{
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	for (int i = 0; i <= decimals || left; i++) {
		if (i > 0 && i == decimals)
			*--p = '.';
		*--p = (char)('0' + left % 10);
		left /= 10;
	}
	if (n < 0)
		*--p = '-';
	return p;
}

void
put_int(FILE *f, int64_t n)
{
	char text[32], *end = text + sizeof text, *p = digits(end, n, 0);

	fwrite(p, 1, (size_t)(end - p), f);
}

void
put_ms(FILE *f, int64_t us)
{
	char text[32], *end = text + sizeof text, *p = digits(end, us, 3);

	fwrite(p, 1, (size_t)(end - p), f);
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
