/* slo: see slo.h. */
#include "slo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
slo_parse(struct slo *s, char *text, const char **number)
{
	char *equals = strchr(text, '='), *name;
	size_t n = equals ? (size_t)(equals - text) : 0, end;
	bool at_least = n && equals[-1] == '>';

	n -= n && (at_least || equals[-1] == '<');
	if (n == 0)
		return "not FIELD=X, FIELD<=X or FIELD>=X";
	if (!(name = malloc(n + 3)))
		return "out of memory";
	snprintf(name, n + 3, "%.*s%s", (int)n, text, at_least ? ">=" : "");
	end = n > 4 && strncmp(text + n - 4, ".max", 4) == 0 ? n - 4 : n;
	text[end] = '\0';
	*number = equals + 1;
	*s = (struct slo){.field = text, .at_least = at_least, .largest = end < n, .name = name};
	return NULL;
}
