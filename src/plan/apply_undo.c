// SPDX-License-Identifier: Apache-2.0
/* One function per kind of step, and all of them from the newest to the oldest. */
#include "base/mem.h"
#include "plan/apply_parts.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* Its copies, which it had passed on, go with it. */
static int undo_attach(const struct undo_step *step, int proc, struct err *err)
{
	struct apply_own own;
	int rc = apply_own_init(&own, proc, err);
	uint32_t at = rc < 0 ? MAP_NONE : apply_find(&own, &step->id);

	if (at != MAP_NONE)
		rc = apply_umount(&own, at, err);
	apply_own_done(&own);
	return rc;
}

static int move_back(const struct undo_step *step, const struct apply_own *own, struct err *err)
{
	uint32_t at = apply_find(own, &step->id);
	struct apply_id id;

	if (at == MAP_NONE)
		return err_say(err, ENOENT, "the mount is gone");
	AUTO_FD int fd = apply_open(own, at, err);
	AUTO_FD int place = fd < 0 ? -1 : open(step->path, O_PATH | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return fd;
	if (place < 0 || !apply_id_of(place, &id) || id.id != step->place.id ||
	    id.unique != step->place.unique)
		return err_say(err, EBUSY, "something else is at %s now", step->path);
	if (move_mount(fd, "", place, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return err_set(err, errno, "move it back to %s", step->path);
	return 0;
}

static int undo_move(const struct undo_step *step, int proc, struct err *err)
{
	struct apply_own own;

	if (!step->path)
		return err_say(err, ENOENT, "there is no way back");
	int rc = apply_own_init(&own, proc, err);
	if (rc == 0)
		rc = move_back(step, &own, err);
	apply_own_done(&own);
	return rc;
}

/* A directory that has got something in it stays. */
static int undo_make(const struct undo_step *step, struct err *err)
{
	struct stat st;
	int dir = step->dir < 0 ? AT_FDCWD : step->dir;

	if (!step->path || fstatat(dir, step->path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (unlinkat(dir, step->path, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0) < 0)
		return err_set(err, errno, "remove %s", step->path);
	return 0;
}

static int undo_one(struct undo *undo, const struct undo_step *step, struct err *err)
{
	int proc = undo->proc, rc;

	switch (step->kind) {
	case UNDO_ATTACH:
		rc = step->n_copies ? spread_undo(undo, step, err) : 0;
		return rc < 0 ? rc : undo_attach(step, proc, err);
	case UNDO_MOVE:
		return undo_move(step, proc, err);
	case UNDO_ATTR:
		return undo_attrs(step, proc, err);
	case UNDO_MAKE:
		return undo_make(step, err);
	case UNDO_BENEATH:
		return err_say(
			err, EINVAL,
			"it, or a copy of it, is beneath another mount, and cannot be taken out");
	case UNDO_NOTHING:
		return 0;
	}
	return 0;
}

/* Mount points that were made on the way, down to the first n. */
static void unmake(struct exec *ex, size_t n, struct strv *left)
{
	while (ex->n_made > n) {
		struct exec_made *made = &ex->made[--ex->n_made];
		if (unlinkat(made->dirfd, made->name, made->is_dir ? AT_REMOVEDIR : 0) < 0 &&
		    errno != ENOENT)
			strv_addf(left, "the mount point '%s' that was made: %s", made->name,
				  strerror(errno));
		close(made->dirfd);
		free(made->name);
	}
}

void undo_all(struct undo *undo, struct exec *ex, struct strv *left)
{
	for (size_t i = undo->n; i-- > 0;) {
		const struct undo_step *step = &undo->v[i];
		AUTO(err) struct err err = {0};
		if (undo_one(undo, step, &err) < 0)
			strv_addf(left, "%s: %s", step->op, err.msg);
		unmake(ex, step->made, left);
	}
}
