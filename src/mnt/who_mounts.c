// SPDX-License-Identifier: Apache-2.0
/* Mounts of these file systems, what is mounted on them, and what keeps namespaces with them. */
#include "base/mem.h"
#include "mnt/who_parts.h"

struct mnt_who_row *who_add(struct who_walk *walk, struct mnt_who_row row)
{
	return VEC_PUSH(walk->who->v, walk->who->n, row);
}

static void add_mount(struct who_walk *walk, uint32_t ns, uint32_t i, enum mnt_who_kind kind,
		      uint32_t fs)
{
	const struct mnt_ns *n = &walk->world->ns[ns];
	const struct mnt_tree *tree = who_tree(walk, ns);

	map_add(&walk->rows_of, n->table.v[i].id, (uint32_t)walk->who->n);
	who_add(walk, (struct mnt_who_row){
			      .kind = kind,
			      .fs = fs,
			      .proc = n->n_procs ? n->procs[0] : MAP_NONE,
			      .ns = ns,
			      .mount = i,
			      .hold = MAP_NONE,
			      .use = MAP_NONE,
			      .block = MAP_NONE,
			      .is_root = tree && tree->first == i,
			      .via = walk->who->fs[fs].name,
		      });
}

void who_add_copy(struct who_walk *walk, uint32_t ns, uint32_t i)
{
	if (map_get(&walk->rows_of, walk->world->ns[ns].table.v[i].id) != MAP_NONE)
		return;
	add_mount(walk, ns, i, MNT_WHO_MOUNT, 0);
	walk->who->v[walk->who->n - 1].is_copy = true;
}

static void add_holds(struct who_walk *walk, uint32_t ns, uint32_t fs)
{
	static const enum mnt_who_kind kinds[] = {
		[MNT_HOLD_BIND] = MNT_WHO_PIN,
		[MNT_HOLD_FD] = MNT_WHO_DESCRIPTOR,
		[MNT_HOLD_KERNEL] = MNT_WHO_KERNEL,
	};
	const struct mnt_ns *n = &walk->world->ns[ns];

	for (uint32_t i = 0; i < n->n_holds; i++)
		who_add(walk, (struct mnt_who_row){
				      .kind = kinds[n->holds[i].kind],
				      .fs = fs,
				      .proc = n->holds[i].proc,
				      .ns = ns,
				      .mount = MAP_NONE,
				      .hold = i,
				      .use = MAP_NONE,
				      .block = MAP_NONE,
			      });
}

/* MAP_NONE: it is none of them. */
static uint32_t fs_of(const struct who_walk *walk, uint32_t ns, uint32_t i)
{
	const struct mnt_subject *subject = &walk->who->subject;
	const struct mnt *mnt = &walk->world->ns[ns].table.v[i];
	uint32_t fs = map_get(&walk->fs_of, who_device(mnt->major, mnt->minor));

	if (fs == 0 && subject->only && (ns != subject->ns || i != subject->mount))
		return MAP_NONE;
	return fs;
}

/* In preorder, so that what hangs on a mount comes behind it. */
static void add_namespace(struct who_walk *walk, uint32_t ns)
{
	const struct mnt_tree *tree = who_tree(walk, ns);
	uint32_t first = (uint32_t)walk->who->n;

	if (!tree)
		return;
	uint32_t *found = xcalloc(walk->world->ns[ns].table.n + 1, sizeof(*found));
	for (uint32_t i = tree->first; i != MAP_NONE; i = mnt_tree_next(tree, i)) {
		uint32_t parent = tree->v[i].parent, fs = fs_of(walk, ns, i);
		uint32_t above = parent == MAP_NONE ? MAP_NONE : found[parent];
		found[i] = fs != MAP_NONE ? fs : above;
		if (fs != MAP_NONE)
			add_mount(walk, ns, i,
				  walk->who->fs[fs].is_overlay ? MNT_WHO_OVERLAY : MNT_WHO_MOUNT,
				  fs);
		else if (above != MAP_NONE)
			add_mount(walk, ns, i, MNT_WHO_ABOVE, above);
	}
	free(found);
	if (walk->who->n > first)
		add_holds(walk, ns, walk->who->v[first].fs);
}

/* Only namespaces that have one: a tree is not made for nothing. */
void who_add_mounts(struct who_walk *walk)
{
	bool *has = xcalloc(walk->world->n_ns + 1, sizeof(*has));

	for (uint32_t i = 0; i < walk->who->n_fs; i++) {
		const struct mnt_who_fs *fs = &walk->who->fs[i];
		for (uint32_t p = who_first_place(walk, fs->major, fs->minor); p != MAP_NONE;
		     p = walk->places[p].next)
			if (fs_of(walk, walk->places[p].ns, walk->places[p].mount) != MAP_NONE)
				has[walk->places[p].ns] = true;
	}
	/* What is here is what is looked for first. */
	uint32_t self = walk->world->self;
	if (self != MAP_NONE && has[self])
		add_namespace(walk, self);
	for (uint32_t ns = 0; ns < walk->world->n_ns; ns++)
		if (has[ns] && ns != self)
			add_namespace(walk, ns);
	free(has);
}
