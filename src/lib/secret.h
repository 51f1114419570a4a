/* secret: an API key, and keeping it out of everything that is written. */
#ifndef SECRET_H
#define SECRET_H

#include <stddef.h>

#define SECRET_MAX 4096

/* Read the key from an environment variable, or from a file that holds it on one line.
 * NULL, or the reason why there is none. */
const char *secret_from_env(const char *name, char key[SECRET_MAX]);
const char *secret_from_file(const char *file, char key[SECRET_MAX]);
/* Blot the key out of the *n bytes at text, in place, whoever put it there. */
void secret_redact(char *text, size_t *n, const char *key);
/* The same in JSON text (*n bytes and a NUL), between quotes only: it stays JSON though the key
 * be 0 or null. */
void secret_redact_json(char *text, size_t *n, const char *key);

#endif
