/* writeout: write(2), all of it or nothing of it. */
#ifndef WRITEOUT_H
#define WRITEOUT_H

#include <stdbool.h>
#include <stddef.h>

/* False: errno says why, and what was written is taken back where that can be done; *torn, where it is
 * not NULL, says that it could not. */
bool writeout(int fd, const char *p, size_t n, bool *torn);

#endif
