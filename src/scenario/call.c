// SPDX-License-Identifier: Apache-2.0
/* Calls as text, and back. */
#include "scenario/call.h"
#include "base/mem.h"
#include "model/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[CALL_KIND_MAX] = {
	[CALL_NEW] = "mount",
	[CALL_BIND] = "bind",
	[CALL_RBIND] = "rbind",
	[CALL_MOVE] = "move",
	[CALL_TYPE] = "type",
	[CALL_REMOUNT] = "remount",
	[CALL_REMOUNT_FS] = "remount-fs",
	[CALL_UMOUNT] = "umount",
	[CALL_PIVOT_ROOT] = "pivot_root",
	[CALL_MOVE_MOUNT] = "move_mount",
	[CALL_SETATTR] = "mount_setattr",
	[CALL_OPEN] = "open",
	[CALL_OPEN_WRITE] = "open-write",
	[CALL_OPEN_TREE] = "open_tree",
	[CALL_FSMOUNT] = "fsmount",
	[CALL_CLOSE] = "close",
	[CALL_UNSHARE] = "unshare",
	[CALL_SETNS] = "setns",
	[CALL_FORK] = "fork",
	[CALL_EXIT] = "exit",
	[CALL_CHDIR] = "chdir",
	[CALL_CHROOT] = "chroot",
	[CALL_MKDIR] = "mkdir",
	[CALL_MKFILE] = "mkfile",
	[CALL_RMDIR] = "rmdir",
	[CALL_UNLINK] = "unlink",
	[CALL_RENAME] = "rename",
};

struct bit {
	uint64_t bit;
	const char *word;
};
static const struct bit ms_bits[] = {
	{MODEL_MS_RDONLY, "ro"},
	{MODEL_MS_NOSUID, "nosuid"},
	{MODEL_MS_NODEV, "nodev"},
	{MODEL_MS_NOEXEC, "noexec"},
	{MODEL_MS_NOATIME, "noatime"},
	{MODEL_MS_NODIRATIME, "nodiratime"},
	{MODEL_MS_RELATIME, "relatime"},
	{MODEL_MS_STRICTATIME, "strictatime"},
	{MODEL_MS_UNBINDABLE, "unbindable"},
	{MODEL_MS_PRIVATE, "private"},
	{MODEL_MS_SLAVE, "slave"},
	{MODEL_MS_SHARED, "shared"},
	{MODEL_MS_NOSYMFOLLOW, "nosymfollow"},
	{0},
};
static const struct bit umount_bits[] = {
	{MODEL_UMOUNT_FORCE, "force"},
	{MODEL_UMOUNT_DETACH, "lazy"},
	{MODEL_UMOUNT_EXPIRE, "expire"},
	{0},
};
static const struct bit move_bits[] = {
	{MODEL_MOVE_BENEATH, "beneath"},
	{MODEL_MOVE_SET_GROUP, "set-group"},
	{0},
};
static const struct bit clone_bits[] = {{MODEL_NEWNS, "mnt"}, {MODEL_NEWUSER, "user"}, {0}};

static void print_at(const struct call_at *at, struct buf *out)
{
	buf_addc(out, ' ');
	if (at->ns_of != CALL_NOTHING)
		return buf_addf(out, "ns:%d", at->ns_of);
	if (at->file != CALL_NOTHING)
		buf_addf(out, "h%d%s", at->file, *at->path ? ":" : "");
	buf_adds(out, at->path);
}

static void print_bits(const struct bit *bits, uint64_t value, struct buf *out)
{
	for (; bits->bit; bits++)
		if (value & bits->bit)
			buf_addf(out, " %s", bits->word);
}

static const struct bit *bits_of(enum call_kind kind)
{
	if (kind == CALL_UMOUNT)
		return umount_bits;
	if (kind == CALL_UNSHARE)
		return clone_bits;
	return kind == CALL_MOVE_MOUNT ? move_bits : ms_bits;
}

void call_print(const struct call *call, struct buf *out)
{
	buf_addf(out, "%u: ", call->task);
	if (call->file != CALL_NOTHING)
		buf_addf(out, "h%d = ", call->file);
	buf_adds(out, names[call->kind]);
	if (call->other != CALL_NOTHING)
		buf_addf(out, " %d", call->other);
	if (call->a.file != CALL_NOTHING || call->a.ns_of != CALL_NOTHING || *call->a.path)
		print_at(&call->a, out);
	if (call->b.file != CALL_NOTHING || *call->b.path)
		print_at(&call->b, out);
	if (call->rec)
		buf_adds(out, " rec");
	if (call->set)
		buf_addf(out, " set=0x%llx", (unsigned long long)call->set);
	if (call->clear)
		buf_addf(out, " clear=0x%llx", (unsigned long long)call->clear);
	print_bits(bits_of(call->kind), call->flags, out);
	print_bits(ms_bits, call->propagation, out);
}

