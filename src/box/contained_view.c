// SPDX-License-Identifier: Apache-2.0
/* A container's view, made by its first process. */
#include "box/contain_parts.h"
#include "box/copy_up.h"
#include "base/mem.h"
#include "exec/handle.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/*
 * The first is the mount itself that the others are copies of: one that is attached nowhere is
 * taken down when its descriptor is closed, and the kernel waits a grace period of RCU to do so.
 */
static int mask_directory(struct box *box, const struct box_mask *mask, struct err *err)
{
	const struct op *open = &box->view.ops.v[mask->as_dir];
	size_t at = mask->as_dir;

	if (open->from.handle && !box->masks_directory) {
		int fd = fcntl(exec_handle(&box->exec, open->from.handle), F_DUPFD_CLOEXEC, 0);
		if (fd < 0)
			return err_set(err, errno, "linux.maskedPaths: %s", mask->path);
		exec_set_handle(&box->exec, open->handle, fd);
		at++;
	}
	box->masks_directory = true;
	return exec_kernel(&box->exec, &box->view.ops, at, mask->as_file, err);
}

static int run_mask(struct box *box, const struct box_mask *mask, struct err *err)
{
	uint64_t links = mask->no_symlinks ? RESOLVE_NO_SYMLINKS : 0;
	AUTO_FD int fd = sys_openat2(AT_FDCWD, mask->path, O_PATH, RESOLVE_NO_MAGICLINKS | links);
	struct stat st;

	/* What nobody can open is hidden: it is not there, or its links go in circles. */
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || (errno == ELOOP && !links)))
		return 0;
	if (fd < 0 && errno == ELOOP)
		return err_say(err, ELOOP,
			       "linux.maskedPaths: %s: a symbolic link in /proc shows each process "
			       "something else, so it cannot be hidden from all of them",
			       mask->path);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_set(err, errno, "linux.maskedPaths: %s", mask->path);
	exec_know(&box->exec, mask->path, TAKE_FD(fd));
	return S_ISDIR(st.st_mode)
		       ? mask_directory(box, mask, err)
		       : exec_kernel(&box->exec, &box->view.ops, mask->as_file, mask->end, err);
}

/* The same file system in whatever namespaces it is made. */
static bool is_anywhere(const struct op *op)
{
	return op->kind == OP_FS_MOUNT &&
	       (!strcmp(op->text, "tmpfs") || !strcmp(op->text, "devpts"));
}

/* Made from nothing but what the process is in already: no path, no cgroup. */
static bool is_of_its_own(const struct op *op)
{
	static const char *const types[] = {"proc", "sysfs", "mqueue"};

	if (op->kind == OP_SET_ATTR)
		return op->to.handle && !op->to.path;
	for (size_t i = 0; op->kind == OP_FS_MOUNT && i < ARRAY_SIZE(types); i++)
		if (!strcmp(op->text, types[i]))
			return true;
	return is_anywhere(op);
}

static size_t first_op(const struct box *box)
{
	return box->view_at ? box->view_at : box->view.clone + 1;
}

static int make_some(struct box *box, bool anywhere, struct err *err)
{
	const struct ops *ops = &box->view.ops;

	for (size_t i = box->view.clone + 1; i < box->view_at; i++)
		if (is_anywhere(&ops->v[i]) == anywhere &&
		    exec_kernel(&box->exec, ops, i, i + 1, err) < 0)
			return -err->code;
	return 0;
}

int contain_make_mounts(struct box *box, struct err *err)
{
	const struct box_view *view = &box->view;
	size_t end = view->enter ? view->enter : view->console;

	if (!box->settles_early)
		return 0;
	for (box->view_at = view->clone + 1; box->view_at < end; box->view_at++)
		if (!is_of_its_own(&view->ops.v[box->view_at]))
			break;
	return make_some(box, true, err);
}

int contained_make_mounts(struct box *box, struct err *err)
{
	return box->settles_early ? make_some(box, false, err) : 0;
}

/* From here on paths are the container's, and the way back is a descriptor. */
static int enter_root(struct box *box, struct err *err)
{
	const struct box_view *view = &box->view;

	box->old_root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (box->old_root < 0)
		return err_set(err, errno, "open the host's root");
	if (exec_kernel(&box->exec, &view->ops, first_op(box), view->enter, err) < 0)
		return -err->code;
	return chroot(".") < 0 ? err_set(err, errno, "enter the root") : 0;
}

int contained_build_view(struct box *box, struct err *err)
{
	const struct box_view *view = &box->view;
	size_t at = view->enter ? view->enter : first_op(box);

	if (view->enter && enter_root(box, err) < 0)
		return -err->code;
	for (size_t i = 0; i < view->n_copies; at = view->copies[i++].at)
		if (exec_kernel(&box->exec, &view->ops, at, view->copies[i].at, err) < 0 ||
		    copy_up(view->copies[i].path, box->exec.fds[view->copies[i].handle], err) < 0)
			return -err->code;
	for (size_t i = 0; i < view->n_masks; at = view->masks[i++].end)
		if (exec_kernel(&box->exec, &view->ops, at, view->masks[i].as_dir, err) < 0 ||
		    run_mask(box, &view->masks[i], err) < 0)
			return -err->code;
	return exec_kernel(&box->exec, &view->ops, at, view->enter ? view->leave : view->console,
			   err);
}

int contained_switch_root(struct box *box, struct err *err)
{
	const struct box_view *view = &box->view;

	if (!view->enter)
		return 0;
	if (view->leave < view->console &&
	    (fchdir(box->old_root) < 0 || chroot(".") < 0 ||
	     exec_kernel(&box->exec, &view->ops, view->leave, view->console, err) < 0))
		return err->msg ? -err->code : err_set(err, errno, "leave the root");
	close(TAKE_FD(box->old_root));
	return 0;
}

int contained_own_devices(struct box *box, struct err *err)
{
	for (size_t i = 0; i < box->spec->n_devices; i++) {
		const struct spec_device *d = &box->spec->devices[i];
		/* In a user namespace a device is the host's own. */
		if ((!d->uid && !d->gid) || (box->idmap && !S_ISFIFO(d->mode)))
			continue;
		AUTO_FD int fd = sys_openat2(AT_FDCWD, d->path, O_PATH | O_NOFOLLOW,
					     RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS);
		if (fd < 0 || fchownat(fd, "", d->uid, d->gid, AT_EMPTY_PATH) < 0)
			return err_set(err, errno, "linux.devices: owner of %s", d->path);
	}
	return 0;
}
