/* words: see words.h. */
#include "words.h"

#include "seed.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_DIGITS 20
#define BEGINNINGS UINT64_MAX /* the stream of what prompts share is that item of theirs */
#define ONE_TOKEN "#one-token"

static const char *const builtin[] = {
	"time", "year", "people", "way", "day", "man", "thing", "woman", "life", "child", "world", "school",
	"state", "family", "student", "group", "country", "problem", "hand", "part", "place", "case", "week",
	"company", "system", "program", "question", "work", "government", "number", "night", "point", "home",
	"water", "room", "mother", "area", "money", "story", "fact", "month", "lot", "right", "study", "book",
	"eye", "job", "word", "business", "issue", "side", "kind", "head", "house", "service", "friend",
	"father", "power", "hour", "game", "line", "end", "member", "law", "car", "city", "community", "name",
	"president", "team", "minute", "idea", "body", "information", "back", "parent", "face", "others",
	"level", "office", "door", "health", "person", "art", "war", "history", "party", "result", "change",
	"morning", "reason", "research", "girl", "guy", "moment", "air", "teacher", "force", "education",
	"foot", "boy", "age", "policy", "process", "music", "market", "sense", "nation", "plan", "college",
	"interest", "death", "experience", "effect", "use", "class", "control", "care", "field", "development",
	"role", "effort", "rate", "heart", "drug", "show", "leader", "light", "voice", "wife", "police",
	"mind", "price", "report", "decision", "son", "view", "relationship", "town", "road", "arm",
	"difference", "value", "building", "action", "season", "society", "tax", "director", "position",
	"player", "record", "paper", "space", "ground", "form", "event", "official", "matter", "center",
	"couple", "site", "project", "activity", "star", "table", "need", "court", "oil", "situation", "cost",
	"industry", "figure", "street", "image", "phone", "data", "picture", "practice", "piece", "land",
	"product", "doctor", "wall", "patient", "worker", "news", "test", "movie", "north", "love", "support",
	"technology", "step", "baby", "computer", "type", "attention", "film", "tree", "source",
	"organization", "hair", "look", "window", "culture", "chance", "brother", "energy", "period", "course",
	"summer", "plant", "opportunity", "term", "letter", "condition", "choice", "rule", "daughter", "south",
	"husband", "floor", "campaign", "material", "population", "call", "economy", "hospital", "church",
	"risk", "fire", "future", "bank", "have", "say", "get", "make", "go", "know", "take", "see", "come",
	"think", "find", "give", "tell", "become", "leave", "feel", "put", "bring", "begin", "keep", "hold",
	"write", "stand", "hear", "let", "mean", "set", "meet", "run", "pay", "sit", "speak", "lie", "lead",
	"read", "grow", "lose", "fall", "send", "build", "understand", "draw", "break", "spend", "cut", "rise",
	"drive", "buy", "wear", "choose", "eat", "sing", "throw", "teach", "forget", "fly", "good", "new",
	"first", "last", "long", "great", "little", "own", "old", "big", "high", "different", "small", "large",
	"next", "early", "young", "important", "few", "public", "bad", "same", "able", "better", "best",
	"strong", "whole", "free", "true", "full", "special", "easy", "clear", "recent", "certain", "personal",
	"open", "red", "difficult", "available", "likely", "short", "single", "medical", "current", "wrong",
	"private", "past", "foreign", "fine", "common", "poor", "natural", "significant", "similar", "hot",
	"dead", "central", "happy", "serious", "ready", "simple", "left", "physical", "general",
	"environmental", "financial", "blue", "democratic", "dark", "various", "entire", "close", "legal",
	"religious", "cold", "final", "main", "green", "nice", "huge", "popular", "traditional", "cultural",
	"also", "very", "often", "however", "too", "usually", "really", "never", "always", "sometimes",
	"together", "simply", "generally", "instead", "actually", "already", "enough", "almost", "especially",
	"ever", "quickly", "probably", "above", "across", "after", "against", "along", "among", "around",
	"before", "behind", "below", "beneath", "beside", "between", "beyond", "during", "except", "inside",
	"into", "near", "off", "onto", "outside", "over", "since", "through", "toward", "under", "until",
	"upon", "within", "without",
};

void
words_builtin(struct words *w, uint64_t seed)
{
	*w = (struct words){.seed = seed, .list = builtin, .count = sizeof builtin / sizeof *builtin};
	for (uint32_t i = 0; i < w->count; i++)
		if (strlen(builtin[i]) > w->longest)
			w->longest = strlen(builtin[i]);
}

