/* SPDX-License-Identifier: Apache-2.0 */
/* Private to op/: what the parser, the printer and the lowering agree on about single words. */
#ifndef OP_WORDS_H
#define OP_WORDS_H

#include "op/op.h"

#define HANDLE_MAX 65535

/* For messages: the words of mnt/attr.h, which keeps its table to itself. */
#define ATTR_WORDS                                                                                 \
	"ro rw nosuid suid nodev dev noexec exec noatime strictatime relatime nodiratime "         \
	"diratime nosymfollow symfollow"
#define PROPAGATION_WORDS "private slave shared unbindable"

/* "rec", "lazy", … <-> enum op_flag; 0: no such word. */
unsigned op_flag_parse(const char *word);
/* Each with `separator` in front. */
void op_flags_print(unsigned flags, const char *separator, struct buf *out);
/* "hN" -> N; 0: no handle. */
int op_handle_parse(const char *word);
/* PATH, hN or hN:PATH, as the slot wants it. A path is absolute, or "." or "..". */
int op_target_parse(const char *word, enum op_slot slot, struct op_target *ret, struct err *err);
int op_target_check(const struct op_target *target, enum op_slot slot, struct err *err);
/* What a slot wants, for messages. */
const char *op_slot_name(const struct op_row *row, enum op_slot slot);
/* True if the word, where fs-mount or reconfigure reads it, is something else than an option. */
bool op_option_is_marked(const struct op_row *row, const char *option);
/* KEY or KEY=VALUE; "sb:" in front is taken off. */
int op_option_add(struct strv *options, const char *word, struct err *err);

/* A line cut into words, quotes and escapes resolved (op/split.c). */
struct split {
	struct strv words;
	unsigned *column; /* of each word, from 1 */
	size_t end;	  /* where the last word ends in the line */
};

/* On an error the last column is where it is. */
int split_line(struct split *split, const char *line, struct err *err);
void split_done(struct split *split);

#endif
