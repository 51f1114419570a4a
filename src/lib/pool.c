/* pool: see pool.h.  One malloc(3) an allocation, so that the sanitizers see every bound. */
#include "pool.h"

#include <stdlib.h>
#include <string.h>

struct pool_block {
	struct pool_block *next;
	_Alignas(max_align_t) char bytes[];
};

void *
pool_alloc(struct pool *p, size_t n, size_t size)
{
	struct pool_block *b = NULL;
	size_t bytes;

	if (!__builtin_mul_overflow(n, size, &bytes) && !__builtin_add_overflow(bytes, sizeof *b, &bytes))
		b = calloc(1, bytes);
	if (!b) {
		p->no_memory();
		abort();
	}
	b->next = p->blocks;
	p->blocks = b;
	return b->bytes;
}

char *
pool_text(struct pool *p, const char *s, size_t n)
{
	char *copy = pool_alloc(p, n + 1, 1);

	if (n)
		memcpy(copy, s, n);
	return copy;
}

void
pool_free(struct pool *p)
{
	while (p->blocks) {
		struct pool_block *b = p->blocks;

		p->blocks = b->next;
		free(b);
	}
}
