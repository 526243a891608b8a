// SPDX-License-Identifier: Apache-2.0
/* A model made of tables. They are somebody's word, and a table that lies is refused. */
#include "model/load.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

static uint64_t device(const struct mnt *mnt)
{
	return (uint64_t)mnt->major << 32 | mnt->minor;
}

static struct sb *load_sb(struct load *load, const struct mnt *mnt)
{
	uint32_t i = map_add(&load->sbs, device(mnt), (uint32_t)load->n_sbs);

	if (i < load->n_sbs)
		return load->sb_list[i];
	bool is_nsfs = !strcmp(mnt->fstype, "nsfs");
	struct sb *sb = is_nsfs ? load->m->nsfs
				: sb_new(load->m, mnt->fstype, mnt->source, load->m->userns,
					 DENTRY_UNKNOWN);
	sb->major = mnt->major;
	sb->minor = mnt->minor;
	const char *options = strchr(mnt->options, ',');
	free(sb->options);
	sb->options = xstrdup(options ? options : "");
	sb->ro = str_starts(mnt->options, "ro");
	return *VEC_PUSH(load->sb_list, load->n_sbs, sb);
}

/* The dentry at a path below `top`; what is not there yet is made. */
static struct dentry *walk(struct model *m, struct dentry *top, const char *path, size_t len)
{
	const char *end = path + len;

	while (path < end) {
		const char *slash = memchr(path, '/', (size_t)(end - path));
		size_t n = slash ? (size_t)(slash - path) : (size_t)(end - path);
		struct dentry *d = n ? dentry_child(m, top, path, n) : top;
		top = d ? d : dentry_add(m, top, path, n, DENTRY_UNKNOWN);
		path += n + !!slash;
	}
	return top;
}

static struct dentry *load_removed(struct load *load, struct sb *sb, const struct mnt *mnt)
{
	size_t len = strlen(mnt->root) - strlen("//deleted");
	uint64_t key = map_hash(device(mnt), mnt->root, len);
	uint32_t i = map_add(&load->deleted, key, (uint32_t)load->n_removed);

	if (i < load->n_removed)
		return load->removed[i];
	size_t name = len; /* where the last one begins */
	while (name && mnt->root[name - 1] != '/')
		name--;
	struct dentry *d = dentry_add(load->m, walk(load->m, sb->root, mnt->root, name),
				      mnt->root + name, len - name, DENTRY_UNKNOWN);
	dentry_unlink(load->m, d);
	return *VEC_PUSH(load->removed, load->n_removed, d);
}

static struct dentry *load_root(struct load *load, struct sb *sb, const struct mnt *mnt)
{
	size_t len = strlen(mnt->root);

	if (mnt->flags & MNT_DELETED && len > strlen("//deleted"))
		return load_removed(load, sb, mnt);
	if (*mnt->root == '/')
		return walk(load->m, sb->root, mnt->root, len);
	struct dentry *d = dentry_child(load->m, sb->root, mnt->root, len);
	if (!d) {
		d = dentry_add(load->m, sb->root, mnt->root, len, DENTRY_FILE);
		d->is_bare = true;
	}
	return d;
}

static struct mount *load_mount(struct load *load, const struct mnt *from)
{
	struct mount *mnt = mount_new(load->m, load_root(load, load_sb(load, from), from));

	if (from->unique)
		mnt->uid = from->unique;
	mnt->attr = from->attr;
	if (from->flags & MNT_UNBINDABLE)
		mnt->flags |= MOUNT_UNBINDABLE;
	if (from->flags & MNT_IDMAPPED)
		mnt->flags |= MOUNT_IDMAPPED;
	map_set(&load->by_id, from->id, (uint32_t)load->n);
	VEC_PUSH(load->v, load->n, (struct loaded){mnt, from});
	return mnt;
}

/* Puts mnt where its line says; `above` is its parent's path. */
static int put(struct load *load, struct mount *mnt, const struct mnt *from, struct mount *parent,
	       const char *above, struct err *err)
{
	size_t len = strcmp(above, "/") ? strlen(above) : 0;

	if (strncmp(from->target, above, len) || (from->target[len] && from->target[len] != '/'))
		return err_say(err, EINVAL, "mount %u at %s is not below %s, where its parent is",
			       from->id, from->target, above);
	const char *rest = from->target + len;
	struct dentry *mp = walk(load->m, parent->root, rest, strlen(rest));
	if (mount_at(load->m, parent, mp))
		return err_say(err, EINVAL, "two mounts on the same parent are at %s",
			       from->target);
	mount_place(load->m, mnt, parent, mp);
	return 0;
}

/*
 * The one that is not in the table: what "/" covers, or in a chroot at a plain directory the mount
 * that carries it.
 */
static int load_top(struct load *load, struct model_ns *ns, const struct mnt_table *table,
		    const struct mnt_tree *tree, struct mount **ret, struct err *err)
{
	struct model *m = load->m;
	const struct mnt *first = &table->v[tree->first];
	struct sb *sb = sb_new(m, "rootfs", "none", m->userns, DENTRY_DIR);
	bool is_carried = strcmp(first->target, "/") || tree->v[tree->first].next != MAP_NONE;

	ns->root = *ret = mount_new(m, sb->root);
	if (is_carried) {
		*ret = mount_new(m, sb->root);
		mount_place(m, *ret, ns->root, sb->root);
	}
	for (uint32_t i = tree->first; i != MAP_NONE; i = tree->v[i].next)
		if (table->v[i].parent != first->parent)
			return err_say(err, EINVAL, "it has two roots: mounts %u and %u", first->id,
				       table->v[i].id);
	return 0;
}

