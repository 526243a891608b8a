// SPDX-License-Identifier: Apache-2.0
/*
 * The runtime directory's own mount: a bind of the directory on itself, which is private where the
 * mount that the directory is on is shared.
 */
#include "base/mem.h"
#include "box/journal.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/*
 * By runtime_dir_make_private, perhaps of a caller who was killed in it: nobody else has a reason
 * to. What a mount covers is in sight in a copy of the mount that it is on.
 */
static bool is_bound_on_itself(const char *dir)
{
	AUTO_FREE char *above = xasprintf("%s/..", dir);
	struct statx top;
	struct stat here, covered;

	if (statx(AT_FDCWD, dir, AT_SYMLINK_NOFOLLOW, STATX_INO, &top) < 0 ||
	    !(top.stx_attributes & STATX_ATTR_MOUNT_ROOT) || lstat(dir, &here) < 0)
		return false;
	AUTO_FD int tree = open_tree(AT_FDCWD, above, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	return tree >= 0 &&
	       fstatat(tree, strrchr(dir, '/') + 1, &covered, AT_SYMLINK_NOFOLLOW) == 0 &&
	       here.st_dev == covered.st_dev && here.st_ino == covered.st_ino;
}

static int bind_on_itself(const char *dir)
{
	AUTO_FD int tree = open_tree(AT_FDCWD, dir, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (tree < 0 || move_mount(tree, "", AT_FDCWD, dir, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return -errno;
	return 0;
}

/* What is attached below a shared mount becomes shared: it is made private where it is. */
int runtime_dir_make_private(const char *dir)
{
	struct mount_attr attr = {.propagation = MS_PRIVATE};
	int rc = is_bound_on_itself(dir) ? 0 : bind_on_itself(dir);

	if (rc < 0)
		return rc;
	if (mount_setattr(AT_FDCWD, dir, AT_SYMLINK_NOFOLLOW, &attr, sizeof(attr)) == 0)
		return 0;
	int code = errno;
	umount2(dir, MNT_DETACH | UMOUNT_NOFOLLOW);
	return -code;
}

int runtime_dir_release(const char *dir, struct err *err)
{
	if (is_bound_on_itself(dir) && umount2(dir, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
		return err_set(err, errno, "umount %s", dir);
	return 0;
}
