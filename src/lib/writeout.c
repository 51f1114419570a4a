/* writeout: see writeout.h. */
#include "writeout.h"

#include <errno.h>
#include <unistd.h>

bool
writeout(int fd, const char *p, size_t n, bool *torn)
{
	size_t at = 0;
	off_t end;
	int saved;

	while (at < n) {
		ssize_t got = write(fd, p + at, n - at);

		if (got >= 0) {
			at += (size_t)got;
		} else if (errno != EINTR) {
			saved = errno;
			if (at > 0 && (end = lseek(fd, 0, SEEK_END)) >= 0) {
				if (ftruncate(fd, end - (off_t)at) == 0)
					lseek(fd, end - (off_t)at, SEEK_SET); /* else what comes next leaves a hole before it */
				else if (torn)
					*torn = true;
			}
			errno = saved;
			return false;
		}
	}
	return true;
}
