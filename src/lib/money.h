/* money: dollars as whole nano-dollars (1e-9 $), so that parts add up to the digit.  (Printed with
 * 15 digits they do below a million dollars.)
 *
 * Amounts are never negative.  Rounding is to the nearest, half up. */
#ifndef MONEY_H
#define MONEY_H

#include <stddef.h>
#include <stdint.h>

#define MONEY_ONE INT64_C(1000000000) /* a dollar */
#define MONEY_MAX INT64_C(1000000000000000000) /* a milliard of them: nothing here may cost more */
#define MONEY_NONE INT64_C(-1) /* not known */
#define MONEY_TEXT 40 /* bytes of a text, its NUL included */

/* A decimal number of dollars, as a double holds it. */
int64_t money_from(double usd);
double money_usd(int64_t nano);
/* a * b / c, rounded once; MONEY_NONE when one of them is negative, c is 0, or the result is
 * above MONEY_MAX. */
int64_t money_scale(int64_t a, int64_t b, int64_t c);
/* How many decimals it takes for each of the n amounts that are known and not 0 to show two
 * digits that are not leading zeros; at least `least`, at most 9. */
unsigned money_decimals(const int64_t *nano, size_t n, unsigned least);
/* The amount with that many decimals, as whole units of the last one. */
int64_t money_units(int64_t nano, unsigned decimals);
/* Such units as "$2.45"; out has MONEY_TEXT bytes. */
void money_text(char *out, int64_t units, unsigned decimals);

#endif
