// SPDX-License-Identifier: Apache-2.0
/* Namespaces: made by unshare and by detaching, entered by setns, ended when nothing holds them. */
#include "base/mem.h"
#include "model/parts.h"

#include <stdio.h>

/* Root in a user namespace has its rights over those below. */
bool userns_has_cap(const struct model_task *task, const struct model_userns *owner)
{
	while (owner && owner != task->userns)
		owner = owner->parent;
	return owner;
}

bool task_may(const struct model_task *task)
{
	return userns_has_cap(task, task->ns->owner);
}

static struct model_ns *ns_alloc(struct model *m, struct model_userns *owner)
{
	struct model_ns *ns = xcalloc(1, sizeof(*ns));

	*ns = (struct model_ns){.next = m->namespaces, .owner = owner};
	if (m->namespaces)
		m->namespaces->prev = ns;
	return m->namespaces = ns;
}

struct model_ns *ns_new(struct model *m, struct model_userns *owner, uint64_t id)
{
	struct model_ns *ns = ns_alloc(m, owner);
	char name[32];
	int len;

	ns->id = id ? id : m->last_ns_id + 1;
	if (ns->id > m->last_ns_id)
		m->last_ns_id = ns->id;
	len = snprintf(name, sizeof(name), "mnt:[%llu]", (unsigned long long)ns->id);
	ns->file = dentry_add(m, m->nsfs->root, name, (size_t)len, DENTRY_MNT_NS);
	ns->file->ns = ns;
	return ns;
}

static void ns_free(struct model *m, struct model_ns *ns)
{
	*(ns->prev ? &ns->prev->next : &m->namespaces) = ns->next;
	if (ns->next)
		ns->next->prev = ns->prev;
	if (ns->file)
		ns->file->ns = NULL;
	free(ns);
}

void ns_take_tree(struct model_ns *ns, struct mount *tree)
{
	for (struct mount *mnt = tree; mnt; mnt = mount_next(mnt, tree)) {
		mnt->ns = ns;
		ns->n++;
	}
}

struct model_ns *ns_new_anonymous(struct model *m, const struct model_task *task, uint64_t origin,
				  struct mount *tree)
{
	struct model_ns *ns = ns_alloc(m, task->ns->owner);

	ns->anonymous = true;
	ns->origin = origin;
	ns->root = tree;
	ns_take_tree(ns, tree);
	return ns;
}

void ns_forget_anonymous(struct model *m, struct model_ns *ns)
{
	ns_free(m, ns);
}

static struct model_ns *find_unused(const struct model *m)
{
	for (struct model_ns *ns = m->namespaces; ns; ns = ns->next)
		if (ns_is_unused(ns) && !ns->anonymous)
			return ns;
	return NULL;
}

/* Nothing of an end propagates. One that ends may have held another one. */
void ns_settle(struct model *m)
{
	if (!m->may_end)
		return;
	for (struct model_ns *ns; (ns = find_unused(m));) {
		umount_tree(m, ns->root, false, UMOUNT_LAZY);
		if (ns->file)
			dentry_unlink(m, ns->file);
		ns_free(m, ns);
	}
	m->may_end = false;
}

/* A process whose "/" is another than its namespace's may make no user namespace. */
static bool is_chrooted(const struct model *m, const struct model_task *task)
{
	const struct mount *top = mount_top(m, task->ns->root);

	return task->root.mnt != top || task->root.d != top->root;
}

struct model_userns *userns_new(struct model *m, struct model_userns *parent)
{
	struct model_userns *userns = xcalloc(1, sizeof(*userns));

	*userns = (struct model_userns){.parent = parent, .next = m->userns};
	return m->userns = userns;
}

static void follow_copy(struct model *m, const struct model_ns *old, struct place *at)
{
	if (at->mnt->ns == old)
		place_set(m, at, (struct place){at->mnt->copy, at->d});
}

static void enter_ns(struct model *m, struct model_task *task, struct model_ns *ns)
{
	task->ns->users--;
	m->may_end |= ns_is_unused(task->ns);
	task->ns = ns;
	ns->users++;
}

static int unshare_mounts(struct model *m, struct model_task *task, uint64_t ns_id)
{
	struct model_ns *old = task->ns;
	unsigned how = CLONE_ALL_TYPES;
	struct mount *copy;

	if (!userns_has_cap(task, task->userns))
		return refuse(m, MODEL_WHY_UNSHARE_MAY_NOT);
	if (old->owner != task->userns)
		how |= CLONE_AS_SLAVE;
	int rc = copy_tree(m, old->root, old->root->root, how, &copy);
	if (rc < 0)
		return rc;
	if (how & CLONE_AS_SLAVE)
		lock_tree(copy);
	struct model_ns *ns = ns_new(m, task->userns, ns_id);
	ns->root = copy;
	ns_take_tree(ns, copy);
	follow_copy(m, old, &task->root);
	follow_copy(m, old, &task->cwd);
	enter_ns(m, task, ns);
	return 0;
}

int model_unshare(struct model *m, struct model_task *task, unsigned flags, uint64_t ns_id)
{
	int rc = 0;

	if (flags & MODEL_NEWUSER) {
		if (is_chrooted(m, task))
			return refuse(m, MODEL_WHY_UNSHARE_CHROOTED);
		task->userns = userns_new(m, task->userns);
	}
	if (flags & MODEL_NEWNS)
		rc = unshare_mounts(m, task, ns_id);
	ns_settle(m);
	return rc;
}

bool model_has_root(struct model *m, const struct model_task *task, const struct model_at *at)
{
	struct place place;

	if (lookup_unseen(m, task, at, true, &place) < 0 || place.d->kind != DENTRY_MNT_NS)
		return true;
	return mount_cover(m, place.d->ns->root);
}

int model_setns(struct model *m, struct model_task *task, const struct model_at *at)
{
	struct place place;
	int rc;

	rc = lookup(m, task, at, true, &place);
	if (rc < 0)
		return rc;
	if (place.d->kind != DENTRY_MNT_NS)
		return refuse(m, MODEL_WHY_SETNS_NOT_NS);
	struct model_ns *ns = place.d->ns;
	if (!userns_has_cap(task, ns->owner))
		return refuse(m, MODEL_WHY_SETNS_MAY_NOT);
	if (!userns_has_cap(task, task->userns))
		return refuse(m, MODEL_WHY_SETNS_MAY_NOT_SELF);
	enter_ns(m, task, ns);
	struct mount *top = mount_top(m, ns->root);
	place_set(m, &task->root, (struct place){top, top->root});
	place_set(m, &task->cwd, (struct place){top, top->root});
	ns_settle(m);
	return 0;
}
