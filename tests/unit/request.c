/* request, target, idset, resume, secret: what sendreq reads before it sends. */
#include "lib/idset.h"
#include "lib/request.h"
#include "lib/resume.h"
#include "lib/secret.h"
#include "lib/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *
why(const char *text)
{
	static char copy[512];
	struct request q;
	size_t column;

	snprintf(copy, sizeof copy, "%s", text);
	return request_read(&q, copy, strlen(copy), &column);
}

static bool
is(struct span s, const char *text)
{
	return s.n == strlen(text) && memcmp(s.s, text, s.n) == 0;
}

static void
reads_a_request(void **state)
{
	static char text[] = "{\"id\":17,\"at_us\":850,\"api\":\"openai-completions\",\"body\":{\"stream\":true,\"x\":[1]},"
	                     "\"tags\":{\"a\":\"b\"},\"expect\":{\"n\":1},\"mine\":null,\"status\":9}";
	struct request q;
	size_t column;

	(void)state;
	assert_null(request_read(&q, text, strlen(text), &column));
	assert_int_equal(q.id, 17);
	assert_int_equal(q.at_us, 850);
	assert_true(is(q.path, "/v1/completions"));
	assert_true(is(q.body, "{\"stream\":true,\"x\":[1]}"));
	assert_true(is(q.tags, "{\"a\":\"b\"}"));
	assert_true(q.stream);
	assert_false(q.warmup);
	assert_int_equal(q.n_pass, 2); /* expect and mine; status is the response's own */
	assert_true(is(q.pass[1].key, "mine"));
}

static void
refuses(void **state)
{
	(void)state;
	assert_null(why("{\"id\":0}"));
	assert_non_null(why("{}"));
	assert_non_null(why("{\"id\":-1}"));
	assert_non_null(why("{\"id\":\"x\"}"));
	assert_non_null(why("{\"id\":1,\"at_us\":1.5}"));
	assert_non_null(why("{\"id\":1,\"at_us\":9223372036854775807}"));
	assert_non_null(why("{\"id\":1,\"api\":\"nope\"}"));
	assert_non_null(why("{\"id\":1,\"path\":\"no-slash\"}"));
	assert_non_null(why("{\"id\":1,\"path\":\"/a b\"}"));
	assert_non_null(why("{\"id\":1,\"path\":\"/a\\r\\nX: y\"}"));
	assert_non_null(why("{\"id\":1,\"method\":\"get it\"}"));
	assert_non_null(why("{\"id\":1,\"tags\":[]}"));
	assert_non_null(why("{\"id\":1,\"session\":\"c\",\"turn\":1}")); /* no messages */
	assert_null(why("{\"id\":1,\"session\":\"c\",\"turn\":1,\"body\":{\"messages\":[]}}"));
	assert_null(why("{\"id\":1,\"session\":null,\"turn\":\"x\"}"));
	assert_non_null(why("{\"id\":1,\"session\":\"c\",\"turn\":2,\"turns\":1,\"body\":{\"messages\":[]}}"));
	assert_non_null(why("{\"id\":1,\"session\":\"c\",\"turn\":2,\"at_us\":1,\"body\":{\"messages\":[]}}"));
	assert_non_null(why("{\"id\":1,\"session\":\"c\",\"turn\":1,\"think_us\":-1,\"body\":{\"messages\":[]}}"));
	assert_non_null(why("[]"));
	assert_non_null(why("{\"id\":1"));
}

static void
joins_urls(void **state)
{
	static const char *const table[][3] = {
		{"http://h:1", "/v1/completions", "http://h:1/v1/completions"},
		{"http://h:1/", "/v1/completions", "http://h:1/v1/completions"},
		{"http://h:1/v1", "/v1/completions", "http://h:1/v1/completions"},
		{"http://h:1/v1/", "/v1/completions", "http://h:1/v1/completions"},
		{"http://h:1/v1", "/tokenize", "http://h:1/v1/tokenize"},
		{"http://h:1/openai", "/v1/x", "http://h:1/openai/v1/x"},
	};
	struct target t;

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char *url;

		assert_null(target_read(table[i][0], &t));
		url = target_url(&t, (struct span){table[i][1], strlen(table[i][1])});
		assert_string_equal(url, table[i][2]);
		free(url);
		target_free(&t);
	}
	assert_null(target_read("http://user:secret@h:1/v1", &t));
	assert_string_equal(t.shown, "http://h:1/v1");
	target_free(&t);
	assert_non_null(target_read("localhost:8000", &t));
	assert_non_null(target_read("ftp://h", &t));
	assert_non_null(target_read("http://h/?q=1", &t));
	assert_non_null(target_read("http://h:99999", &t));
}

static void
ids(void **state)
{
	struct idset s = {0};

	(void)state;
	assert_false(idset_has(&s, 0));
	for (int64_t i = 0; i < 10000; i++)
		assert_true(idset_add(&s, i * 977));
	for (int64_t i = 0; i < 10000 * 977; i++)
		if (idset_has(&s, i) != (i % 977 == 0))
			fail_msg("%d", (int)i);
	assert_int_equal(s.n, 10000);
	idset_free(&s);
}

