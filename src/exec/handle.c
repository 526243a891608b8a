// SPDX-License-Identifier: Apache-2.0
/* The descriptors behind handles, and the record of what was made on the way. */
#include "exec/handle.h"
#include "base/mem.h"
#include "exec/path.h"

#include <fcntl.h>
#include <sys/mount.h>

int exec_handle(const struct exec *ex, int handle)
{
	return handle > 0 && handle < ex->n_fds ? ex->fds[handle] : -1;
}

void exec_set_handle(struct exec *ex, int handle, int fd)
{
	while (ex->n_fds <= handle)
		VEC_PUSH(ex->fds, ex->n_fds, -1);
	ex->fds[handle] = fd;
}

void exec_close_after(struct exec *ex, const struct op *op, size_t at, const size_t *last)
{
	const int named[] = {op->handle, op->from.handle, op->to.handle};

	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (exec_handle(ex, named[i]) >= 0 && last[named[i]] == at)
			close(TAKE_FD(ex->fds[named[i]]));
}

void exec_init(struct exec *ex)
{
	*ex = (struct exec){0};
}

static void drop_last_made(struct exec *ex)
{
	struct exec_made *made = &ex->made[--ex->n_made];

	if (!ex->n_made || ex->made[ex->n_made - 1].dirfd != made->dirfd)
		close(made->dirfd);
	free(made->name);
}

void exec_undo_made(struct exec *ex)
{
	exec_forget_parent(ex);
	while (ex->n_made) {
		struct exec_made *made = &ex->made[ex->n_made - 1];
		if (fchdir(made->dirfd) == 0) {
			umount2(made->name, MNT_DETACH | UMOUNT_NOFOLLOW);
			unlinkat(made->dirfd, made->name, made->is_dir ? AT_REMOVEDIR : 0);
		}
		drop_last_made(ex);
	}
}

void exec_done(struct exec *ex)
{
	for (int i = 0; i < ex->n_fds; i++)
		auto_close(&ex->fds[i]);
	exec_forget_parent(ex);
	exec_know(ex, NULL, -1);
	while (ex->n_made)
		drop_last_made(ex);
	free(ex->fds);
	free(ex->made);
	exec_init(ex);
}
