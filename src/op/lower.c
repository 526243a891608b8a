// SPDX-License-Identifier: Apache-2.0
/* One mount in comfortable words -> open-tree or fs-mount, set-attr, move-mount. */
#include "op/lower.h"
#include "base/mem.h"
#include "mnt/bits.h"
#include "op/words.h"

#include <errno.h>
#include <string.h>

static bool is_bind(const char *type)
{
	return !strcmp(type, "bind") || !strcmp(type, "rbind");
}

static int add_bind(struct lower_words *words, const char *word, struct err *err)
{
	const char *bind = strcmp(word, "rbind") ? "bind" : "rbind";

	if (words->bind && strcmp(words->bind, bind))
		return err_say(err, EINVAL, "'%s' contradicts '%s'", word, words->bind);
	words->bind = bind;
	return 1;
}

/* r in front of an attribute word: "rro" is ro for the whole tree. "relatime" is a word itself. */
static int add_word(struct lower_words *words, const char *word, struct err *err)
{
	int rc = mnt_attr_add_word(&words->attr, word, err);

	if (is_bind(word))
		return add_bind(words, word, err);
	if (rc == 0 && *word == 'r')
		rc = mnt_attr_add_word(&words->rec_attr, word + 1, err);
	if (rc == 0 && !strcmp(word, "create")) {
		words->flags |= OP_CREATE;
		return 1;
	}
	return rc;
}

int lower_words_parse(struct lower_words *words, const struct strv *text, struct err *err)
{
	struct lower_words parsed = {0};
	int rc = 0;

	for (size_t i = 0; text && i < text->n && rc >= 0; i++) {
		rc = add_word(&parsed, text->v[i], err);
		if (rc == 0) {
			parsed.at = parsed.options.n ? parsed.at : i;
			rc = op_option_add(&parsed.options, text->v[i], err);
		}
		if (rc < 0)
			parsed.at = i;
	}
	if (rc < 0) {
		size_t at = parsed.at;
		lower_words_done(&parsed);
		*words = (struct lower_words){.at = at};
		return rc;
	}
	*words = parsed;
	return 0;
}

void lower_words_done(struct lower_words *words)
{
	mnt_attr_done(&words->attr);
	mnt_attr_done(&words->rec_attr);
	strv_done(&words->options);
}

static void push_attr(struct ops *ops, int handle, struct mnt_attr *attr, unsigned flags,
		      const char *said)
{
	if (mnt_attr_is_empty(attr))
		return;
	ops_push(ops, (struct op){.kind = OP_SET_ATTR,
				  .to = {.handle = handle},
				  .flags = flags,
				  .attr = *attr,
				  .said = xstrdup(said)});
	*attr = (struct mnt_attr){0};
}

static int open_bind(struct ops *ops, const struct lower_mount *m, struct lower_words *words,
		     struct err *err)
{
	const char *bind = words->bind ? words->bind : m->type;
	int handle;

	if (words->options.n)
		return err_say(err, EINVAL,
			       "a bind takes no option '%s'; expected %s, the same with r in front "
			       "for the whole tree, %s, or idmap=…",
			       words->options.v[0], ATTR_WORDS, PROPAGATION_WORDS);
	handle = ops_new_handle(ops);
	ops_push(ops, (struct op){.kind = OP_OPEN_TREE,
				  .handle = handle,
				  .from = {.path = xstrdup(m->source)},
				  .flags = (strcmp(bind, "rbind") ? 0 : OP_REC) |
					   (m->optional ? OP_OPTIONAL : 0),
				  .said = xstrdup(m->said)});
	push_attr(ops, handle, &words->rec_attr, OP_REC, m->said);
	push_attr(ops, handle, &words->attr, 0, m->said);
	return handle;
}

static int open_fs(struct ops *ops, const struct lower_mount *m, struct lower_words *words,
		   struct err *err)
{
	struct op op = {.kind = OP_FS_MOUNT, .text = xstrdup(m->type), .said = xstrdup(m->said)};
	struct mnt_attr after = {.propagation = words->attr.propagation};

	/* A new mount has nothing below it: recursive words mean the same as the plain ones. */
	if (!after.propagation)
		after.propagation = words->rec_attr.propagation;
	after.idmap =
		words->attr.idmap ? TAKE_PTR(words->attr.idmap) : TAKE_PTR(words->rec_attr.idmap);
	op.handle = ops_new_handle(ops);
	op.attr.set = words->attr.set | words->rec_attr.set;
	op.attr.clear = (words->attr.clear | words->rec_attr.clear) & MNT_ATTR_ATIME;
	if (m->source)
		strv_addf(&op.options, "source=%s", m->source);
	for (size_t i = 0; i < words->options.n; i++)
		strv_add(&op.options, words->options.v[i]);
	ops_push(ops, op);
	push_attr(ops, op.handle, &after, 0, m->said);
	return op.handle;
}

int lower_mount_open(struct ops *ops, const struct lower_mount *m, int *ret_handle, struct err *err)
{
	struct lower_words words;
	int rc = lower_words_parse(&words, m->words, err);

	if (rc == 0 && words.bind && !is_bind(m->type))
		rc = err_say(err, EINVAL, "'%s' is for binds; this is a %s", words.bind, m->type);
	if (rc == 0)
		rc = is_bind(m->type) ? open_bind(ops, m, &words, err)
				      : open_fs(ops, m, &words, err);
	if (rc < 0 && m->ret_at)
		*m->ret_at = words.at;
	lower_words_done(&words);
	if (rc < 0)
		return rc;
	*ret_handle = rc;
	return 0;
}

void lower_mount_attach(struct ops *ops, const struct lower_mount *m, int handle)
{
	unsigned flags = m->flags;

	if (!m->to.handle && !m->to.path)
		return;
	if (m->words && strv_has(m->words, "create"))
		flags |= OP_CREATE;
	ops_push(ops, (struct op){.kind = OP_MOVE_MOUNT,
				  .from = {.handle = handle},
				  .to = {m->to.handle, xstrdup(m->to.path)},
				  .flags = flags,
				  .said = xstrdup(m->said)});
}
