/* utf8: see utf8.h. */
#include "utf8.h"

#include <stdint.h>
#include <string.h>

size_t
utf8_sequence(const char *text, size_t n)
{
	static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *s = (const unsigned char *)text;
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

/* How many of the first n bytes are ASCII, a word at a time. */
static size_t
ascii(const char *s, size_t n)
{
	size_t i = 0;
	uint64_t word;

	for (; i + sizeof word <= n; i += sizeof word) {
		memcpy(&word, s + i, sizeof word);
		if (word & 0x8080808080808080)
			break;
	}
	return i;
}

bool
utf8_valid(const char *s, size_t n)
{
	while (n > 0) {
		size_t len = ascii(s, n);

		if (len == 0 && (len = utf8_sequence(s, n)) == 0)
			return false;
		s += len;
		n -= len;
	}
	return true;
}
