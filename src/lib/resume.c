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

struct done_record {
	int64_t id, part;
	bool final;
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
		else if (span_is(key, "final") && scan_value(&s, &value))
			d->final = value.s[0] == 't';
		else if (!span_is(key, "final"))
			scan_value(&s, NULL);
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

static int
copy_kept(struct jsonl *in, FILE *out, const char *retry, struct resume *r)
{
	enum jsonl_status got;
	struct done_record d;
	char *line;
	size_t len;

	while ((got = jsonl_next(in, &line, &len)) != JSONL_END) {
		if (got == JSONL_ERROR)
			return -1;
		if (got == JSONL_TOO_LONG || !read_record(line, len, &d)) {
			r->dropped++;
			continue;
		}
		if (d.part >= r->part && d.part < INT_MAX)
			r->part = (int)d.part + 1;
		if (!d.final || listed(retry, d.error_kind) || idset_has(&r->done, d.id)) {
			r->dropped++;
			continue;
		}
		r->kept++;
		if (!idset_add(&r->done, d.id) || fwrite(line, 1, len, out) != len || putc('\n', out) == EOF)
			return -1;
	}
	return 0;
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

	*r = (struct resume){.part = 2};
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
