// SPDX-License-Identifier: Apache-2.0
/* A container's view, made by its first process. */
#include "box/contain_parts.h"
#include "box/copy_up.h"
#include "base/mem.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

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
		       ? exec_kernel(&box->exec, &box->view.ops, mask->as_dir, mask->as_file, err)
		       : exec_kernel(&box->exec, &box->view.ops, mask->as_file, mask->end, err);
}

/* From here on paths are the container's, and the way back is a descriptor. */
static int enter_root(struct box *box, struct err *err)
{
	const struct box_view *view = &box->view;

	box->old_root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (box->old_root < 0)
		return err_set(err, errno, "open the host's root");
	if (exec_kernel(&box->exec, &view->ops, view->clone + 1, view->enter, err) < 0)
		return -err->code;
	return chroot(".") < 0 ? err_set(err, errno, "enter the root") : 0;
}

int contained_build_view(struct box *box, struct err *err)
{
	const struct box_view *view = &box->view;
	size_t at = view->enter ? view->enter : view->clone + 1;

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
