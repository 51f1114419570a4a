/* secret: see secret.h. */
#include "secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One line of printable characters, none that JSON would write differently: so that it
 * can be found wherever a server repeats it. */
static const char *
check(const char *text, char key[SECRET_MAX])
{
	size_t n = strcspn(text, "\r\n");

	if (n == 0 || text[n + strspn(text + n, "\r\n")])
		return "holds no API key (one line is expected)";
	if (n >= SECRET_MAX)
		return "the API key is too long";
	for (size_t i = 0; i < n; i++)
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '"' || text[i] == '\\')
			return "the API key has a character that keys do not have";
	memcpy(key, text, n);
	key[n] = '\0';
	return NULL;
}

const char *
secret_from_env(const char *name, char key[SECRET_MAX])
{
	const char *text = getenv(name);

	return text ? check(text, key) : "is not set";
}

const char *
secret_from_file(const char *file, char key[SECRET_MAX])
{
	char buf[SECRET_MAX + 2];
	FILE *f = fopen(file, "r");
	const char *why;
	size_t n;

	if (!f)
		return strerror(errno);
	n = fread(buf, 1, sizeof buf - 1, f);
	buf[n] = '\0';
	why = ferror(f) ? "cannot be read" : check(buf, key);
	fclose(f);
	return why;
}

void
secret_redact(char *text, size_t *n, const char *key)
{
	static const char blot[] = "[redacted]";
	size_t len = strlen(key), with = len < sizeof blot - 1 ? len : sizeof blot - 1;
	char *at = text;

	while ((at = memmem(at, *n - (size_t)(at - text), key, len))) {
		memcpy(at, blot, with);
		memmove(at + with, at + len, *n - (size_t)(at - text) - len);
		*n -= len - with;
		at += with;
	}
}

void
secret_redact_json(char *text, size_t *n, const char *key)
{
	size_t from, to, len;

	for (size_t i = 0; i < *n; i = from + len + 1) {
		from = i + strcspn(text + i, "\"") + 1;
		for (to = from; to < *n && text[to] != '"';)
			to += text[to] == '\\' ? 2 : 1;
		if (to >= *n)
			return;
		len = to - from;
		secret_redact(text + from, &len, key);
		memmove(text + from + len, text + to, *n - to + 1);
		*n -= to - from - len;
	}
}
