// SPDX-License-Identifier: Apache-2.0
/* Which mounts a namespace got when it was made, as a copy of another one. */
#include "base/mem.h"
#include "mnt/mnt.h"

#include <string.h>

/* The device is in it, so that the mounts of a stack are told apart. */
static uint64_t place(const struct mnt *mnt)
{
	return map_hash((uint64_t)mnt->major << 32 | mnt->minor, mnt->target, strlen(mnt->target));
}

static bool is_copy(const struct mnt *mnt, const struct mnt *of)
{
	return !strcmp(mnt->target, of->target) && mnt_is_same_dir(mnt, of) &&
	       (!mnt->unique || mnt->unique > of->unique);
}

void mnt_find_inherited(const struct mnt_table *table, const struct mnt_table *from, bool *ret)
{
	struct map places = {0};

	for (uint32_t i = 0; i < from->n; i++)
		map_set(&places, place(&from->v[i]), i);
	for (uint32_t i = 0; i < table->n; i++) {
		const struct mnt *mnt = &table->v[i];
		uint32_t k = map_get(&places, place(mnt));
		ret[i] = k != MAP_NONE && strcmp(mnt->target, "/") && is_copy(mnt, &from->v[k]);
	}
	map_done(&places);
}
