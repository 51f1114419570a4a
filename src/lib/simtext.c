/* simtext: see simtext.h. */
#include "simtext.h"

#include <string.h>

static const char *const passage[] = {
	"The", "harbour", "was", "quiet", "when", "the", "first", "boats", "came", "home.",
	"Nobody", "had", "expected", "them", "before", "the", "evening", "tide.",
	"On", "the", "quay", "an", "old", "man", "mended", "a", "net", "and", "counted", "the", "knots", "aloud.",
	"A", "queue", "is", "a", "promise", "that", "everyone", "will", "be", "served", "in", "turn.",
	"It", "grows", "when", "people", "arrive", "faster", "than", "they", "leave,", "and", "it", "forgets", "slowly.",
	"Most", "of", "the", "waiting", "falls", "on", "a", "few,", "which", "is", "why", "an", "average", "says", "so",
	"little.",
	"To", "measure", "well,", "write", "down", "when", "each", "thing", "happened", "and", "decide", "later", "what",
	"it", "means.",
	"Rain", "moved", "over", "the", "hills,", "and", "the", "lamps", "were", "lit", "one", "by", "one.",
	"Someone", "laughed", "in", "the", "kitchen", "where", "bread", "was", "still", "warm.",
};
#define WORDS (sizeof passage / sizeof *passage)

size_t
simtext_tokens(const char *s, size_t n, uint32_t *ids, size_t max)
{
	size_t count = 0, i = 0;

	for (;;) {
		uint32_t hash = 2166136261u; /* FNV-1a */

		while (i < n && (s[i] == ' ' || (s[i] >= '\t' && s[i] <= '\r')))
			i++;
		if (i == n)
			return count;
		for (; i < n && s[i] != ' ' && !(s[i] >= '\t' && s[i] <= '\r'); i++)
			hash = (hash ^ (unsigned char)s[i]) * 16777619u;
		if (count < max)
			ids[count] = hash % SIMTEXT_VOCABULARY;
		count++;
	}
}

const char *
simtext_word(uint64_t number, uint64_t k)
{
	size_t start = (size_t)(number * 2654435761u % WORDS);

	while (start > 0 && !strchr(".", passage[start - 1][strlen(passage[start - 1]) - 1]))
		start--;
	return passage[(start + k) % WORDS];
}
