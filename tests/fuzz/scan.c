/* scan: every text that jansson takes is taken, with the same values; a text that only we take
 * is one that jansson takes once its invalid UTF-8, half surrogates, \u0000 and overlong numbers
 * are made harmless; and stepping over a value agrees with walking through it.  A NUL byte is never
 * taken, though jansson 2.14 overlooks one behind a number. */
#include "lib/scan.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FLAGS (JSON_DECODE_ANY | JSON_ALLOW_NUL)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
utf8_tail(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return false;
	return true;
}

/* Bytes of the valid UTF-8 sequence at p, or 0: the table of RFC 3629, section 4. */
static size_t
utf8(const uint8_t *p, size_t n)
{
	static const struct {
		uint8_t first, last, low, high, tail;
	} rows[] = {{0xc2, 0xdf, 0x80, 0xbf, 0}, {0xe0, 0xe0, 0xa0, 0xbf, 1}, {0xe1, 0xec, 0x80, 0xbf, 1},
		{0xed, 0xed, 0x80, 0x9f, 1}, {0xee, 0xef, 0x80, 0xbf, 1}, {0xf0, 0xf0, 0x90, 0xbf, 2},
		{0xf1, 0xf3, 0x80, 0xbf, 2}, {0xf4, 0xf4, 0x80, 0x8f, 2}};

	if (*p < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (*p >= rows[i].first && *p <= rows[i].last)
			return n >= rows[i].tail + 2u && p[1] >= rows[i].low && p[1] <= rows[i].high &&
			       utf8_tail(p + 2, rows[i].tail) ? rows[i].tail + 2u : 0;
	return 0;
}

static bool
unicode_escape(const uint8_t *p, size_t n, unsigned *value)
{
	char hex[5] = "";

	if (n < 6 || p[0] != '\\' || p[1] != 'u')
		return false;
	memcpy(hex, p + 2, 4);
	*value = (unsigned)strtoul(hex, NULL, 16);
	return strspn(hex, "0123456789abcdefABCDEF") == 4;
}

/* Make harmless what docs/RECORDS.md tolerates, without changing what is grammar: of a run of digits
 * two stay, of an escape that stands for no character or for NUL a question mark's. */
static size_t
mend(const uint8_t *p, size_t n, char *out)
{
	char *o = out;
	size_t run = 0;

	for (size_t used; n > 0; p += used, n -= used) {
		unsigned high, low;

		used = 1;
		run = *p >= '0' && *p <= '9' ? run + 1 : 0;
		if (unicode_escape(p, n, &high)) {
			bool pair = high >= 0xd800 && high < 0xdc00 && unicode_escape(p + 6, n - 6, &low) &&
				    low >= 0xdc00 && low <= 0xdfff;

			used = pair ? 12 : 6;
			o = mempcpy(o, pair || (high && (high < 0xd800 || high > 0xdfff)) ? (const char *)p : "\\u003f", used);
		} else if (*p == '\\' && n > 1) {
			used = 2;
			o = mempcpy(o, p, 2);
		} else if ((used = utf8(p, n)) == 0) {
			used = 1;
			*o++ = '?';
		} else if (run <= 2) {
			o = mempcpy(o, p, used);
		}
	}
	return (size_t)(o - out);
}

static char *
decoded(struct span raw, size_t *n)
{
	char *out = malloc(raw.n ? raw.n : 1);

	*n = span_decode(raw, out);
	must(*n <= raw.n);
	return out;
}

static void
same_string(struct span raw, json_t *j)
{
	size_t n;
	char *s = decoded(raw, &n);

	must(json_is_string(j) && json_string_length(j) == n && memcmp(json_string_value(j), s, n) == 0);
	if (raw.n <= 256)
		must(span_is(raw, json_string_value(j)) == (strlen(json_string_value(j)) == n));
	free(s);
}

static void
same_number(struct span raw, json_t *j)
{
	int64_t i;

	if (json_is_integer(j)) {
		must(span_int(raw, &i) && i == json_integer_value(j));
		must(span_double(raw) == (double)i);
	} else {
		must(json_is_real(j) && !span_int(raw, &i) && span_double(raw) == json_real_value(j));
	}
}

static void same_value(struct scan *s, json_t *j);

static bool
same_key(struct span a, struct span b)
{
	size_t n, m;
	char *s = decoded(a, &n), *t = decoded(b, &m);
	bool same = n == m && memcmp(s, t, n) == 0;

	free(s);
	free(t);
	return same;
}

/* Whether the object that s is in, just behind this key, has the same key again. */
static bool
comes_again(const struct scan *s, struct span key)
{
	struct scan ahead = *s;
	struct span other;

	must(scan_value(&ahead, NULL));
	while (scan_member(&ahead, &other)) {
		if (same_key(key, other))
			return true;
		must(scan_value(&ahead, NULL));
	}
	return false;
}

static void
same_object(struct scan *s, json_t *j)
{
	struct span key;
	size_t members = 0;

	must(json_is_object(j) && scan_object(s));
	while (scan_member(s, &key)) {
		size_t n;
		char *name;

		if (comes_again(s, key)) { /* the last one counts */
			must(scan_value(s, NULL));
			continue;
		}
		name = decoded(key, &n);
		same_value(s, json_object_getn(j, name, n));
		free(name);
		members++;
	}
	must(members == json_object_size(j));
}

/* Walk the value that comes next beside jansson's. */
static void
same_value(struct scan *s, json_t *j)
{
	struct span raw = {0};
	size_t i = 0;

	switch (scan_kind(s)) {
	case SCAN_OBJECT: same_object(s, j); break;
	case SCAN_ARRAY:
		must(json_is_array(j) && scan_array(s));
		while (scan_item(s))
			same_value(s, json_array_get(j, i++));
		must(i == json_array_size(j));
		break;
	case SCAN_STRING:
		must(scan_take_string(s, &raw));
		same_string(raw, j);
		break;
	case SCAN_NUMBER:
		must(scan_number(s, &raw));
		same_number(raw, j);
		break;
	case SCAN_NULL: must(json_is_null(j) && scan_value(s, NULL)); break;
	case SCAN_BOOL:
		must(scan_value(s, &raw));
		must(json_is_boolean(j) && (*raw.s == 't') == json_is_true(j));
		break;
	default: abort();
	}
	must(!s->why);
}

static bool
takes(struct scan *s, const char *text, size_t n)
{
	struct span raw;
	bool taken;

	scan_start(s, text, n);
	taken = scan_value(s, &raw) && scan_end(s);
	must(taken == !s->why && scan_column(s) >= 1 && scan_column(s) <= n + 1);
	must(!taken || (raw.s >= text && raw.s + raw.n <= text + n));
	return taken;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1); /* its own block: the sanitizer sees every byte too far */
	struct scan s;
	bool taken;
	json_t *j;

	if (size)
		memcpy(text, data, size);
	taken = takes(&s, text, size);
	j = json_loadb(text, size, FLAGS, NULL);
	if (memchr(text, '\0', size)) {
		must(!taken);
	} else if (j) {
		must(taken);
		scan_start(&s, text, size);
		same_value(&s, j);
		must(scan_end(&s));
	} else if (taken) {
		size = mend(data, size, text);
		must((j = json_loadb(text, size, FLAGS, NULL)));
		must(takes(&s, text, size));
	}
	json_decref(j);
	free(text);
	return 0;
}