/* The kind by its word; CALL_KIND_MAX: there is none. */
static enum call_kind kind_of(const char *word)
{
	int kind = 0;

	while (kind < CALL_KIND_MAX && strcmp(names[kind], word))
		kind++;
	return (enum call_kind)kind;
}

static uint64_t bit_of(const struct bit *bits, const char *word)
{
	while (bits->bit && strcmp(bits->word, word))
		bits++;
	return bits->bit;
}

static int parse_number(const char *word, uint64_t max)
{
	uint64_t n;

	return str_to_u64(word, max, &n, NULL) < 0 ? -EINVAL : (int)n;
}

/* "ns:1", "h2", "h2:a", "/a" */
static int parse_at(const char *word, struct call_at *at)
{
	bool is_file = *word == 'h' && word[1] >= '0' && word[1] < '0' + CALL_FILES &&
		       (!word[2] || word[2] == ':');

	if (str_starts(word, "ns:")) {
		int n = parse_number(word + 3, SCENARIO_TASKS - 1);
		at->ns_of = (int8_t)n;
		return n;
	}
	if (is_file) {
		at->file = (int8_t)(word[1] - '0');
		word += word[2] ? 3 : 2;
	}
	if (strlen(word) >= CALL_PATH)
		return -EINVAL;
	strcpy(at->path, word);
	return 0;
}

static int parse_word(const char *word, struct call *call, struct call_at **ret_next)
{
	uint64_t bit = bit_of(bits_of(call->kind), word);

	if (!strcmp(word, "rec"))
		call->rec = true;
	else if (str_starts(word, "set="))
		call->set = strtoull(word + 4, NULL, 0);
	else if (str_starts(word, "clear="))
		call->clear = strtoull(word + 6, NULL, 0);
	else if (bit && call->kind == CALL_SETATTR)
		call->propagation |= bit;
	else if (bit)
		call->flags |= (unsigned)bit;
	else if (!*ret_next || parse_at(word, *ret_next) < 0)
		return -EINVAL;
	else
		*ret_next = *ret_next == &call->a ? &call->b : NULL;
	return 0;
}

/* "1:", "h0", "=" and the name. */
static size_t parse_head(const struct strv *words, struct call *call)
{
	size_t at = 1;

	if (words->n < 2 || words->v[0][0] < '0' || words->v[0][0] >= '0' + SCENARIO_TASKS ||
	    strcmp(words->v[0] + 1, ":"))
		return 0;
	call->task = (uint8_t)(words->v[0][0] - '0');
	if (words->n > 3 && !strcmp(words->v[2], "=")) {
		struct call_at file = {0};
		if (parse_at(words->v[1], &file) < 0 || *file.path)
			return 0;
		call->file = file.file;
		at = 3;
	}
	call->kind = (uint8_t)kind_of(words->v[at]);
	if (call->kind == CALL_KIND_MAX)
		return 0;
	if (call->kind != CALL_FORK)
		return at + 1;
	int other = at + 1 < words->n ? parse_number(words->v[at + 1], SCENARIO_TASKS - 1) : -1;
	call->other = (int8_t)other;
	return other < 0 ? 0 : at + 2;
}

static int parse_line(const struct strv *words, struct call *ret)
{
	struct call_at none = {.file = CALL_NOTHING, .ns_of = CALL_NOTHING};
	struct call call = {.file = CALL_NOTHING, .other = CALL_NOTHING, .a = none, .b = none};
	struct call_at *next = &call.a;
	size_t at = parse_head(words, &call);

	if (!at)
		return -EINVAL;
	for (; at < words->n; at++)
		if (*words->v[at] && parse_word(words->v[at], &call, &next) < 0)
			return -EINVAL;
	bool makes_file = call.kind == CALL_OPEN || call.kind == CALL_OPEN_WRITE ||
			  call.kind == CALL_OPEN_TREE || call.kind == CALL_FSMOUNT;
	if (makes_file != (call.file != CALL_NOTHING))
		return -EINVAL;
	*ret = call;
	return 0;
}

int calls_parse(struct calls *calls, const char *name, const char *text, struct err *err)
{
	AUTO(strv) struct strv lines = {0};

	strv_split(&lines, text, '\n');
	for (size_t i = 0; i < lines.n; i++) {
		AUTO(strv) struct strv words = {0};
		struct call call;
		if (!*lines.v[i] || *lines.v[i] == '#')
			continue;
		strv_split(&words, lines.v[i], ' ');
		if (parse_line(&words, &call) < 0)
			return err_say(err, EINVAL, "%s:%zu: '%s' is no call of a scenario", name,
				       i + 1, lines.v[i]);
		VEC_PUSH(calls->v, calls->n, call);
	}
	return 0;
}

void outcome_done(struct outcome *outcome)
{
	for (size_t i = 0; i < SCENARIO_TASKS; i++)
		mnt_table_done(&outcome->tables[i]);
	*outcome = (struct outcome){0};
}
