/* files: how many descriptors this process may have. */
#ifndef FILES_H
#define FILES_H

#include <stdint.h>

/* Raises the limit as far as it goes; returns it, INT64_MAX when there is none. */
int64_t files_raise(void);

#endif
