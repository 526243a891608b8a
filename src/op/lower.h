/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The comfortable words, as mount(8), docker and fstab users know them, lowered to primitive
 * ops. Nothing below this file knows them.
 *
 *     bind SRC DST [WORD…]      rbind SRC DST [WORD…]    move FROM TO
 *     TYPE DST [WORD…]          (known types: tmpfs proc sysfs mqueue devpts cgroup2 …)
 *     mount TYPE DST [WORD…]    (any type; source=… names its source, else it is the type)
 *     overlay DST lower=DIR… [upper=DIR work=DIR] [WORD…]   (first lower on top)
 *     make-private|slave|shared|unbindable PATH, make-rprivate|… PATH
 *     remount PATH WORD…        (attribute words: this mount; anything else: its superblock)
 *     rumount PATH              (lazy, with everything below)
 *
 * WORD is an attribute word (mnt/attr.h), an attribute word with r in front (rro, rprivate: the
 * whole tree), `create`, `bind` or `rbind` (binds: without or with the mounts below), or an option
 * of the file system. sb:WORD is always an option of the file system.
 */
#ifndef OP_LOWER_H
#define OP_LOWER_H

#include "op/op.h"

/* One mount in comfortable words, and what a compiler wants to know of its ops. */
struct lower_mount {
	const char *type;	  /* "bind", "rbind", or a file system type */
	const char *source;	  /* bind: the path; else NULL or the fs's source */
	struct op_target to;	  /* borrowed */
	const struct strv *words; /* borrowed, may be NULL */
	unsigned flags;		  /* OP_CREATE, OP_NOSYMLINKS, OP_OPTIONAL for the attaching op */
	bool optional;		  /* a bind whose source may be missing */
	const char *said;	  /* for messages, may be NULL */
	size_t *ret_at;		  /* set to the index in `words` an error is about; may be NULL */
};

/*
 * Sorts `words` into attributes (one mount, and recursive) and file system options.
 * ro and rw count as attributes; sb:ro is the superblock's option "ro".
 */
struct lower_words {
	struct mnt_attr attr, rec_attr;
	struct strv options;
	unsigned flags;	  /* OP_CREATE */
	const char *bind; /* "bind" or "rbind" where one was said; static */
	size_t at;	  /* on an error the word it is about, else the first option */
};
int lower_words_parse(struct lower_words *words, const struct strv *text, struct err *err);
void lower_words_done(struct lower_words *words);

/* The detached half: open-tree or fs-mount, and set-attr. *ret_handle is what to attach. */
int lower_mount_open(struct ops *ops, const struct lower_mount *m, int *ret_handle,
		     struct err *err);
/* The attaching half: move-mount, or nothing where m has no destination. */
void lower_mount_attach(struct ops *ops, const struct lower_mount *m, int handle);
/*
 * A statement of a script: words[0] is the comfortable word. 1: done, 0: no such word. *ret_at is
 * the index in `words` an error is about.
 */
int lower_statement(struct ops *ops, const struct strv *words, size_t *ret_at, struct err *err);
bool lower_is_word(const char *word);
/* All of them, each with a blank in front, for messages. */
void lower_print_words(struct buf *out);

#endif
