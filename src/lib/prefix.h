/* prefix: which prompt prefixes an engine's KV cache holds: whole blocks of tokens, each known by
 * a hash of itself and all before it, the least recently used going first. */
#ifndef PREFIX_H
#define PREFIX_H

#include <stddef.h>
#include <stdint.h>

struct prefix;

struct prefix *prefix_new(size_t blocks); /* NULL: out of memory */
void prefix_free(struct prefix *p);
/* The hashes of the n / block whole blocks of a prompt; salt keeps models apart. */
void prefix_hashes(uint64_t salt, const uint32_t *ids, size_t n, size_t block, uint64_t *out);
/* A prompt of n blocks comes: returns how many of its first `most` are there, counted up to the
 * first that is not; then all n are (as many as fit), the first one used last. */
size_t prefix_take(struct prefix *p, const uint64_t *hashes, size_t n, size_t most);

#endif
