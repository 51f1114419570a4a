/* command: run a program, without a shell, and take what it prints. */
#ifndef COMMAND_H
#define COMMAND_H

#include "text.h"

#include <stdint.h>

/* Run argv (found in PATH) to its end, its standard output and error into *out, which is
 * emptied first; no more than max bytes of it, no longer than timeout_us: then it is killed.
 * NULL when it exited 0; otherwise the reason, in why: what it printed last, if it printed. */
const char *command_run(const char *const argv[], int64_t timeout_us, size_t max, struct text *out, char why[160]);

#endif