static int load_tree(struct load *load, struct model_ns *ns, const struct mnt_table *table,
		     const struct mnt_tree *tree, struct mount **ret_root, struct err *err)
{
	struct mount *top, **made = xcalloc(table->n, sizeof(*made));
	int rc = load_top(load, ns, table, tree, &top, err);

	for (uint32_t i = tree->first; rc == 0 && i != MAP_NONE; i = mnt_tree_next(tree, i)) {
		uint32_t up = tree->v[i].parent;
		rc = load_check(load, &table->v[i], err);
		if (rc < 0)
			break;
		made[i] = load_mount(load, &table->v[i]);
		rc = put(load, made[i], &table->v[i], up == MAP_NONE ? top : made[up],
			 up == MAP_NONE ? "/" : table->v[up].target, err);
	}
	if (rc == 0) {
		*ret_root = top == ns->root ? made[tree->first] : top;
		ns_take_tree(ns, ns->root);
	}
	free(made);
	return rc;
}

static struct model_userns *load_owner(struct load *load, uint64_t inode)
{
	uint64_t self = load->world->self < load->world->n_ns
				? load->world->ns[load->world->self].owner
				: 0;

	if (!inode || inode == self)
		return load->m->userns;
	uint32_t i = map_add(&load->owners, inode, (uint32_t)load->n_owners);
	if (i < load->n_owners)
		return load->owner_list[i];
	/* It goes behind the first one, which stays at the head while loading. */
	struct model_userns *first = load->m->userns;
	struct model_userns *owner = userns_new(load->m, first);
	owner->next = first->next;
	first->next = owner;
	load->m->userns = first;
	return *VEC_PUSH(load->owner_list, load->n_owners, owner);
}

static int load_ns(struct load *load, const struct mnt_ns *from, struct model_task **ret,
		   struct err *err)
{
	struct mnt_tree tree = {0};
	struct mount *root = NULL;
	int rc = mnt_tree_init_links(&tree, &from->table, err);

	if (rc == 0) {
		struct model_ns *ns = ns_new(load->m, load_owner(load, from->owner),
					     from->id ? from->id : from->inode);
		struct model_task *task = task_new(load->m, ns, ns->owner);
		rc = load_tree(load, ns, &from->table, &tree, &root, err);
		if (rc == 0) {
			place_set(load->m, &task->root, (struct place){root, root->root});
			place_set(load->m, &task->cwd, (struct place){root, root->root});
			*ret = task;
		}
	}
	mnt_tree_done(&tree);
	return rc < 0 ? err_add(err, "mnt:[%llu]", (unsigned long long)from->inode) : 0;
}

/* All that get an id here get one above those that are known. */
static void find_next_uid(struct model *m, const struct mnt_world *world)
{
	for (uint32_t i = 0; i < world->n_ns; i++)
		for (size_t k = 0; k < world->ns[i].table.n; k++)
			if (world->ns[i].table.v[k].unique >= m->next_uid)
				m->next_uid = world->ns[i].table.v[k].unique + 1;
}

static int load_all(struct load *load, struct model_task **tasks, struct err *err)
{
	const struct mnt_world *world = load->world;
	int rc = 0;

	find_next_uid(load->m, world);
	for (uint32_t i = 0; i < world->n_ns && rc == 0; i++) {
		tasks[i] = NULL;
		rc = load_check_ns(load, i, err);
		if (rc == 0 && world->ns[i].has_table && world->ns[i].table.n)
			rc = load_ns(load, &world->ns[i], &tasks[i], err);
	}
	if (rc == 0)
		rc = load_groups(load, err);
	for (uint32_t i = 0; i < world->n_uses && rc == 0; i++) {
		uint32_t at = map_get(&load->by_id, world->uses[i].mount);
		if (world->uses[i].mount && at != MAP_NONE)
			load->v[at].mnt->refs++;
	}
	return rc;
}

/* What is made gets ids behind all of those that are there. */
static uint64_t last_unique(const struct mnt_world *world)
{
	uint64_t last = 0;

	for (uint32_t i = 0; i < world->n_ns; i++)
		for (size_t k = 0; k < world->ns[i].table.n; k++)
			if (world->ns[i].table.v[k].unique > last)
				last = world->ns[i].table.v[k].unique;
	return last;
}

int model_load(const struct model_rules *rules, const struct mnt_world *world, struct model **ret,
	       struct model_task **ret_tasks, struct err *err)
{
	struct load load = {.m = model_alloc(rules), .world = world};
	uint64_t last = last_unique(world);

	if (load.m->next_uid <= last)
		load.m->next_uid = last + 1;
	int rc = load_all(&load, ret_tasks, err);

	load.m->knows_not_all = true;
	if (world->mount_max)
		load.m->mount_max = (uint32_t)world->mount_max;
	if (rc < 0)
		model_free(load.m);
	else
		*ret = load.m;
	map_done(&load.sbs);
	map_done(&load.deleted);
	map_done(&load.owners);
	map_done(&load.by_id);
	map_done(&load.by_unique);
	map_done(&load.by_inode);
	free(load.v);
	free(load.sb_list);
	free(load.removed);
	free(load.owner_list);
	return rc;
}
