// SPDX-License-Identifier: Apache-2.0
/* Attributes and propagation as they were. Who left a peer group joins it by way of a peer. */
#include "base/mem.h"
#include "plan/apply_parts.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <linux/mount.h>

#define ALL_ATTRS                                                                                  \
	(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC |            \
	 MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME | MOUNT_ATTR_NOSYMFOLLOW)

static int set(int fd, const struct mount_attr *attr)
{
	return mount_setattr(fd, "", AT_EMPTY_PATH, (struct mount_attr *)attr, sizeof(*attr)) < 0
		       ? -errno
		       : 0;
}

static int set_type(int fd, uint64_t type)
{
	return set(fd, &(struct mount_attr){.propagation = type});
}

/* Becomes what `other` is; both show one file system. */
static int join(const struct apply_own *own, uint32_t other, int fd)
{
	AUTO_FD int from = apply_open(own, other, NULL);

	if (from < 0)
		return from;
	int rc = set_type(fd, MS_PRIVATE);
	if (rc == 0 && move_mount(from, "", fd, "",
				  MOVE_MOUNT_SET_GROUP | MOVE_MOUNT_F_EMPTY_PATH |
					  MOVE_MOUNT_T_EMPTY_PATH) < 0)
		rc = -errno;
	return rc;
}

static int rejoin(const struct apply_own *own, uint32_t at, const struct undo_attr *was, int fd)
{
	for (uint32_t i = 0; i < own->table.n; i++) {
		const struct mnt *other = &own->table.v[i];
		if (i != at && other->group == was->group && other->master == was->master &&
		    join(own, i, fd) == 0)
			return 0;
		/* Any peer of the master will do for a slave. */
		if (i != at && !was->group && other->group == was->master && join(own, i, fd) == 0)
			return set_type(fd, MS_SLAVE);
	}
	return -ENOENT;
}

static int restore_type(const struct apply_own *own, uint32_t at, const struct undo_attr *was,
			int fd, struct err *err)
{
	const struct mnt *is = &own->table.v[at];
	int rc;

	if (!was->group && !was->master)
		rc = set_type(fd, was->flags & MNT_UNBINDABLE ? MS_UNBINDABLE : MS_PRIVATE);
	else if (!was->group && is->master == was->master)
		rc = set_type(fd, MS_SLAVE);
	else
		rc = rejoin(own, at, was, fd);
	if (rc == 0 || !was->group)
		return rc < 0 ? err_say(err, -rc, "%s receives from its master no more", is->target)
			      : 0;
	if (!was->master && set_type(fd, MS_SHARED) == 0)
		return err_say(err, ENOENT, "%s is in a new peer group, of its own", is->target);
	return err_say(err, ENOENT, "%s is in its peer group no more", is->target);
}

static int restore(const struct apply_own *own, const struct undo_attr *was, struct err *err)
{
	uint32_t at = apply_find(own, &was->id);
	const struct mnt *is = at == MAP_NONE ? NULL : &own->table.v[at];

	if (!is)
		return 0;
	bool is_retyped = is->group != was->group || is->master != was->master ||
			  (is->flags ^ was->flags) & MNT_UNBINDABLE;
	if (is->attr == was->attr && !is_retyped)
		return 0;
	AUTO_FD int fd = apply_open(own, at, err);
	if (fd < 0)
		return fd;
	int rc = set(fd, &(struct mount_attr){.attr_set = was->attr, .attr_clr = ALL_ATTRS});
	if (rc < 0)
		return err_set(err, -rc, "the attributes of %s", is->target);
	return is_retyped ? restore_type(own, at, was, fd, err) : 0;
}

int undo_attrs(const struct undo_step *step, int proc, struct err *err)
{
	struct apply_own own;
	AUTO(err) struct err last = {0};
	int rc = apply_own_init(&own, proc, err);

	/* The top comes last: while it is read-only or covered matters to none of them. */
	for (size_t i = 0; rc == 0 && i < step->n_attrs; i++)
		if (restore(&own, &step->attrs[i], last.msg ? NULL : &last) < 0 && !last.msg)
			last.code = EIO;
	apply_own_done(&own);
	return last.msg ? err_say(err, last.code, "%s", last.msg) : rc;
}
