/* configfile: a YAML file as a document, laid on what its `extends` names. */
#ifndef CONFIGFILE_H
#define CONFIGFILE_H

#include "node.h"

#define CONFIGFILE_MAX_FILES 1000 /* that one document may be made of: a diamond of extends doubles at each level */

struct configload {
	struct pool *pool;
	size_t max_size; /* bytes of the largest file that is read */
	void (*fn)(void *ctx, const struct problem *what); /* is told each problem; at.line is 0 for a whole file */
	void *ctx;
	bool bad;     /* out: there was one */
	size_t files; /* read so far */
};

/* NULL when it could not be read, or is not YAML; "<stdin>" is standard input.  A file without
 * a document is a null node.  name lives as long as the pool. */
struct node *configfile_load(struct configload *c, const char *name);

#endif
