/* quantity: amounts as Kubernetes writes them: 2000m, 8Gi, 1k, 100n, 1e3, 0.5.
 *
 * A decimal number and one of n u m "" k M G T P E (powers of 1000), Ki Mi Gi Ti Pi Ei
 * (powers of 1024), or a decimal exponent: the grammar of k8s.io/apimachinery's
 * resource.Quantity, without a minus. */
#ifndef QUANTITY_H
#define QUANTITY_H

#include <stdint.h>

/* The amount times 10^decimals (0 to 9), rounded up to a whole number, as Kubernetes rounds.
 * NULL, or the reason why there is none (a constant string). */
const char *quantity_parse(const char *text, unsigned decimals, int64_t *out);

#endif
