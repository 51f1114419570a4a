/* resume: see resume.h. */
#include "resume.h"

#include "jsonl.h"
#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct resume_turn {
	int64_t id;
	off_t at;
	size_t len;
};

struct done_record {
	int64_t id, part;
	bool final, turn;
	struct span error_kind;
};

static bool
read_record(const char *line, size_t len, struct done_record *d)
{
	struct scan s;
	struct span key, value;

	*d = (struct done_record){.id = -1};
	scan_start(&s, line, len);
	scan_object(&s);
	while (scan_member(&s, &key)) {
		if (span_is(key, "id"))
			scan_take_int(&s, &d->id);
		else if (span_is(key, "part"))
			scan_take_int(&s, &d->part);
		else if (span_is(key, "error"))
			scan_take_member_string(&s, "kind", &d->error_kind);
		else if (span_is(key, "session") && scan_value(&s, &value))
			d->turn = *value.s != 'n';
		else if (span_is(key, "final") && scan_value(&s, &value))
			d->final = value.s[0] == 't';
		else
			scan_value(&s, NULL); /* after an error nothing more happens */
	}
	return scan_end(&s) && d->id >= 0;
}

/* Whether the comma-separated list names that kind. */
static bool
listed(const char *list, struct span kind)
{
	for (; list && kind.s; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL)
		if (strcspn(list, ",") == kind.n && memcmp(list, kind.s, kind.n) == 0)
			return true;
	return false;
}

bool
resume_kinds(const char *kinds)
{
	for (const char *k = kinds; k; k = strchr(k, ',') ? strchr(k, ',') + 1 : NULL) {
		size_t n = strcspn(k, ",");
		const char *known = RESUME_KINDS;

		while (known && (strcspn(known, ",") != n || strncmp(known, k, n) != 0))
			known = strchr(known, ',') ? strchr(known, ',') + 2 : NULL;
		if (!known)
			return false;
	}
	return true;
}

static bool
keep_turn(struct resume *r, int64_t id, off_t at, size_t len)
{
	if (r->turns == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : 64;
		struct resume_turn *t = reallocarray(r->turn, cap, sizeof *t);

		if (!t)
			return false;
		r->turn = t;
		r->cap = cap;
	}
	r->turn[r->turns++] = (struct resume_turn){id, at, len};
	return true;
}

/* Whether the record is what the run still needs; else it is dropped. */
static bool
wanted(const struct done_record *d, const char *retry, const struct resume *r)
{
	return d->final && !listed(retry, d->error_kind) && !(retry && listed("skipped", d->error_kind)) &&
	       !idset_has(&r->done, d->id);
}

static int
copy_kept(struct jsonl *in, FILE *out, const char *retry, struct resume *r)
{
	enum jsonl_status got;
	struct done_record d;
	char *line;
	size_t len;
	off_t at = 0;

	while ((got = jsonl_next(in, &line, &len)) != JSONL_END) {
		if (got == JSONL_ERROR)
			return -1;
		if (got == JSONL_TOO_LONG || !read_record(line, len, &d)) {
			r->dropped++;
			continue;
		}
		if (d.part >= r->part && d.part < INT_MAX)
			r->part = (int)d.part + 1;
		if (!wanted(&d, retry, r)) {
			r->dropped++;
			continue;
		}
		r->kept++;
		if (!idset_add(&r->done, d.id) || (d.turn && !keep_turn(r, d.id, at, len)) ||
		    fwrite(line, 1, len, out) != len || putc('\n', out) == EOF)
			return -1;
		at += (off_t)len + 1;
	}
	return 0;
}

static int
by_id(const void *a, const void *b)
{
	const struct resume_turn *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

char *
resume_record(const struct resume *r, int64_t id, size_t *len)
{
	struct resume_turn wish = {.id = id}, *t = NULL;
	char *text;

	if (r->turns > 0)
		t = bsearch(&wish, r->turn, r->turns, sizeof *t, by_id);
	errno = ENOENT;
	if (!t || !(text = malloc(t->len + 1)))
		return NULL;
	if (pread(r->fd, text, t->len, t->at) != (ssize_t)t->len) {
		free(text);
		return NULL;
	}
	text[*len = t->len] = '\0';
	return text;
}

void
resume_free(struct resume *r)
{
	idset_free(&r->done);
	free(r->turn);
	if (r->fd >= 0)
		close(r->fd);
	*r = (struct resume){.fd = -1};
}

int
resume_compact(const char *file, const char *retry, size_t max_line, struct resume *r)
{
	size_t n = strlen(file) + sizeof ".compact";
	char *name = malloc(n);
	int fd = open(file, O_RDONLY | O_CLOEXEC), result = -1, saved;
	struct jsonl in;
	struct stat st;
	FILE *out = NULL;

	*r = (struct resume){.part = 2, .fd = -1};
	if (name && fd >= 0 && fstat(fd, &st) == 0) {
		snprintf(name, n, "%s.compact", file);
		out = fopen(name, "w");
	}
	if (out) {
		jsonl_open(&in, fd, max_line);
		result = copy_kept(&in, out, retry, r);
		jsonl_close(&in);
		result |= fchmod(fileno(out), st.st_mode & 07777);
		result |= fclose(out);
		if (result == 0 && r->turns > 0) {
			qsort(r->turn, r->turns, sizeof *r->turn, by_id);
			r->fd = open(name, O_RDONLY | O_CLOEXEC);
			result = r->fd < 0 ? -1 : 0;
		}
		if (result == 0)
			result = rename(name, file);
		saved = errno;
		if (result != 0)
			unlink(name);
		errno = saved;
	}
	saved = errno;
	if (fd >= 0)
		close(fd);
	free(name);
	errno = saved;
	return result;
}
