/* listen: see listen.h. */
#include "listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 4096

static int
listen_on(const struct sockaddr *addr, socklen_t len)
{
	int on = 1, fd = socket(addr->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, addr, len) != 0 || listen(fd, BACKLOG) != 0) {
		int why = errno;

		close(fd);
		errno = why;
		return -1;
	}
	return fd;
}

int
listen_tcp(const char *host, int port, int *bound)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *ai;
	struct sockaddr_in6 addr; /* sin_port and sin6_port lie at the same place */
	socklen_t len = sizeof addr;
	char service[16];
	int fd, why;

	snprintf(service, sizeof service, "%d", port);
	if (getaddrinfo(host, service, &hints, &ai) != 0)
		return LISTEN_HOST;
	fd = listen_on(ai->ai_addr, ai->ai_addrlen);
	why = errno;
	freeaddrinfo(ai);
	if (fd >= 0 && getsockname(fd, (struct sockaddr *)&addr, &len) == 0)
		*bound = ntohs(addr.sin6_port);
	errno = why;
	return fd;
}

int
listen_unix(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof addr.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(addr.sun_path, path);
	return listen_on((struct sockaddr *)&addr, sizeof addr);
}
