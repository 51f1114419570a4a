/* span: what the raw text of a JSON number or string stands for; see span.h. */
#include "span.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
hex(char c)
{
	return digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

bool
span_int(struct span raw, int64_t *v)
{
	const char *p = raw.s, *end = raw.s + raw.n;
	bool minus = raw.n > 0 && *p == '-';
	int64_t n = 0;

	for (p += minus; p < end; p++)
		if (!digit(*p) || __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_sub_overflow(n, *p - '0', &n))
			return false; /* counted downwards: INT64_MIN fits too */
	if (!minus && __builtin_sub_overflow((int64_t)0, n, &n))
		return false;
	*v = n;
	return raw.n > (size_t)minus;
}

/* A plain decimal whose digits fit in 53 bits is that integer divided by a power of ten that is
 * exact as well: one rounding, the same as strtod()'s (Clinger 1990).  False otherwise. */
static bool
plain_decimal(struct span raw, double *v)
{
	static const double tens[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	const char *p = raw.s, *end = raw.s + raw.n, *point = NULL;
	bool minus = raw.n > 0 && *p == '-';
	uint64_t n = 0;

	p += minus;
	if (end - p > 16) /* fifteen digits and a point */
		return false;
	for (; p < end; p++) {
		if (digit(*p))
			n = n * 10 + (uint64_t)(*p - '0');
		else if (*p == '.')
			point = p;
		else
			return false;
	}
	if (n >> 53)
		return false;
	*v = (double)n / tens[point ? end - point - 1 : 0];
	if (minus)
		*v = -*v;
	return true;
}

double
span_double(struct span raw)
{
	char buf[64], *copy = buf;
	double v;

	if (plain_decimal(raw, &v))
		return v;
	if (raw.n >= sizeof buf && !(copy = malloc(raw.n + 1)))
		return 0;
	memcpy(copy, raw.s, raw.n);
	copy[raw.n] = '\0';
	v = strtod(copy, NULL);
	if (copy != buf)
		free(copy);
	return v;
}

static unsigned
unhex(const char *p)
{
	return (unsigned)(hex(p[0]) << 12 | hex(p[1]) << 8 | hex(p[2]) << 4 | hex(p[3]));
}

/* UTF-8 of one code point; returns its length (at most 4). */
static size_t
encode(unsigned c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* Decode the \u escape at p (which points to the 'u'); *used is what it took. */
static unsigned
code_point(const char *p, const char *end, size_t *used)
{
	unsigned c = unhex(p + 1), low;

	*used = 5;
	if (c < 0xd800 || c > 0xdfff)
		return c;
	if (c < 0xdc00 && end - p >= 11 && p[5] == '\\' && p[6] == 'u') {
		low = unhex(p + 7);
		if (low >= 0xdc00 && low <= 0xdfff) {
			*used = 11;
			return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		}
	}
	return 0xfffd;
}

size_t
span_decode(struct span raw, char *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *p = raw.s, *end = raw.s + raw.n;
	char *o = out;

	while (p < end) {
		size_t used = 1;
		const char *at;

		if (*p != '\\') {
			*o++ = *p++;
			continue;
		}
		p++;
		if (*p == 'u')
			o += encode(code_point(p, end, &used), o);
		else if ((at = strchr(from, *p)))
			*o++ = to[at - from];
		else
			*o++ = *p;
		p += used;
	}
	return (size_t)(o - out);
}

bool
span_is(struct span raw, const char *text)
{
	size_t n;
	char buf[256];

	if (!raw.s || (raw.n && raw.s[0] != text[0] && raw.s[0] != '\\'))
		return false; /* most names differ here: a third of the time of reading a record */
	n = strlen(text);
	if (!memchr(raw.s, '\\', raw.n))
		return raw.n == n && memcmp(raw.s, text, n) == 0;
	if (raw.n > sizeof buf)
		return false; /* no name of ours is that long, escaped or not */
	return span_decode(raw, buf) == n && memcmp(buf, text, n) == 0;
}
