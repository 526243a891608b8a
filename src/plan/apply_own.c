// SPDX-License-Identifier: Apache-2.0
/* The namespace that the ops are in, looked at from inside. */
#include "base/mem.h"
#include "plan/apply_parts.h"
#include "read/table.h"
#include "sys/calls.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>

int apply_own_init(struct apply_own *own, int proc, struct err *err)
{
	*own = (struct apply_own){0};
	int rc = read_statmount(0, -1, &own->table, NULL);
	if (rc < 0) {
		AUTO_FD int fd = openat(proc, "thread-self/mountinfo", O_RDONLY | O_CLOEXEC);
		rc = fd < 0 ? err_set(err, errno, "/proc/thread-self/mountinfo")
			    : read_mountinfo(fd, "mountinfo", &own->table, err);
	}
	return rc < 0 ? rc : mnt_tree_init(&own->tree, &own->table, err);
}

void apply_own_done(struct apply_own *own)
{
	mnt_tree_done(&own->tree);
	mnt_table_done(&own->table);
}

bool apply_id_of(int fd, struct apply_id *ret)
{
	struct statx st;
	int flags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;

	*ret = (struct apply_id){0};
	if (statx(fd, "", flags, STATX_MNT_ID_UNIQUE, &st) == 0 &&
	    st.stx_mask & STATX_MNT_ID_UNIQUE)
		ret->unique = st.stx_mnt_id;
	if (statx(fd, "", flags, STATX_MNT_ID, &st) < 0 || !(st.stx_mask & STATX_MNT_ID))
		return false;
	ret->id = (uint32_t)st.stx_mnt_id;
	return true;
}

static bool is_it(const struct mnt *mnt, const struct apply_id *id)
{
	return mnt->unique && id->unique ? mnt->unique == id->unique : mnt->id == id->id;
}

uint32_t apply_find(const struct apply_own *own, const struct apply_id *id)
{
	uint32_t i = map_get(&own->tree.ids, id->id);

	return i != MAP_NONE && is_it(&own->table.v[i], id) ? i : MAP_NONE;
}

int apply_open(const struct apply_own *own, uint32_t i, struct err *err)
{
	const struct mnt *mnt = &own->table.v[i];
	struct apply_id id;

	AUTO_FD int fd = sys_openat2(AT_FDCWD, mnt->target, O_PATH | O_NOFOLLOW | O_CLOEXEC,
				     RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
	if (fd < 0)
		return err_set(err, errno, "%s", mnt->target);
	if (!apply_id_of(fd, &id) || !is_it(mnt, &id))
		return err_say(err, EBUSY, "%s is covered by another mount", mnt->target);
	return TAKE_FD(fd);
}

int apply_umount(const struct apply_own *own, uint32_t i, struct err *err)
{
	const char *target = own->table.v[i].target;
	int fd = apply_open(own, i, err);

	if (fd < 0)
		return fd;
	close(fd);
	if (umount2(target, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
		return err_set(err, errno, "umount %s", target);
	return 0;
}
