// SPDX-License-Identifier: Apache-2.0
/* What tables do not show, and the plan took as harmless. Each sentence only where it matters. */
#include "plan/parts.h"
#include "sys/calls.h"

#include <linux/capability.h>

static bool has_kind(const struct ops *ops, enum op_kind kind)
{
	return ops_find(ops, kind) < ops->n;
}

static bool sets_read_only(const struct ops *ops)
{
	for (size_t i = 0; i < ops->n; i++)
		if ((ops->v[i].kind == OP_SET_ATTR && ops->v[i].attr.set & MODEL_ATTR_RDONLY) ||
		    ops->v[i].kind == OP_RECONFIGURE)
			return true;
	return false;
}

static bool has_users(const struct mnt_world *world)
{
	return world->n_uses > 0;
}

static bool is_foreign(const struct mnt_world *world, uint32_t ns)
{
	return world->self == MAP_NONE || !world->ns[ns].owner ||
	       world->ns[ns].owner != world->ns[world->self].owner;
}

void plan_assume(const struct plan *plan, struct strv *out)
{
	const struct mnt_world *world = plan->world;
	const struct ops *ops = plan->ops;

	if (!plan->paths)
		strv_add(out, "paths that no mount table names exist, and none of them leads "
			      "through a symbolic link");
	else if (plan->paths->assumes)
		strv_add(out, "paths below what the operations change themselves exist, and none "
			      "of them leads through a symbolic link");
	if (plan->paths && !sys_has_cap(CAP_SYS_ADMIN))
		strv_add(out, "whoever carries it out has CAP_SYS_ADMIN over the namespace");
	if (has_kind(ops, OP_FS_MOUNT) || has_kind(ops, OP_RECONFIGURE))
		strv_add(out, "the file systems exist, and take their options");
	if (has_kind(ops, OP_UMOUNT) && !has_users(world))
		strv_add(out, "nobody uses what is unmounted");
	if (has_kind(ops, OP_UMOUNT) && has_users(world) && world->gaps.n)
		strv_add(out, "what could not be looked at uses nothing that is unmounted");
	if (sets_read_only(ops))
		strv_add(out, "no file is open for writing where something becomes read-only");
	if (is_foreign(world, plan->in))
		strv_add(out, "no mount there is locked, as those are that come from a more "
			      "privileged namespace");
	for (size_t i = 0; i < ops->n; i++)
		if (ops->v[i].attr.idmap) {
			strv_add(out, "the file systems take id maps");
			break;
		}
}
