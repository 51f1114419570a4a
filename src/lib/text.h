/* text: a growing piece of text, for replies that are put together in memory.
 *
 * Running out of memory is remembered in `bad`; what follows is then dropped. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *s; /* n bytes and a NUL; NULL while nothing was ever added */
	size_t n, cap;
	bool bad;
};

void text_add(struct text *t, const char *s, size_t n);
void text_puts(struct text *t, const char *s);
void text_int(struct text *t, int64_t n); /* in decimal, without the price of a format */
void text_printf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A quoted JSON string of s, as put_string() writes it. */
void text_json(struct text *t, const char *s);
void text_free(struct text *t);

#endif
