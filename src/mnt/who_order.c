// SPDX-License-Identifier: Apache-2.0
/* What must be let go before what. */
#include "base/mem.h"
#include "mnt/who.h"

#include <stdlib.h>

struct ranked {
	struct mnt_who_row row;
	uint64_t rank;
	size_t at; /* among those of one rank */
};

static uint32_t highest_stage(const struct mnt_who *who)
{
	uint32_t highest = 0;

	for (size_t i = 0; i < who->n_fs; i++)
		highest = who->fs[i].stage > highest ? who->fs[i].stage : highest;
	return highest;
}

/* The image file's own device carries the file system asked about. */
static uint32_t stage_of_device(const struct mnt_who *who, const struct mnt_who_row *row)
{
	const struct mnt_who_fs *fs = &who->fs[row->fs];

	return row->block == fs->block ? fs->stage : fs->stage + 1;
}

static uint64_t rank(const struct mnt_who *who, const struct mnt_who_row *row, uint32_t highest)
{
	if (row->kind == MNT_WHO_SWAP)
		return 0;
	if (row->use != MAP_NONE)
		return 1;
	if (row->mount != MAP_NONE)
		return 2 + 2 * (uint64_t)(highest - who->fs[row->fs].stage);
	if (row->block != MAP_NONE)
		return 3 + 2 * (uint64_t)(highest - stage_of_device(who, row));
	return UINT64_MAX;
}

static int compare(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

void mnt_who_order(struct mnt_who *who)
{
	struct ranked *ranked = xcalloc(who->n + 1, sizeof(*ranked));
	uint32_t highest = highest_stage(who);

	for (size_t i = 0; i < who->n; i++)
		ranked[i] = (struct ranked){
			who->v[i],
			rank(who, &who->v[i], highest),
			/* Mounts stand in preorder: the last one is on top. */
			who->v[i].mount != MAP_NONE ? who->n - i : i,
		};
	qsort(ranked, who->n, sizeof(*ranked), compare);
	for (size_t i = 0; i < who->n; i++)
		who->v[i] = ranked[i].row;
	free(ranked);
}

bool mnt_who_must_end(const struct mnt_who *who, uint32_t ns)
{
	for (size_t i = 0; i < who->n; i++)
		if (who->v[i].mount != MAP_NONE && who->v[i].ns == ns && who->v[i].is_root)
			return true;
	return false;
}
