// SPDX-License-Identifier: Apache-2.0
/*
 * What stands on a file system: loop devices whose file is on it, devices stacked on its device,
 * overlays with a layer on it, swap. Each of them may carry a file system of its own, which is then
 * looked at in the same way.
 */
#include "base/mem.h"
#include "mnt/who_parts.h"

#include <string.h>

static bool add_fs(struct who_walk *walk, struct mnt_who_fs fs)
{
	struct mnt_who *who = walk->who;
	uint32_t n = (uint32_t)who->n_fs;

	if (map_add(&walk->fs_of, who_device(fs.major, fs.minor), n) != n)
		return false;
	VEC_PUSH(who->fs, who->n_fs, fs);
	return true;
}

/* A file system of several devices has a number of its own; its source names the first of them. */
static void add_anonymous(struct who_walk *walk, uint32_t i)
{
	const struct mnt_who_fs fs = walk->who->fs[i];
	const struct mnt_world *world = walk->world;

	if (fs.block == MAP_NONE)
		return;
	AUTO_FREE char *source = xasprintf("/dev/%s", world->blocks[fs.block].name);
	for (uint32_t p = 0; p < walk->n_places; p++) {
		const struct who_place *place = &walk->places[p];
		const struct mnt *mnt = &world->ns[place->ns].table.v[place->mount];
		if (mnt->major == 0 && !strcmp(mnt->source, source))
			add_fs(walk,
			       (struct mnt_who_fs){mnt->major, mnt->minor, i, fs.stage, MAP_NONE,
						   false, world->blocks[fs.block].name});
	}
}

static struct mnt_who_row device_row(enum mnt_who_kind kind, uint32_t fs, uint32_t block)
{
	return (struct mnt_who_row){.kind = kind,
				    .fs = fs,
				    .proc = MAP_NONE,
				    .ns = MAP_NONE,
				    .mount = MAP_NONE,
				    .hold = MAP_NONE,
				    .use = MAP_NONE,
				    .block = block};
}

static bool is_partition(const struct mnt_block *block)
{
	return block->slaves.n == 1 && str_starts(block->name, block->slaves.v[0]);
}

/* A file that is open keeps the one mount busy through which it was opened. */
static bool is_on_subject(struct who_walk *walk, const char *path)
{
	const struct mnt_subject *subject = &walk->who->subject;
	const struct mnt_tree *tree = who_tree(walk, subject->ns);

	return tree &&
	       mnt_tree_find(tree, &walk->world->ns[subject->ns].table, path) == subject->mount;
}

/* Whether this device stands on the file system or on its device. */
static void look_at_block(struct who_walk *walk, uint32_t i, uint32_t b)
{
	const struct mnt_who_fs fs = walk->who->fs[i];
	const struct mnt_block *block = &walk->world->blocks[b];
	bool only = walk->who->subject.only && i == 0;
	bool backed = block->backing && block->backing_major == fs.major &&
		      block->backing_minor == fs.minor &&
		      (!only || is_on_subject(walk, block->backing));
	bool stacked = fs.block != MAP_NONE && !only &&
		       strv_has(&block->slaves, walk->world->blocks[fs.block].name);

	if (block->swap && ((b == fs.block && !only) || (backed && !block->major)))
		who_add(walk, device_row(MNT_WHO_SWAP, i, b));
	if (!block->major || (!backed && !stacked))
		return;
	if (!add_fs(walk, (struct mnt_who_fs){block->major, block->minor, i, fs.stage + 1, b, false,
					      block->name}))
		return;
	if (backed || !is_partition(block))
		who_add(walk, device_row(backed ? MNT_WHO_LOOP : MNT_WHO_STACKED, i, b));
}

/* True if `path` there can be on this mount; whether it is, the tree tells. */
static bool is_below(const char *target, const char *path)
{
	size_t len = strlen(target);

	return len == 1 || (!strncmp(path, target, len) && (path[len] == '/' || !path[len]));
}

static bool is_seen_in(const struct who_walk *walk, const struct who_overlay *overlay, uint32_t ns)
{
	uint32_t p = who_first_place(walk, overlay->major, overlay->minor);

	while (p != MAP_NONE && walk->places[p].ns < ns)
		p = walk->places[p].next;
	return (p != MAP_NONE && walk->places[p].ns == ns) || ns == walk->world->self;
}

/*
 * Layers are named by paths of the process that mounted the overlay, in a namespace that is not
 * known: one that has a mount of the overlay, or our own.
 */
static bool lies_on(struct who_walk *walk, const struct who_overlay *overlay, const char *path,
		    const struct mnt_who_fs *fs)
{
	for (uint32_t p = who_first_place(walk, fs->major, fs->minor); p != MAP_NONE;
	     p = walk->places[p].next) {
		const struct who_place *place = &walk->places[p];
		const struct mnt_table *table = &walk->world->ns[place->ns].table;
		if (!is_below(table->v[place->mount].target, path) ||
		    !is_seen_in(walk, overlay, place->ns))
			continue;
		const struct mnt_tree *tree = who_tree(walk, place->ns);
		uint32_t found = tree ? mnt_tree_find(tree, table, path) : MAP_NONE;
		if (found != MAP_NONE && table->v[found].major == fs->major &&
		    table->v[found].minor == fs->minor)
			return true;
	}
	return false;
}

static void look_at_overlay(struct who_walk *walk, uint32_t i, const struct who_overlay *overlay)
{
	const struct mnt_who_fs fs = walk->who->fs[i];

	for (size_t k = 0; k < overlay->layers.n; k++) {
		const struct mnt_layer *layer = &overlay->layers.v[k];
		AUTO_FREE char *path = mnt_layer_path(&overlay->layers, k, overlay->target);
		if (!lies_on(walk, overlay, path, &fs))
			continue;
		AUTO_FREE char *name = xasprintf("%s=%s", layer->option, layer->path);
		add_fs(walk,
		       (struct mnt_who_fs){overlay->major, overlay->minor, i, fs.stage, MAP_NONE,
					   true, arena_str(&walk->who->text, name)});
		return;
	}
}

/* A mount does not carry an overlay: that has clones of its own of the mounts of its layers. */
void who_spread(struct who_walk *walk)
{
	const struct mnt_subject *subject = &walk->who->subject;

	add_fs(walk, (struct mnt_who_fs){subject->major, subject->minor, MAP_NONE, 0,
					 subject->block, false, NULL});
	if (subject->backing)
		who_add(walk, device_row(MNT_WHO_LOOP, 0, subject->block));
	for (uint32_t i = 0; i < walk->who->n_fs; i++) {
		if (!subject->only)
			add_anonymous(walk, i);
		for (uint32_t b = 0; b < walk->world->n_blocks; b++)
			look_at_block(walk, i, b);
		for (size_t o = 0; o < walk->n_overlays && !(subject->only && i == 0); o++)
			look_at_overlay(walk, i, &walk->overlays[o]);
	}
}
