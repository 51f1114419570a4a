/* httpres: one HTTP/1.x reply out of bytes, however they arrive; touches no socket.
 *
 * Bodies come chunked, by Content-Length, or until the connection closes (RFC 9112, section 6.3); replies of status
 * 1xx before the real one are dropped.  Content is given out as it was sent: see `encoding`. */
#ifndef HTTPRES_H
#define HTTPRES_H

#include "text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTPRES_MAX_HEAD ((size_t)256 << 10)

enum httpres_encoding { HTTPRES_IDENTITY, HTTPRES_DEFLATED, HTTPRES_UNKNOWN }; /* DEFLATED: gzip or zlib */

struct httpres {
	bool bodiless; /* set it before the first byte: the request was a HEAD, which is answered without content */
	/* of the reply's head, once status is not 0 */
	int status;
	enum httpres_encoding encoding;
	bool keep_alive, closes; /* another request may follow on this connection, if the reply ends well; it may not */
	char *location, *retry_after, *content; /* the values of these headers, or NULL; content: Content-Encoding */
	bool whole;      /* the reply has ended */
	const char *why; /* NULL, or what is wrong with it: a constant string; then nothing more is read */
	/* the reader's own */
	enum { HTTPRES_HEAD, HTTPRES_SIZE, HTTPRES_EXTENSION, HTTPRES_DATA, HTTPRES_DATA_END, HTTPRES_TRAILER,
		HTTPRES_LENGTH, HTTPRES_CLOSE } state;
	struct text head;
	uint64_t left; /* of the body or of the chunk */
	int digits;    /* of the chunk's size; in a trailer: bytes of the line */
};

/* A zeroed struct is a fresh reader.  body() gets each piece of content.  Returns how many bytes were used: all of
 * them, unless the reply has ended or is wrong. */
size_t httpres_feed(struct httpres *r, const char *bytes, size_t n, void (*body)(void *ctx, const char *p, size_t n),
                    void *ctx);
/* The connection was closed.  True: that is how this reply ends. */
bool httpres_close(struct httpres *r);
void httpres_free(struct httpres *r);

#endif
