// SPDX-License-Identifier: Apache-2.0
/* Calls as text. */
#include "scenario/call_words.h"

#include <string.h>

static void print_at(const struct call_at *at, struct buf *out)
{
	buf_addc(out, ' ');
	if (at->ns_of != CALL_NOTHING)
		return buf_addf(out, "ns:%d", at->ns_of);
	if (at->file != CALL_NOTHING)
		buf_addf(out, "h%d%s", at->file, *at->path ? ":" : "");
	buf_adds(out, *at->path || at->file != CALL_NOTHING ? at->path : "\"\"");
}

static void print_bits(const struct bit *bits, uint64_t value, struct buf *out)
{
	for (; bits && bits->bit; bits++)
		if (value & bits->bit)
			buf_addf(out, " %s", bits->word);
}

static void print_rest(const struct call *call, struct buf *out)
{
	if (call->file != CALL_NOTHING)
		buf_addf(out, "h%d = ", call->file);
	buf_adds(out, call_names[call->kind]);
	if (call->other != CALL_NOTHING)
		buf_addf(out, " %d", call->other);
	if (call_forms[call->kind].places > 0)
		print_at(&call->a, out);
	if (call_forms[call->kind].places > 1)
		print_at(&call->b, out);
	if (call->rec)
		buf_adds(out, " rec");
	if (call->set)
		buf_addf(out, " set=0x%llx", (unsigned long long)call->set);
	if (call->clear)
		buf_addf(out, " clear=0x%llx", (unsigned long long)call->clear);
	if (call->userns_of != CALL_NOTHING)
		buf_addf(out, " userns:%d", call->userns_of);
	print_bits(call_forms[call->kind].bits, call->flags, out);
	print_bits(call_ms_bits, call->propagation, out);
}

void call_print(const struct call *call, struct buf *out)
{
	const char *name = errno_name(call->want);

	buf_addf(out, "%u: ", call->task);
	if (call->kind == CALL_OP)
		buf_adds(out, call->text);
	else
		print_rest(call, out);
	if (name)
		buf_addf(out, " -> %s", name);
}

const char *errno_name(int code)
{
	return code ? strerrorname_np(code) : NULL;
}

int errno_parse(const char *name)
{
	for (int code = 1; code < 134; code++)
		if (strerrorname_np(code) && !strcmp(strerrorname_np(code), name))
			return code;
	return 0;
}

void outcome_done(struct outcome *outcome)
{
	for (size_t i = 0; i < SCENARIO_TASKS; i++)
		mnt_table_done(&outcome->tables[i]);
	*outcome = (struct outcome){0};
}
