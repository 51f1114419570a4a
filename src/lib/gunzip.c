/* gunzip: see gunzip.h. */
#include "gunzip.h"

#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

#define WINDOW 15 /* the largest there is */
#define EITHER 32 /* gzip or zlib: what it is shows at its start */

struct gunzip {
	z_stream z;
	bool begun, ended; /* a member was whole; it was the last */
	char out[16384];
};

struct gunzip *
gunzip_new(void)
{
	struct gunzip *g = calloc(1, sizeof *g);

	if (g && inflateInit2(&g->z, WINDOW + EITHER) != Z_OK) {
		free(g);
		g = NULL;
	}
	return g;
}

bool
gunzip_feed(struct gunzip *g, const char *bytes, size_t n, void (*out)(void *ctx, const char *p, size_t n), void *ctx)
{
	int got = Z_OK;

	g->z.next_in = (const Bytef *)bytes;
	g->z.avail_in = (uInt)n;
	while (!g->ended && got == Z_OK && (g->z.avail_in > 0 || g->z.avail_out == 0)) {
		g->z.next_out = (Bytef *)g->out;
		g->z.avail_out = sizeof g->out;
		got = inflate(&g->z, Z_SYNC_FLUSH);
		if (g->z.avail_out < sizeof g->out)
			out(ctx, g->out, sizeof g->out - g->z.avail_out);
		if (got == Z_STREAM_END) {
			g->begun = true;
			got = inflateReset(&g->z);
		} else if (got == Z_DATA_ERROR && g->begun && g->z.total_out == 0) {
			g->ended = true; /* what follows is no other member, and nobody's */
			got = Z_OK;
		}
	}
	return got == Z_OK || got == Z_BUF_ERROR;
}

void
gunzip_free(struct gunzip *g)
{
	if (!g)
		return;
	inflateEnd(&g->z);
	free(g);
}