static void
compacts(void **state)
{
	static const char before[] = "{\"id\":1,\"final\":true,\"error\":null}\n"
	                             "{\"id\":2,\"final\":false,\"error\":{\"kind\":\"cancelled\"}}\n"
	                             "{\"id\":3,\"part\":2,\"final\":true,\"error\":{\"kind\":\"connect\"}}\n"
	                             "{\"id\":1,\"final\":true,\"error\":null,\"again\":1}\n"
	                             "{\"id\":4,\"final\":true,\"err";
	static const char after[] = "{\"id\":1,\"final\":true,\"error\":null}\n";
	char name[] = "/tmp/tokpipe-resume-XXXXXX", text[512];
	int fd = mkstemp(name);
	struct resume r;
	FILE *f;

	(void)state;
	assert_true(write(fd, before, strlen(before)) == (ssize_t)strlen(before));
	close(fd);
	assert_int_equal(resume_compact(name, "connect,stream", 1 << 20, &r), 0);
	assert_int_equal(r.kept, 1);
	assert_int_equal(r.dropped, 4);
	assert_int_equal(r.part, 3);
	assert_true(idset_has(&r.done, 1));
	assert_false(idset_has(&r.done, 3));
	f = fopen(name, "r");
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	assert_string_equal(text, after);
	fclose(f);
	unlink(name);
	resume_free(&r);
	assert_int_equal(resume_compact("/nonexistent/x", NULL, 1 << 20, &r), -1);
}

static void
finds_turns_again(void **state)
{
	static const char text[] = "{\"id\":9,\"final\":true,\"error\":{\"kind\":\"skipped\"},\"session\":1}\n"
	                           "{\"id\":8,\"final\":true,\"error\":null,\"session\":1,\"text\":\"8\"}\n"
	                           "{\"id\":5,\"final\":true,\"error\":null}\n"
	                           "{\"id\":7,\"final\":true,\"error\":null,\"session\":1,\"text\":\"7\"}\n";
	char name[] = "/tmp/tokpipe-resume-XXXXXX", *record;
	int fd = mkstemp(name);
	struct resume r;
	size_t len;

	(void)state;
	assert_true(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	assert_int_equal(resume_compact(name, "connect", 1 << 20, &r), 0);
	unlink(name);
	assert_int_equal(r.kept, 3); /* with any retry what was skipped is looked at again */
	record = resume_record(&r, 7, &len);
	assert_string_equal(record, "{\"id\":7,\"final\":true,\"error\":null,\"session\":1,\"text\":\"7\"}");
	assert_int_equal(len, strlen(record));
	free(record);
	record = resume_record(&r, 8, &len);
	assert_non_null(strstr(record, "\"8\"}"));
	free(record);
	assert_null(resume_record(&r, 5, &len));
	resume_free(&r);
	assert_true(resume_kinds("connect") && resume_kinds("skipped,tls"));
	assert_false(resume_kinds("conect") || resume_kinds("") || resume_kinds("connect,") || resume_kinds("tl"));
}

static void
keeps_secrets(void **state)
{
	char key[SECRET_MAX], text[] = "say sk-123 and sk-1234 and a-long-secret-key-0123";
	size_t n = strlen(text);

	(void)state;
	secret_redact(text, &n, "a-long-secret-key-0123");
	text[n] = '\0';
	assert_string_equal(text, "say sk-123 and sk-1234 and [redacted]");
	secret_redact(text, &n, "sk-123");
	text[n] = '\0';
	assert_null(strstr(text, "sk-123"));
	snprintf(text, sizeof text, "%s", "{\"a\":[10,\"1\\\"0\",null],\"b\":0}");
	n = strlen(text);
	secret_redact_json(text, &n, "0");
	assert_string_equal(text, "{\"a\":[10,\"1\\\"[\",null],\"b\":0}");
	assert_int_equal(n, strlen(text));
	setenv("TOKPIPE_TEST_KEY", "abc\n", 1);
	assert_null(secret_from_env("TOKPIPE_TEST_KEY", key));
	assert_string_equal(key, "abc");
	setenv("TOKPIPE_TEST_KEY", "a\"b", 1);
	assert_non_null(secret_from_env("TOKPIPE_TEST_KEY", key));
	setenv("TOKPIPE_TEST_KEY", "two\nlines", 1);
	assert_non_null(secret_from_env("TOKPIPE_TEST_KEY", key));
	unsetenv("TOKPIPE_TEST_KEY");
	assert_non_null(secret_from_env("TOKPIPE_TEST_KEY", key));
	assert_non_null(secret_from_file("/nonexistent", key));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_request),
		cmocka_unit_test(refuses),
		cmocka_unit_test(joins_urls),
		cmocka_unit_test(ids),
		cmocka_unit_test(compacts),
		cmocka_unit_test(finds_turns_again),
		cmocka_unit_test(keeps_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
