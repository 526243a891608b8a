// SPDX-License-Identifier: Apache-2.0
/* The model as a whole, and the processes in it: their birth, their directories, their end. */
#include "base/mem.h"
#include "model/parts.h"

#include <stdlib.h>

struct model_rules model_rules_of(const char *release)
{
	char *end;
	unsigned long major = strtoul(release, &end, 10);
	unsigned long minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	unsigned long version = 1000 * major + minor;

	return (struct model_rules){
		.clones_unbindable = version < 6017,
		.types_of_own_only = version < 6017,
		.umounts_hastily = version < 6017,
		.closed_trees = version < 6015,
		.no_beneath = version < 6005,
		.no_set_group = version < 5015,
	};
}

struct model_task *task_new(struct model *m, struct model_ns *ns, struct model_userns *userns)
{
	struct model_task *task = xcalloc(1, sizeof(*task));

	*task = (struct model_task){.next = m->tasks, .ns = ns, .userns = userns};
	if (m->tasks)
		m->tasks->prev = task;
	ns->users++;
	return m->tasks = task;
}

static void make_nsfs(struct model *m, struct model_userns *userns)
{
	m->nsfs = sb_new(m, "nsfs", "nsfs", userns, DENTRY_DIR);
	m->nsfs_mount = mount_new(m, m->nsfs->root);
	m->nsfs_mount->attr = MODEL_ATTR_STRICTATIME;
}

/* Without any namespace. */
struct model *model_alloc(const struct model_rules *rules)
{
	struct model *m = xcalloc(1, sizeof(*m));

	*m = (struct model){.rules = *rules, .next_uid = (1ULL << 31) + 1, .mount_max = 100000};
	m->userns = xcalloc(1, sizeof(*m->userns));
	make_nsfs(m, m->userns);
	return m;
}

struct model *model_new(const struct model_rules *rules, const char *fstype, uint64_t ns_id)
{
	struct model *m = model_alloc(rules);
	struct model_ns *ns = ns_new(m, m->userns, ns_id);
	struct model_task *task = task_new(m, ns, m->userns);
	ns->root = new_fs(m, task, "rootfs", "none", 0);
	struct mount *top = new_fs(m, task, fstype, "none", 0);
	mount_place(m, top, ns->root, ns->root->root);
	ns_take_tree(ns, ns->root);
	place_set(m, &task->root, (struct place){top, top->root});
	place_set(m, &task->cwd, (struct place){top, top->root});
	return m;
}

void model_set_mount_max(struct model *m, uint32_t max)
{
	m->mount_max = max;
}

struct model_task *model_first_task(const struct model *m)
{
	struct model_task *task = m->tasks;

	while (task && task->next)
		task = task->next;
	return task;
}

bool model_is_initial(const struct model_task *task)
{
	return !task->userns->parent;
}

uint32_t model_count(const struct model_task *task)
{
	return task->ns->n;
}

uint64_t model_ns_id(const struct model_task *task)
{
	return task->ns->id;
}

struct model_task *model_fork(struct model *m, const struct model_task *parent)
{
	struct model_task *task = task_new(m, parent->ns, parent->userns);

	place_set(m, &task->root, parent->root);
	place_set(m, &task->cwd, parent->cwd);
	return task;
}

void model_exit(struct model *m, struct model_task *task)
{
	for (int fd = 0; fd < task->n_files; fd++)
		if (task_file(task, fd))
			model_close(m, task, fd);
	place_set(m, &task->root, (struct place){0});
	place_set(m, &task->cwd, (struct place){0});
	task->ns->users--;
	m->may_end |= ns_is_unused(task->ns);
	*(task->prev ? &task->prev->next : &m->tasks) = task->next;
	if (task->next)
		task->next->prev = task->prev;
	free(task->files);
	free(task);
	ns_settle(m);
}

static int check_dir(struct model *m, const struct place *at)
{
	return dentry_is_dir(at->d) ? 0 : refuse_at(m, MODEL_WHY_NOT_DIR, at->mnt);
}

int model_chdir(struct model *m, struct model_task *task, const struct model_at *at)
{
	struct place place;
	int rc = lookup(m, task, at, at->fd != MODEL_CWD, &place);

	if (rc == 0)
		rc = check_dir(m, &place);
	if (rc == 0)
		place_set(m, &task->cwd, place);
	ns_settle(m);
	return rc;
}

int model_chroot(struct model *m, struct model_task *task, const char *path)
{
	struct place place;
	int rc = lookup_path(m, task, path, &place);

	if (rc == 0)
		rc = check_dir(m, &place);
	if (rc == 0 && !userns_has_cap(task, task->userns))
		rc = refuse(m, MODEL_WHY_CHROOT_MAY_NOT);
	if (rc == 0)
		place_set(m, &task->root, place);
	return rc;
}

static void free_sbs(struct model *m)
{
	for (struct sb *sb = m->sbs, *next; sb; sb = next) {
		next = sb->next;
		for (struct dentry *d = sb->dentries, *after; d; d = after) {
			after = d->sb_next;
			free(d->name);
			free(d);
		}
		free(sb->fstype);
		free(sb->source);
		free(sb->options);
		free(sb);
	}
}

void model_free(struct model *m)
{
	if (!m)
		return;
	for (struct model_task *task = m->tasks, *next; task; task = next) {
		next = task->next;
		free(task->files);
		free(task);
	}
	for (struct model_ns *ns = m->namespaces, *next; ns; ns = next) {
		next = ns->next;
		free(ns);
	}
	for (struct model_userns *userns = m->userns, *next; userns; userns = next) {
		next = userns->next;
		free(userns);
	}
	free_sbs(m);
	for (size_t i = 0; i < m->n_chunks; i++)
		free(m->chunks[i]);
	free(m->chunks);
	free(m->places);
	free(m->names);
	free(m->groups);
	free(m->seen_groups);
	free(m);
}
