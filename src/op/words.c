// SPDX-License-Identifier: Apache-2.0
/* Words of the text form that stand for one value: flags, handles, targets, options. */
#include "op/words.h"
#include "base/mem.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static const struct {
	const char *word;
	unsigned flag;
} flag_words[] = {
	{"rec", OP_REC},	 {"optional", OP_OPTIONAL},
	{"create", OP_CREATE},	 {"nosymlinks", OP_NOSYMLINKS},
	{"beneath", OP_BENEATH}, {"lazy", OP_LAZY},
	{"force", OP_FORCE},	 {"parents", OP_PARENTS},
};

unsigned op_flag_parse(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(flag_words); i++)
		if (!strcmp(flag_words[i].word, word))
			return flag_words[i].flag;
	return 0;
}

void op_flags_print(unsigned flags, const char *separator, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(flag_words); i++)
		if (flags & flag_words[i].flag)
			buf_addf(out, "%s%s", separator, flag_words[i].word);
}

int op_handle_parse(const char *word)
{
	uint64_t number;

	if (word[0] != 'h' || word[1] == '0' || str_to_u64(word + 1, HANDLE_MAX, &number, NULL) < 0)
		return 0;
	return (int)number;
}

const char *op_slot_name(const struct op_row *row, enum op_slot slot)
{
	static const char *const names[] = {
		[OP_SLOT_END] = "nothing more",
		[OP_SLOT_FROM] = "a source: an absolute path, a handle like h1, or h1:/path",
		[OP_SLOT_TO] = "a target: an absolute path, a handle like h1, or h1:/path",
		[OP_SLOT_NEW] = "what to make: an absolute path, or h1:/path",
		[OP_SLOT_PATH] = "an absolute path",
		[OP_SLOT_FILE] = "a path",
		[OP_SLOT_NAMESPACES] = "namespaces: mnt pid net ipc uts cgroup user time",
		[OP_SLOT_NAMESPACE] = "a namespace: mnt pid net ipc uts cgroup user or time",
		[OP_SLOT_DEVICE] = "a device: c MAJOR:MINOR or b MAJOR:MINOR, or a FIFO: p 0:0",
	};

	return slot == OP_SLOT_TEXT ? row->text : names[slot];
}

static bool slot_takes(enum op_slot slot, const struct op_target *target)
{
	const char *path = target->path;
	bool absolute = path && *path == '/';
	bool dots = path && !target->handle && (!strcmp(path, ".") || !strcmp(path, ".."));

	if (slot == OP_SLOT_FILE)
		return !target->handle && path && *path;
	if (path && !absolute && !dots)
		return false;
	if (slot == OP_SLOT_NEW)
		return absolute;
	if (slot == OP_SLOT_PATH)
		return path && !target->handle;
	return path || target->handle;
}

int op_target_check(const struct op_target *target, enum op_slot slot, struct err *err)
{
	AUTO(buf) struct buf text = {0};

	if (target->path && strlen(target->path) >= PATH_MAX)
		return err_say(err, ENAMETOOLONG, "a path has at most %d bytes", PATH_MAX - 1);
	if (slot_takes(slot, target))
		return 0;
	if (target->handle)
		buf_addf(&text, target->path ? "h%d:" : "h%d", target->handle);
	buf_adds(&text, target->path ? target->path : "");
	return err_say(err, EINVAL, "'%s' does not fit here; expected %s", text.data,
		       op_slot_name(NULL, slot));
}

int op_target_parse(const char *word, enum op_slot slot, struct op_target *ret, struct err *err)
{
	const char *colon = strchr(word, ':');
	AUTO_FREE char *head = colon ? xstrndup(word, (size_t)(colon - word)) : xstrdup(word);
	struct op_target target = {0};
	int rc;

	if (slot != OP_SLOT_FILE)
		target.handle = op_handle_parse(head);
	if (!target.handle)
		target.path = (char *)word;
	else if (colon)
		target.path = (char *)colon + 1;
	rc = op_target_check(&target, slot, err);
	if (rc == 0)
		*ret = (struct op_target){target.handle, xstrdup(target.path)};
	return rc;
}

bool op_option_is_marked(const struct op_row *row, const char *option)
{
	struct mnt_attr attr = {0};
	bool is_attr = row->takes_attr && mnt_attr_add_word(&attr, option, NULL) != 0;

	mnt_attr_done(&attr);
	return is_attr || op_flag_parse(option) & row->flags || str_starts(option, "sb:");
}

int op_option_add(struct strv *options, const char *word, struct err *err)
{
	const char *option = str_starts(word, "sb:") ? word + strlen("sb:") : word;

	if (!*option || *option == '=')
		return err_say(err, EINVAL,
			       "'%s' is no option of a file system; expected KEY or KEY=VALUE",
			       word);
	strv_add(options, option);
	return 0;
}
