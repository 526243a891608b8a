// SPDX-License-Identifier: Apache-2.0
/* A call as text, and back. */
#include "scenario/call.h"
#include "base/mem.h"
#include "model/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[CALL_KIND_MAX] = {
	[CALL_NEW] = "mount-new",
	[CALL_BIND] = "mount-bind",
	[CALL_RBIND] = "mount-rbind",
	[CALL_MOVE] = "mount-move",
	[CALL_TYPE] = "mount-type",
	[CALL_REMOUNT] = "mount-remount",
	[CALL_REMOUNT_FS] = "mount-remount-fs",
	[CALL_UMOUNT] = "umount2",
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
	[CALL_CHDIR] = "fchdir",
	[CALL_CHROOT] = "chroot",
	[CALL_MKDIR] = "mkdirat",
	[CALL_MKFILE] = "mkfile",
	[CALL_RMDIR] = "rmdir",
	[CALL_UNLINK] = "unlink",
	[CALL_RENAME] = "rename",
	[CALL_OP] = "",
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
	{MODEL_UMOUNT_FORCE, "force"},	   {MODEL_UMOUNT_DETACH, "lazy"},
	{MODEL_UMOUNT_EXPIRE, "expire"},   {MODEL_UMOUNT_NOFOLLOW, "nofollow"},
	{MODEL_UMOUNT_UNKNOWN, "unknown"}, {0},
};
static const struct bit move_bits[] = {
	{MODEL_MOVE_BENEATH, "beneath"},
	{MODEL_MOVE_SET_GROUP, "set-group"},
	{MODEL_MOVE_UNKNOWN, "unknown"},
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
	buf_adds(out, *at->path || at->file != CALL_NOTHING ? at->path : "\"\"");
}

static void print_bits(const struct bit *bits, uint64_t value, struct buf *out)
{
	for (; bits && bits->bit; bits++)
		if (value & bits->bit)
			buf_addf(out, " %s", bits->word);
}

/* What follows the word of a call. */
struct form {
	uint8_t places;
	bool number, rec, file; /* a process; "rec"; "h1 =" in front */
	const struct bit *bits;
};
static const struct form forms[CALL_KIND_MAX] = {
	[CALL_NEW] = {1, .bits = ms_bits},
	[CALL_BIND] = {2, .bits = ms_bits},
	[CALL_RBIND] = {2, .bits = ms_bits},
	[CALL_MOVE] = {2, .bits = ms_bits},
	[CALL_TYPE] = {1, .rec = true, .bits = ms_bits},
	[CALL_REMOUNT] = {1, .bits = ms_bits},
	[CALL_REMOUNT_FS] = {1, .bits = ms_bits},
	[CALL_UMOUNT] = {1, .bits = umount_bits},
	[CALL_PIVOT_ROOT] = {2},
	[CALL_MOVE_MOUNT] = {2, .bits = move_bits},
	[CALL_SETATTR] = {1, .rec = true, .bits = ms_bits},
	[CALL_OPEN] = {1, .file = true},
	[CALL_OPEN_WRITE] = {1, .file = true},
	[CALL_OPEN_TREE] = {1, .rec = true, .file = true},
	[CALL_FSMOUNT] = {0, .file = true},
	[CALL_CLOSE] = {1},
	[CALL_UNSHARE] = {0, .bits = clone_bits},
	[CALL_SETNS] = {1},
	[CALL_FORK] = {0, .number = true},
	[CALL_CHDIR] = {1},
	[CALL_CHROOT] = {1},
	[CALL_MKDIR] = {1},
	[CALL_MKFILE] = {1},
	[CALL_RMDIR] = {1},
	[CALL_UNLINK] = {1},
	[CALL_RENAME] = {2},
};

static void print_rest(const struct call *call, struct buf *out)
{
	if (call->file != CALL_NOTHING)
		buf_addf(out, "h%d = ", call->file);
	buf_adds(out, names[call->kind]);
	if (call->other != CALL_NOTHING)
		buf_addf(out, " %d", call->other);
	if (forms[call->kind].places > 0)
		print_at(&call->a, out);
	if (forms[call->kind].places > 1)
		print_at(&call->b, out);
	if (call->rec)
		buf_adds(out, " rec");
	if (call->set)
		buf_addf(out, " set=0x%llx", (unsigned long long)call->set);
	if (call->clear)
		buf_addf(out, " clear=0x%llx", (unsigned long long)call->clear);
	print_bits(forms[call->kind].bits, call->flags, out);
	print_bits(ms_bits, call->propagation, out);
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
	while (bits && bits->bit && strcmp(bits->word, word))
		bits++;
	return bits ? bits->bit : 0;
}

