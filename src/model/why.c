// SPDX-License-Identifier: Apache-2.0
/* The last refusal: kept without allocation, because most of what random calls do is refused. */
#include "model/why.h"
#include "base/mem.h"
#include "model/parts.h"

#include <errno.h>
#include <string.h>

static const struct model_reason reasons[MODEL_WHY_MAX] = {
#define WHY(name, code, what, fix) [MODEL_WHY_##name] = {#name, code, what, fix},
#include "model/why_rows.h"
#undef WHY
};

const struct model_reason *model_reason(enum model_why why)
{
	return why > MODEL_WHY_NONE && why < MODEL_WHY_MAX ? &reasons[why] : NULL;
}

enum model_why model_why_named(const char *name)
{
	int why = MODEL_WHY_NONE + 1;

	while (why < MODEL_WHY_MAX && strcmp(reasons[why].name, name))
		why++;
	return why < MODEL_WHY_MAX ? (enum model_why)why : MODEL_WHY_NONE;
}

int refuse(struct model *m, enum model_why why)
{
	m->refusal = (struct refusal){.why = why};
	return -reasons[why].code;
}

int refuse_at(struct model *m, enum model_why why, const struct mount *mnt)
{
	int rc = refuse(m, why);

	m->refusal.mount = mnt->uid;
	return rc;
}

int refuse_name(struct model *m, enum model_why why, const struct mount *mnt, const char *name,
		size_t len)
{
	int rc = refuse_at(m, why, mnt);

	if (len >= sizeof(m->refusal.name))
		len = sizeof(m->refusal.name) - 1;
	memcpy(m->refusal.name, name, len);
	return rc;
}

enum model_why model_why(const struct model *m)
{
	return m->refusal.why;
}

void model_forget_why(struct model *m)
{
	m->refusal = (struct refusal){0};
}

uint64_t model_why_mount(const struct model *m)
{
	return m->refusal.mount;
}

const char *model_why_name(const struct model *m)
{
	return m->refusal.name;
}

/* Mounts may be gone since, so it is found again by its number. */
static const struct mount *find_mount(const struct model *m, uint64_t uid)
{
	for (const struct model_ns *ns = m->namespaces; ns; ns = ns->next)
		for (struct mount *mnt = ns->root; mnt; mnt = mount_next(mnt, ns->root))
			if (mnt->uid == uid)
				return mnt;
	return NULL;
}

static void add_dirs(const struct dentry *d, const struct dentry *top, struct buf *out)
{
	if (d == top || d->parent == d)
		return;
	add_dirs(d->parent, top, out);
	buf_addc(out, '/');
	buf_adds(out, d->name);
}

static void add_target(const struct mount *mnt, struct buf *out)
{
	if (!mount_has_parent(mnt))
		return;
	add_target(mnt->parent, out);
	add_dirs(mnt->mp, mnt->parent->root, out);
}

char *model_why_path(const struct model *m, uint64_t *ret_ns)
{
	const struct mount *mnt = m->refusal.mount ? find_mount(m, m->refusal.mount) : NULL;
	struct buf path = {0};

	if (!mnt)
		return NULL;
	add_target(mnt, &path);
	if (!path.len)
		buf_addc(&path, '/');
	*ret_ns = mnt->ns->anonymous ? 0 : mnt->ns->id;
	return buf_take(&path);
}
