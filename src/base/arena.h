/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that lives as long as what it belongs to: strings are added one by one, never move, and are
 * freed together. Starts as {0}. Small arenas stay small: the first block is about a kilobyte, each
 * further one twice as large up to 256 KiB.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/auto.h"

struct arena_block;
struct arena {
	struct arena_block *last;
	char *at, *end; /* what is free in the last block */
	size_t next;	/* size of the next block */
};

/* `len` bytes, without any alignment. */
char *arena_take(struct arena *arena, size_t len);
/* A copy of s, or of its first len bytes; NULL gives NULL, and the empty string takes no room. */
const char *arena_str(struct arena *arena, const char *s);
const char *arena_strn(struct arena *arena, const char *s, size_t len);
/* The same, but `before` where it is the same text: for columns that repeat. NULL: nothing was. */
const char *arena_again(struct arena *arena, const char *before, const char *s, size_t len);
/* Takes over all text of the other, which is empty afterwards. */
void arena_join(struct arena *arena, struct arena *other);
void arena_done(struct arena *arena);

#endif