static int parse_number(const char *word, uint64_t max)
{
	uint64_t n;

	return str_to_u64(word, max, &n, NULL) < 0 ? -EINVAL : (int)n;
}

/* "ns:1", "h2", "h2:a", "/a"; "" with its quotes is the empty path. */
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
	strcpy(at->path, strcmp(word, "\"\"") ? word : "");
	return 0;
}

static int parse_word(const char *word, struct call *call, size_t *ret_places)
{
	const struct form *form = &forms[call->kind];
	uint64_t bit = bit_of(form->bits, word);

	if (form->number && call->other == CALL_NOTHING)
		return call->other = (int8_t)parse_number(word, SCENARIO_TASKS - 1);
	if (form->rec && !strcmp(word, "rec"))
		call->rec = true;
	else if (str_starts(word, "set=") &&
		 (call->kind == CALL_SETATTR || call->kind == CALL_FSMOUNT))
		call->set = strtoull(word + 4, NULL, 0);
	else if (str_starts(word, "clear=") && call->kind == CALL_SETATTR)
		call->clear = strtoull(word + 6, NULL, 0);
	else if (bit && call->kind == CALL_SETATTR)
		call->propagation |= bit;
	else if (bit)
		call->flags |= (unsigned)bit;
	else if (*ret_places == form->places)
		return -EINVAL;
	else
		return parse_at(word, (*ret_places)++ ? &call->b : &call->a);
	return 0;
}

static int parse_words(const struct strv *words, size_t at, struct call *call, struct err *err)
{
	const struct form *form = &forms[call->kind];
	const char *name = words->v[at];
	size_t places = 0;

	while (++at < words->n)
		if (*words->v[at] && parse_word(words->v[at], call, &places) < 0)
			return err_say(err, EINVAL, "'%s': no word for %s", words->v[at], name);
	if (places != form->places || (form->number && call->other == CALL_NOTHING))
		return err_say(err, EINVAL, "%s: expected %s", name,
			       form->number	  ? "the number of a process"
			       : form->places > 1 ? "two places"
						  : "a place");
	if (form->file != (call->file != CALL_NOTHING))
		return err_say(err, EINVAL,
			       form->file ? "%s makes a file; write h1 = %s" : "%s makes no file",
			       name, name);
	if (call->kind == CALL_CLOSE && (call->a.file == CALL_NOTHING || *call->a.path))
		return err_say(err, EINVAL, "close: expected a file, h0 to h5");
	return 0;
}

/* What is none of the calls is a statement of ops. */
static int parse_op(const char *text, struct call *call, struct err *err)
{
	if (strlen(text) >= CALL_TEXT)
		return err_say(err, EINVAL, "a statement has at most %d characters", CALL_TEXT - 1);
	call->kind = CALL_OP;
	strcpy(call->text, text);
	return statement_check(call, err);
}

int call_parse(const char *text, struct call *ret, struct err *err)
{
	struct call_at none = {.file = CALL_NOTHING, .ns_of = CALL_NOTHING}, file = none;
	struct call call = {.file = CALL_NOTHING, .other = CALL_NOTHING, .a = none, .b = none};
	AUTO(strv) struct strv words = {0};
	size_t at = 0;
	int rc;

	strv_split(&words, text, ' ');
	if (words.n > 2 && !strcmp(words.v[1], "="))
		at = 2;
	call.kind = words.n ? (uint8_t)kind_of(words.v[at]) : CALL_KIND_MAX;
	if (call.kind >= CALL_OP) {
		rc = parse_op(text, &call, err);
	} else {
		if (at &&
		    (parse_at(words.v[0], &file) < 0 || file.file == CALL_NOTHING || *file.path))
			return err_say(err, EINVAL, "'%s' is no file; expected h0 to h5",
				       words.v[0]);
		call.file = file.file;
		rc = parse_words(&words, at, &call, err);
	}
	if (rc == 0)
		*ret = call;
	return rc;
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