void
words_ids(struct words *w, uint64_t seed, int64_t low, int64_t high)
{
	*w = (struct words){.seed = seed, .low = low, .count = (uint32_t)(high - low + 1), .longest = ID_DIGITS};
}

/* What is wrong with the word at s: it goes between the quotes of a JSON string as it is. */
static const char *
bad_word(const char *s, size_t n)
{
	if (!utf8_valid(s, n))
		return "not UTF-8";
	for (size_t i = 0; i < n; i++) {
		if (s[i] == ' ' || s[i] == '\t')
			return "more than one word";
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f || s[i] == '"' || s[i] == '\\')
			return "not a plain word";
	}
	return NULL;
}

void
words_start(struct words *w, uint64_t seed)
{
	*w = (struct words){.seed = seed};
}

const char *
words_add(struct words *w, const char *s, size_t n)
{
	const char *why;
	char **grown = w->own, *word;

	while (n > 0 && (s[n - 1] == '\r' || s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	if (w->count == 0 && n == strlen(ONE_TOKEN) && memcmp(s, ONE_TOKEN, n) == 0) {
		w->one_token = true;
		return NULL;
	}
	if ((why = bad_word(s, n)))
		return why;
	if (w->count >= WORDS_MOST)
		return "too many words";
	if ((w->count & (w->count - 1)) == 0)
		grown = realloc(w->own, sizeof *w->own * (w->count ? 2 * (size_t)w->count : 1));
	if (!grown)
		return "out of memory";
	w->own = grown;
	if (!(word = strndup(s, n)))
		return "out of memory";
	w->own[w->count++] = word;
	w->list = (const char *const *)w->own;
	if (n > w->longest)
		w->longest = n;
	return NULL;
}

/* The index of word j of text i of a stream; `own` is that text's stream. */
static uint32_t
pick(const struct words *w, uint64_t seed, uint64_t own, uint64_t i, int64_t j)
{
	uint32_t first = (uint32_t)((seed % w->count + i % w->count) % w->count);

	if (j == 0)
		return first;
	if (j == 1)
		return (uint32_t)((seed_below(seed_item(seed, first), w->count) + i / w->count) % w->count);
	return seed_below(seed_item(own, (uint64_t)j), w->count);
}

/* The decimal digits of n >= 0; returns their end. */
static char *
digits(char *out, int64_t n)
{
	char buf[ID_DIGITS], *p = buf + sizeof buf;

	do
		*--p = (char)('0' + n % 10);
	while (n /= 10);
	memcpy(out, p, (size_t)(buf + sizeof buf - p));
	return out + (buf + sizeof buf - p);
}

/* n words of text i of a stream; returns their end. */
static char *
put_text(const struct words *w, uint64_t seed, uint64_t i, int64_t n, char *p)
{
	uint64_t own = seed_item(seed, i);

	for (int64_t j = 0; j < n; j++) {
		uint32_t k = pick(w, seed, own, i, j);

		if (j > 0)
			*p++ = w->list ? ' ' : ',';
		p = w->list ? stpcpy(p, w->list[k]) : digits(p, w->low + k);
	}
	return p;
}

const char *
words_behind(struct words *w, struct words_beginning b, uint64_t i, int64_t n, size_t *len)
{
	size_t need = (size_t)(b.n + n) * (w->longest + 1) + 3;
	char *p;

	if (need > w->cap) {
		if (!(p = realloc(w->out, need)))
			return NULL;
		w->out = p;
		w->cap = need;
	}
	p = w->out;
	*p++ = w->list ? '"' : '[';
	p = put_text(w, seed_item(w->seed, BEGINNINGS), b.number, b.n, p);
	if (b.n > 0 && n > 0)
		*p++ = w->list ? ' ' : ',';
	p = put_text(w, w->seed, i, n, p);
	*p++ = w->list ? '"' : ']';
	*len = (size_t)(p - w->out);
	return w->out;
}

const char *
words_prompt(struct words *w, uint64_t i, int64_t n, size_t *len)
{
	return words_behind(w, (struct words_beginning){0}, i, n, len);
}

void
words_free(struct words *w)
{
	for (uint32_t i = 0; w->own && i < w->count; i++)
		free(w->own[i]);
	free(w->own);
	free(w->out);
	*w = (struct words){0};
}
