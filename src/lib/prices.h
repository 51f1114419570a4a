/* prices: what a cost.yaml says (costcalc(1), PRICES), and what of a server it prices. */
#ifndef PRICES_H
#define PRICES_H

#include "diagnosis.h"

#include <stdint.h>

/* A server as somebody described it; -1 and NULL: not said. */
struct server {
	const char *gpu; /* the product's name as given */
	int64_t gpus;
	int64_t nanocores;
	int64_t memory_bytes;
};

struct prices {
	const struct node *gpu, *products; /* maps, or NULL */
	int64_t core, gib;                 /* nano-dollars an hour, MONEY_NONE: no price */
	int64_t overhead;                  /* a fraction times 1e9 */
	struct server server;
	struct pos at;                     /* where the document begins */
};

/* The document's rules, as a schema (yaml2json(1)). */
extern const char prices_schema[];
/* Check and read it.  What is wrong is told to d, and false returned.  prices points into doc. */
bool prices_read(struct prices *p, const struct node *doc, struct diagnosis *d);
/* The row of gpu that prices a product of this exact name: its own, or the one that products
 * names for it.  NULL when there is none: then *nearest is the entry whose key is nearest, or NULL. */
const struct entry *prices_gpu(const struct prices *p, const char *product, const struct entry **nearest);
/* An hour of a row, in nano-dollars. */
int64_t prices_hour(const struct entry *row);

#endif
