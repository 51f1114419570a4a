/* pool: memory that lives and is freed together, for documents whose parts share parts. */
#ifndef POOL_H
#define POOL_H

#include <stddef.h>

struct pool {
	struct pool_block *blocks;
	void (*no_memory)(void); /* called when memory has run out; must not return */
};

/* Aligned for anything, zeroed; n * size is overflow-checked.  Lives until pool_free(). */
void *pool_alloc(struct pool *p, size_t n, size_t size);
/* A copy of n bytes and a NUL. */
char *pool_text(struct pool *p, const char *s, size_t n);
void pool_free(struct pool *p);

#endif
