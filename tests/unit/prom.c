/* prom: lines of exposition text, good and bad.  "prom FILE" prints the samples of a page as JSON
 * lines instead: tests/gpusample.bats compares them with Python's parser. */
#include "lib/prom.h"
#include "lib/put.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum prom_line
line(const char *text, struct prom_sample *s, const char **why, size_t *column)
{
	size_t n = strlen(text);
	char *copy = malloc(n ? n : 1); /* its own block, without a NUL: valgrind sees every byte too far */
	enum prom_line kind;

	memcpy(copy, text, n);
	kind = prom_line(copy, n, s, why, column);
	if (kind == PROM_SAMPLE) { /* what it points to has to be in the line */
		assert_true(s->name.s >= copy && s->name.s + s->name.n <= copy + n);
		s->name.s = text + (s->name.s - copy);
		for (size_t i = 0; i < s->n; i++) {
			s->labels[i].name.s = text + (s->labels[i].name.s - copy);
			s->labels[i].value.s = text + (s->labels[i].value.s - copy);
		}
	}
	free(copy);
	return kind;
}

static void
sample(const char *text, const char *name, size_t labels, double value)
{
	struct prom_sample s;
	const char *why = "";
	size_t column = 0;

	if (line(text, &s, &why, &column) != PROM_SAMPLE)
		fail_msg("%s: %zu: %s", text, column, why);
	assert_int_equal(s.name.n, strlen(name));
	assert_memory_equal(s.name.s, name, s.name.n);
	assert_int_equal(s.n, labels);
	if (isnan(value))
		assert_true(isnan(s.value));
	else
		assert_true(s.value == value);
}

static void
test_samples(void **state)
{
	(void)state;
	sample("up 1", "up", 0, 1);
	sample("  up \t 1 \t", "up", 0, 1);
	sample("up 1\r", "up", 0, 1);
	sample("up{} 1", "up", 0, 1);
	sample("up{a=\"b\"}1", "up", 1, 1);
	sample("up {a=\"b\", c = \"d\" ,} 1", "up", 2, 1);
	sample("vllm:ttft_sum{engine=\"0\"} 8.128902e+06", "vllm:ttft_sum", 1, 8128902);
	sample("a -.5", "a", 0, -.5);
	sample("a 1 1395066363000", "a", 0, 1);
	sample("a 1 1395066363.25", "a", 0, 1);
	sample("a 1 -3", "a", 0, 1);
	sample("a_total 17 # {trace_id=\"x # y\"} 0.67 123.4", "a_total", 0, 17);
	sample("a_total 17 1.5 # {} 1", "a_total", 0, 17);
	sample("{\"a.b\"} 2", "a.b", 0, 2);
	sample("{\"a.b\", \"c.d\"=\"e\", f=\"g\"} 2", "a.b", 2, 2);
	sample("a{b=\"}\"} 2", "a", 1, 2);
	sample("a{b=\"x,y=\\\"z\\\"\"} 2", "a", 1, 2);
}

static void
test_values(void **state)
{
	(void)state;
	sample("a NaN", "a", 0, NAN);
	sample("a +Inf", "a", 0, INFINITY);
	sample("a -Inf", "a", 0, -INFINITY);
	sample("a Inf", "a", 0, INFINITY);
	sample("a 1e400", "a", 0, INFINITY);
	sample("a 0.1", "a", 0, 0.1);
	sample("a 18446744073709551615", "a", 0, 18446744073709551615.0);
}

static void
nothing(const char *text, enum prom_line want)
{
	struct prom_sample s;
	const char *why;
	size_t column;

	assert_int_equal(line(text, &s, &why, &column), want);
}

static void
test_comments(void **state)
{
	(void)state;
	nothing("", PROM_NOTHING);
	nothing(" \t\r", PROM_NOTHING);
	nothing("# HELP a b", PROM_NOTHING);
	nothing("# TYPE a counter", PROM_NOTHING);
	nothing("#", PROM_NOTHING);
	nothing("# EOFX", PROM_NOTHING);
	nothing("# EOF", PROM_END);
	nothing("# EOF\r", PROM_END);
}

static void
bad(const char *text, size_t want, const char *reason)
{
	struct prom_sample s;
	const char *why = "";
	size_t column = 0;

	if (line(text, &s, &why, &column) != PROM_BAD || column != want || strcmp(why, reason) != 0)
		fail_msg("%s: %zu: %s", text, column, why);
}

