/* sendsums: see sendsums.h. */
#include "sendsums.h"

void
sendsums_add(struct sendsums *to, const struct sendsums *from)
{
	struct load_result *a = &to->load;
	const struct load_result *b = &from->load;

	a->total.sent += b->total.sent;
	a->total.done += b->total.done;
	a->total.ok += b->total.ok;
	a->answered += b->answered;
	a->interrupted |= b->interrupted;
	a->out_of_files |= b->out_of_files;
	a->out_of_memory |= b->out_of_memory;
	to->not_http2 += from->not_http2;
	to->bad_lines += from->bad_lines;
	to->lost += from->lost;
	to->lost_errno = from->lost_errno ? from->lost_errno : to->lost_errno;
	to->read_errno = from->read_errno ? from->read_errno : to->read_errno;
}
