/* estimate: see estimate.h. */
#include "estimate.h"

#include <ctype.h>

enum kind {
	NONE,
	LETTER,
	DIGIT,
	MARK,
	BLANK,
	LINE,
	ACCENTED,
	OTHER
};

static enum kind
kind_of(uint32_t c)
{
	if (c >= 0x80)
		return c < 0x250 ? ACCENTED : OTHER;
	if (isalpha((int)c))
		return LETTER;
	if (isdigit((int)c))
		return DIGIT;
	if (c == '\n' || c == '\r')
		return LINE;
	return isgraph((int)c) ? MARK : BLANK;
}

static uint32_t
hex4(const char *p)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++)
		v = v * 16 + (uint32_t)(isdigit((unsigned char)p[i]) ? p[i] - '0' : (p[i] | 0x20) - 'a' + 10);
	return v;
}

/* The character at p, decoded roughly: which kind it is has to be right, no more; *next is what follows. */
static uint32_t
character(const char *p, const char *end, const char **next)
{
	unsigned char c = (unsigned char)*p++;
	uint32_t u = c;

	if (c == '\\' && p < end) {
		static const char letters[] = "nrtbf", values[] = "\n\r\t\b\f";
		const char *at = letters;

		while (*at && *at != *p)
			at++;
		u = *at ? (uint32_t)values[at - letters] : (unsigned char)*p;
		if (*p++ == 'u' && end - p >= 4) {
			u = hex4(p);
			p += 4;
		}
		if (u >= 0xd800 && u < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u')
			p += 6; /* the other half */
	} else if (c >= 0x80) {
		u = c < 0xc9 ? 0x80 : 0x800; /* U+0080 to U+023F, or beyond */
		while (p < end && ((unsigned char)*p & 0xc0) == 0x80)
			p++;
	}
	*next = p;
	return u;
}

double
estimate_tokens(struct span raw)
{
	const char *p = raw.s, *end = raw.s + raw.n;
	enum kind last = NONE;
	double sum = 0;
	int run = 0;

	while (p < end) {
		enum kind k = kind_of(character(p, end, &p));

		run = k == last ? run + 1 : 1;
		last = k;
		switch (k) {
		case LETTER:
		case MARK: sum += run == 1; break;
		case DIGIT: sum += run == 1 ? 1.5 : 0.5; break;
		case BLANK: sum += run == 2; break;
		case ACCENTED: sum += 1; break;
		case OTHER: sum += 0.6; break;
		case LINE:
		case NONE: break;
		}
	}
	return sum;
}
