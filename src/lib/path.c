/* path: see path.h.  A set of paths is a bit mask: bit i stands for paths[i]. */
#include "path.h"

#include <string.h>

struct walk {
	const struct path *paths;
	size_t n;
	struct span *found;
	struct path_memo *memo;
};

const char *
path_parse(struct path *p, const char *text)
{
	char *out = p->text;

	p->depth = 0;
	if (strlen(text) >= PATH_SIZE / 2)
		return "too long";
	if (strcmp(text, ".") == 0)
		return NULL;
	for (;;) {
		struct span *key = &p->key[p->depth];

		if (p->depth == PATH_DEPTH)
			return "too deep";
		key->s = out;
		for (; *text && *text != '.'; text++) {
			if (*text == '\\' && !*++text)
				return "ends in a backslash";
			*out++ = *text;
		}
		key->n = (size_t)(out - key->s);
		*out++ = '\0';
		if (key->n == 0)
			return "an empty key";
		p->depth++;
		if (!*text++)
			return NULL;
	}
}

/* Those of the paths whose key at that depth is this one. */
static uint64_t
matching(const struct walk *w, size_t depth, uint64_t among, struct span key)
{
	bool escaped = memchr(key.s, '\\', key.n) != NULL;
	uint64_t hit = 0;

	for (uint64_t left = among; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);
		const struct span *want = &w->paths[i].key[depth];

		if (escaped ? span_is(key, want->s) : key.n == want->n && memcmp(key.s, want->s, key.n) == 0)
			hit |= (uint64_t)1 << i;
	}
	return hit;
}

static uint64_t
ending_at(const struct walk *w, size_t depth, uint64_t among)
{
	uint64_t hit = 0;

	for (uint64_t left = among; left; left &= left - 1)
		if (w->paths[__builtin_ctzll(left)].depth == depth)
			hit |= left & (0 - left);
	return hit;
}

static void
set(const struct walk *w, uint64_t which, struct span to)
{
	for (; which; which &= which - 1)
		w->found[__builtin_ctzll(which)] = to;
}

static void members(struct walk *w, struct scan *s, size_t depth, uint64_t among);

/* The value of a member of which the paths in hit ask for something, those in leaf for the value itself. */
static void
value(struct walk *w, struct scan *s, size_t depth, uint64_t hit, uint64_t leaf)
{
	struct scan inner;
	struct span raw;

	if (hit == 0) {
		scan_value(s, NULL);
		return;
	}
	set(w, hit, (struct span){0});
	if (hit == leaf || scan_kind(s) != SCAN_OBJECT) {
		if (scan_value(s, &raw))
			set(w, leaf, raw);
	} else if (leaf == 0) {
		scan_object(s);
		members(w, s, depth + 1, hit);
	} else if (scan_value(s, &raw)) { /* both a.b and a are asked for: read a twice */
		set(w, leaf, raw);
		scan_start(&inner, raw.s, raw.n);
		scan_object(&inner);
		members(w, &inner, depth + 1, hit & ~leaf);
	}
}

/* The members of an object that was just entered; `depth` keys lead to it. */
static void
members(struct walk *w, struct scan *s, size_t depth, uint64_t among)
{
	for (size_t i = 0;; i++) {
		bool noted = w->memo && depth == 0 && i < PATH_MEMO;
		const char *from = s->p;
		uint64_t hit, leaf;
		struct span key;

		if (noted && w->memo->member[i].n && scan_member_again(s, w->memo->member[i].bytes, w->memo->member[i].n)) {
			value(w, s, depth, w->memo->member[i].hit, w->memo->member[i].leaf);
			continue;
		}
		if (!scan_member(s, &key))
			break;
		hit = matching(w, depth, among, key);
		leaf = ending_at(w, depth + 1, hit);
		if (noted && (size_t)(s->p - from) <= sizeof w->memo->member[i].bytes) {
			w->memo->member[i].n = (size_t)(s->p - from);
			memcpy(w->memo->member[i].bytes, from, w->memo->member[i].n);
			w->memo->member[i].hit = hit;
			w->memo->member[i].leaf = leaf;
		}
		value(w, s, depth, hit, leaf);
	}
}

bool
path_find(struct scan *s, const struct path *paths, size_t n, struct span *found, struct path_memo *memo)
{
	struct walk w = {paths, n, found, memo};

	uint64_t whole = 0;

	for (size_t i = 0; i < n; i++) {
		found[i] = (struct span){0};
		if (paths[i].depth == 0)
			whole |= (uint64_t)1 << i;
	}
	if (whole && scan_kind(s) != SCAN_OBJECT) {
		struct span raw;

		if (scan_value(s, &raw))
			set(&w, whole, raw);
	} else if (scan_object(s))
		members(&w, s, 0, n < PATH_MAX_FIND ? ((uint64_t)1 << n) - 1 : ~(uint64_t)0);
	return !s->why;
}
