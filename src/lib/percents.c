/* percents: see percents.h. */
#include "percents.h"

#include "units.h"

#include <string.h>

char *
percents_item(char **list)
{
	char *item = *list, *end = item;

	while (*end && *end != ',')
		end += *end == '\\' && end[1] ? 2 : 1;
	*list = *end ? end + 1 : NULL;
	*end = '\0';
	return item;
}

const char *
percents_parse(struct percents *p, char *list, const char **item)
{
	const char *why;
	double percent;

	for (p->n = 0; list; p->n++) {
		char *text = percents_item(&list);

		*item = text;
		if (p->n == PERCENTS_MOST)
			return "one percentile more than 100";
		if (!*text || text[strspn(text, "0123456789.")] || strlen(text) > 20)
			return "not a percentile (try 50,90,99.9)";
		if ((why = units_number(text, 0, 100, &percent)))
			return why;
		p->q[p->n] = percent / 100;
		for (size_t i = 0; i < p->n; i++)
			if (p->q[i] == p->q[p->n])
				return "given twice";
		p->name[p->n] = text;
	}
	return NULL;
}
