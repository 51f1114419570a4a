/* peerline: short lines over a TCP connection, both ways.  No printing, no waiting. */
#ifndef PEERLINE_H
#define PEERLINE_H

#include <stdbool.h>
#include <stddef.h>

#define PEERLINE_MOST 160

struct peerline {
	int fd; /* -1: none; non-blocking */
	char in[PEERLINE_MOST];
	size_t len, used; /* bytes in it; those of the line that was given out last */
};

/* Take over a socket. */
void peerline_open(struct peerline *p, int fd);
/* Read what has come.  False: the other side has gone (errno 0), or why not. */
bool peerline_read(struct peerline *p);
/* The next whole line, without its end, good until the next call; NULL: there is none yet. */
char *peerline_next(struct peerline *p);
/* Send a line; false: it could not be sent at once and whole, and errno says why. */
bool peerline_send(struct peerline *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void peerline_close(struct peerline *p);

#endif
