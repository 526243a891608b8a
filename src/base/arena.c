// SPDX-License-Identifier: Apache-2.0
/* Blocks of text that are freed together. */
#include "base/arena.h"
#include "base/mem.h"

#include <string.h>

#define FIRST	(1 << 10)
#define LARGEST (256 << 10)

struct arena_block {
	struct arena_block *before;
	char text[];
};

static void grow(struct arena *arena, size_t len)
{
	size_t room = arena->next ? arena->next : FIRST;
	size_t size = len > room ? len : room;
	struct arena_block *block = xrealloc(NULL, 1, sizeof(*block) + size);

	arena->next = room < LARGEST ? 2 * room : room;
	block->before = arena->last;
	arena->last = block;
	arena->at = block->text;
	arena->end = block->text + size;
}

char *arena_take(struct arena *arena, size_t len)
{
	if ((size_t)(arena->end - arena->at) < len)
		grow(arena, len);
	char *taken = arena->at;
	arena->at += len;
	return taken;
}

const char *arena_strn(struct arena *arena, const char *s, size_t len)
{
	if (!s)
		return NULL;
	if (!len)
		return "";
	char *copy = arena_take(arena, len + 1);
	memcpy(copy, s, len);
	copy[len] = 0;
	return copy;
}

const char *arena_str(struct arena *arena, const char *s)
{
	return s ? arena_strn(arena, s, strlen(s)) : NULL;
}

const char *arena_again(struct arena *arena, const char *before, const char *s, size_t len)
{
	if (before && !strncmp(before, s, len) && !before[len])
		return before;
	return arena_strn(arena, s, len);
}

void arena_join(struct arena *arena, struct arena *other)
{
	struct arena_block *oldest = other->last;

	while (oldest && oldest->before)
		oldest = oldest->before;
	if (!arena->last) {
		*arena = *other;
	} else if (oldest) {
		/* Behind the block that has room. */
		oldest->before = arena->last->before;
		arena->last->before = other->last;
	}
	*other = (struct arena){0};
}

void arena_done(struct arena *arena)
{
	for (struct arena_block *block = arena->last; block;) {
		struct arena_block *before = block->before;
		free(block);
		block = before;
	}
	*arena = (struct arena){0};
}
