/* gunzip: content that came gzip- or zlib-compressed, decoded as it comes.  Pure. */
#ifndef GUNZIP_H
#define GUNZIP_H

#include <stdbool.h>
#include <stddef.h>

struct gunzip;

struct gunzip *gunzip_new(void); /* NULL: out of memory */
/* Decode these bytes: out() gets what came of them, in pieces.  False: they are not what they should be. */
bool gunzip_feed(struct gunzip *g, const char *bytes, size_t n, void (*out)(void *ctx, const char *p, size_t n),
                 void *ctx);
void gunzip_free(struct gunzip *g); /* NULL is fine */

#endif
