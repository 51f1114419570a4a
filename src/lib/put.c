/* put: see put.h. */
#include "put.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Length of the valid UTF-8 sequence at s (n bytes are there), or 0. */
static size_t
utf8(const unsigned char *s, size_t n)
{
	static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	unsigned c = len == 1 ? s[0] : s[0] & (0x7fu >> len);

	if (len > n || (s[0] >= 0x80 && s[0] < 0xc2) || s[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	return c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : len;
}

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
	const unsigned char *p = (const unsigned char *)s, *end = p + n;

	putc('"', f);
	while (p < end) {
		size_t len = utf8(p, (size_t)(end - p));

		if (len == 0)
			fputs("\xef\xbf\xbd", f);
		else if (*p < 0x20 || *p == '"' || *p == '\\' || *p == 0x7f)
			put_special(f, *p);
		else
			fwrite(p, 1, len, f);
		p += len ? len : 1;
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
