// SPDX-License-Identifier: Apache-2.0
/* Where an op attaches a mount: what is there, what was looked at before, or what is made for it.
 */
#include "exec/path.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void exec_point_done(struct exec_point *point)
{
	if (!point->name && point->fd >= 0)
		close(point->fd);
}

void exec_know(struct exec *ex, const char *path, int fd)
{
	if (ex->known.path)
		close(ex->known.fd);
	ex->known = (struct exec_known){path, fd};
}

static bool is_known(const struct exec *ex, const struct op_target *target)
{
	return ex->known.path && !target->handle && target->path &&
	       !strcmp(ex->known.path, target->path);
}

struct exec_point exec_mount_point(struct exec *ex, const struct op *op, int from)
{
	bool may_make = op->flags & OP_CREATE && op->to.path;
	/* Beside one that was missing others mostly are, too. */
	bool first = may_make && exec_made_beside(ex, &op->to, op->flags);
	struct exec_point found = {-ENOENT, NULL}, made;
	struct stat st;

	if (is_known(ex, &op->to)) {
		ex->known.path = NULL;
		return (struct exec_point){ex->known.fd, NULL};
	}
	if (!first)
		found.fd = exec_resolve(ex, &op->to, op->flags);
	if (!may_make || found.fd != -ENOENT)
		return found;
	if (fstat(from, &st) < 0)
		return (struct exec_point){-errno, NULL};
	made = exec_make(ex, &op->to, S_ISDIR(st.st_mode), op->flags);
	if (!first || made.fd != -EEXIST)
		return made;
	found.fd = exec_resolve(ex, &op->to, op->flags);
	/* A link that leads nowhere is what is in the way. */
	return found.fd == -ENOENT ? made : found;
}