static void
test_bad(void **state)
{
	(void)state;
	bad("a", 2, "a sample without a value");
	bad("a{b=\"c\"}", 9, "a sample without a value");
	bad("1a 1", 1, "expected the name of a metric");
	bad("<html>", 1, "expected the name of a metric");
	bad("{\"error\":\"x\"}", 9, "expected , or } after a label");
	bad("{\"error\": 1}", 9, "expected , or } after a label");
	bad("{a=\"b\"} 1", 8, "a sample without a name");
	bad("a-b 1", 2, "a character that names do not have");
	bad("a{b} 1", 4, "expected = after the name of a label");
	bad("a{b=c} 1", 5, "expected a value in double quotes");
	bad("a{b=\"c} 1", 10, "a quote is not closed");
	bad("a{b=\"c\\", 8, "a quote is not closed");
	bad("a{b=\"c\"", 8, "a brace is not closed");
	bad("a{b=\"c\" 1", 9, "expected , or } after a label");
	bad("a{,} 1", 3, "expected the name of a label");
	bad("a{\"x\"} 1", 6, "expected = after the name of a label");
	bad("a one", 3, "the value is not a number");
	bad("a 0x10", 3, "the value is not a number");
	bad("a nan(1)", 3, "the value is not a number");
	bad("a 1,5", 3, "the value is not a number");
	bad("a 1 now", 5, "the timestamp is not a number");
	bad("a 1 2 3", 7, "more than a value and a timestamp");
}

static void
test_labels(void **state)
{
	struct prom_sample s;
	const char *why;
	size_t column;
	char out[32];

	(void)state;
	assert_int_equal(line("a{x=\"\",y=\"p\\\\q\\\"r\\ns\\t\"} 1", &s, &why, &column), PROM_SAMPLE);
	assert_non_null(prom_label(&s, "x").s);
	assert_int_equal(prom_label(&s, "x").n, 0);
	assert_null(prom_label(&s, "z").s);
	size_t n = prom_decode(prom_label(&s, "y"), out);

	assert_int_equal(n, strlen("p\\q\"r\ns\\t"));
	assert_memory_equal(out, "p\\q\"r\ns\\t", n);
}

static void
test_too_many_labels(void **state)
{
	char text[4096] = "a{";
	struct prom_sample s;
	const char *why = "";
	size_t column;

	(void)state;
	for (int i = 0; i <= PROM_MAX_LABELS; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "l%d=\"\",", i);
	strcat(text, "} 1");
	assert_int_equal(line(text, &s, &why, &column), PROM_BAD);
	assert_string_equal(why, "too many labels");
}

static void
put(const char *text, size_t n)
{
	char *out = malloc(n + 1);

	put_string(stdout, out, prom_decode((struct span){text, n}, out));
	free(out);
}

/* [name, {label: value}, value]; a value that JSON has no number for is a string. */
static int
dump(const char *file)
{
	FILE *f = fopen(file, "r");
	char *text = NULL;
	size_t size = 0, column;
	struct prom_sample s;
	const char *why;
	ssize_t n;

	while (f && (n = getline(&text, &size, f)) > 0) {
		enum prom_line kind = prom_line(text, (size_t)n - (text[n - 1] == '\n'), &s, &why, &column);

		if (kind == PROM_BAD)
			return 1;
		if (kind != PROM_SAMPLE)
			continue;
		putchar('[');
		put(s.name.s, s.name.n);
		printf(",{");
		for (size_t i = 0; i < s.n; i++) {
			printf(i ? "," : "");
			put(s.labels[i].name.s, s.labels[i].name.n);
			putchar(':');
			put(s.labels[i].value.s, s.labels[i].value.n);
		}
		printf(isfinite(s.value) ? "},%.17g]\n" : "},\"%g\"]\n", s.value);
	}
	free(text);
	return f && fclose(f) == 0 ? 0 : 2;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_samples), cmocka_unit_test(test_values),
		cmocka_unit_test(test_comments), cmocka_unit_test(test_bad), cmocka_unit_test(test_labels),
		cmocka_unit_test(test_too_many_labels)};

	if (argc > 1)
		return dump(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
