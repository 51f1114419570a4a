/* listen: a listening socket, non-blocking and close-on-exec. */
#ifndef LISTEN_H
#define LISTEN_H

/* The descriptor; -1: errno says why; LISTEN_HOST: host is no address.  port 0 is a free
 * one; *bound becomes the port. */
int listen_tcp(const char *host, int port, int *bound);
int listen_unix(const char *path);

#define LISTEN_HOST (-2)

#endif
