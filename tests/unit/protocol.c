/* protocol: each reply of tests/data/protocol.txt (which explains its form), cut in two at every byte and
 * cut at all of them, gives what the table says, each event with the time of the read that completed it. */
#include "lib/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TABLE "tests/data/protocol.txt"

enum { NAME, EVENTS, ERROR, MESSAGE, FINISH, USAGE, TEXT, COLUMNS };

struct row {
	char line[512], *column[COLUMNS];
	char body[8192];
	size_t n;
	int64_t behind[8192]; /* when each event was complete, by the byte-by-byte run */
};

static bool
hex(const char *s, unsigned *byte)
{
	return s[0] == '<' && s[3] == '>' && strspn(s + 1, "0123456789ABCDEF") >= 2 && sscanf(s + 1, "%2X", byte) == 1;
}

/* One line of a body, with its newline. */
static void
add_line(struct row *r, const char *s)
{
	unsigned byte;

	while (*s && strcmp(s, "<>\n") != 0) {
		assert_true(r->n < sizeof r->body);
		if (hex(s, &byte)) {
			r->body[r->n++] = (char)byte;
			s += 4;
		} else {
			r->body[r->n++] = *s++;
		}
	}
}

static void
split_columns(struct row *r)
{
	char *s = r->line + 2;

	r->line[strcspn(r->line, "\n")] = '\0';
	for (int i = 0; i < COLUMNS; i++) {
		assert_non_null(s);
		r->column[i] = s;
		if ((s = strstr(s, " | "))) {
			*s = '\0';
			s += 3;
		}
	}
	assert_null(s);
}

/* The next row of the table; `ahead` is its first line, and then that of the one behind it. */
static bool
next_row(FILE *f, char *ahead, size_t size, struct row *r)
{
	while (ahead[0] != '@')
		if (!fgets(ahead, (int)size, f))
			return false;
	r->n = 0;
	strcpy(r->line, ahead);
	split_columns(r);
	while (fgets(ahead, (int)size, f) && ahead[0] != '@')
		if (ahead[0] != '#')
			add_line(r, ahead);
	if (feof(f))
		ahead[0] = '\0';
	return true;
}

/* What the table says: "-" is none. */
static const char *
said(const struct row *r, int column)
{
	return strcmp(r->column[column], "-") == 0 ? NULL : r->column[column];
}

static void
same_text(const struct row *r, const char *what, size_t cut, const char *want, const char *got, size_t n)
{
	if (!want ? n > 0 : strlen(want) != n || memcmp(want, got, n) != 0)
		fail_msg("%s cut at %zu: %s %.*s, expected %s", r->column[NAME], cut, what, (int)n, got ? got : "",
		         want ? want : "none");
}

static size_t
length(const char *s)
{
	return s ? strlen(s) : 0;
}

static void
check_text(const struct row *r, size_t cut, const struct reply *got)
{
	const char *json = said(r, TEXT);
	char *want = json ? malloc(strlen(json)) : NULL;

	if (json) {
		size_t n = span_decode((struct span){json + 1, strlen(json) - 2}, want);

		if (n != got->text_len || memcmp(want, got->text, n) != 0)
			fail_msg("%s cut at %zu: text %.*s", r->column[NAME], cut, (int)got->text_len, got->text);
	} else {
		assert_int_equal(got->text_len, 0);
	}
	free(want);
}

static void
check(const struct row *r, size_t cut, const struct reply *got)
{
	char usage[128], *s = usage;
	const int64_t all[] = {got->usage.prompt, got->usage.completion, got->usage.cached, got->usage.reasoning};

	for (int i = 0; i < 4; i++)
		s += all[i] < 0 ? sprintf(s, "%s-", i ? " " : "") : sprintf(s, "%s%jd", i ? " " : "", (intmax_t)all[i]);
	same_text(r, "events", cut, said(r, EVENTS), got->ev_kind, got->n);
	same_text(r, "error", cut, said(r, ERROR), got->error, length(got->error));
	same_text(r, "finish", cut, said(r, FINISH), got->finish, length(got->finish));
	same_text(r, "usage", cut, said(r, USAGE) ? said(r, USAGE) : "- - - -", usage, strlen(usage));
	if (said(r, MESSAGE) && (!got->message || !strstr(got->message, said(r, MESSAGE))))
		fail_msg("%s cut at %zu: message %s", r->column[NAME], cut, got->message ? got->message : "none");
	check_text(r, cut, got);
	assert_int_equal(got->bytes, r->n);
}

/* Two reads, or one a byte (each at the time that is its number, from 1). */
static void
feed(struct row *r, size_t cut, bool each)
{
	struct reply got;

	reply_start(&got, event_openai, true);
	for (size_t at = 0, n, read = 1; at < r->n; at += n, read++) {
		char *copy;

		n = each ? 1 : at < cut ? cut : r->n - at;
		copy = malloc(n); /* gone after the call: nothing may point into it */
		memcpy(copy, r->body + at, n);
		reply_feed(&got, copy, n, (int64_t)read);
		free(copy);
	}
	reply_end(&got, INT64_MAX);
	check(r, cut, &got);
	for (size_t i = 0; i < got.n; i++)
		if (each)
			r->behind[i] = got.ev_us[i];
		else if (got.ev_us[i] != (cut == 0 || r->behind[i] <= (int64_t)cut ? 1 : 2))
			fail_msg("%s cut at %zu: event %zu came with the %s read", r->column[NAME], cut, i + 1,
			         got.ev_us[i] == 1 ? "first" : "second");
	reply_free(&got);
}

static void
cut_anywhere(void **state)
{
	static struct row r;
	char ahead[sizeof r.line] = "";
	FILE *f = fopen(TABLE, "r");
	int rows = 0;

	(void)state;
	assert_non_null(f);
	for (; next_row(f, ahead, sizeof ahead, &r); rows++) {
		feed(&r, 0, true);
		for (size_t cut = 0; cut < r.n; cut++)
			feed(&r, cut, false);
	}
	fclose(f);
	assert_true(rows > 70);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
