/* utf8: what valid UTF-8 is (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF). */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the valid sequence at s, where n > 0 bytes are; 0: there is none. */
size_t utf8_sequence(const char *s, size_t n);
bool utf8_valid(const char *s, size_t n);

#endif
