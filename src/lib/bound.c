/* bound: see bound.h. */
#include "bound.h"

#include "units.h"

#include <float.h>
#include <string.h>

static const struct {
	const char *text;
	enum bound_op op;
} ops[] = {{"<=", BOUND_LE}, {">=", BOUND_GE}, {"==", BOUND_EQ}, {"<", BOUND_LT}, {">", BOUND_GT}};
#define N_OPS (sizeof ops / sizeof *ops)

static size_t
blanks(const char *s)
{
	return strspn(s, " \t");
}

const char *
bound_parse(struct bound *b, const char *text)
{
	const char *path = text + blanks(text), *value;
	size_t n = strcspn(path, "<>= \t"), op;
	const char *at = path + n + blanks(path + n);

	*b = (struct bound){.text = text};
	if (n == 0)
		return "no field before the operator";
	if (n >= sizeof b->path)
		return "the field's name is too long";
	for (op = 0; op < N_OPS && strncmp(at, ops[op].text, strlen(ops[op].text)) != 0; op++)
		;
	if (op == N_OPS)
		return "no operator: <= < >= > or ==";
	b->op = ops[op].op;
	value = at + strlen(ops[op].text);
	value += blanks(value);
	if (units_number(value, -DBL_MAX, DBL_MAX, &b->value))
		return "not a number behind the operator";
	memcpy(b->path, path, n);
	return NULL;
}

bool
bound_holds(const struct bound *b, double measured)
{
	switch (b->op) {
	case BOUND_LE: return measured <= b->value;
	case BOUND_LT: return measured < b->value;
	case BOUND_GE: return measured >= b->value;
	case BOUND_GT: return measured > b->value;
	case BOUND_EQ: break;
	}
	return measured == b->value;
}
