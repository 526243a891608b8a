// SPDX-License-Identifier: Apache-2.0
/* The cgroups that a container's process is born into, or enters. */
#include "base/mem.h"
#include "box/contain_parts.h"

#include <errno.h>
#include <fcntl.h>

int contain_open_cgroup(const struct box_into *into, int *ret, struct err *err)
{
	*ret = into->v2 ? open(into->v2, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	return into->v2 && *ret < 0 ? err_set(err, errno, "open the cgroup %s", into->v2) : 0;
}

int contain_await_cgroups(struct box *box, struct err *err)
{
	const struct contain *order = box->order;

	return order->cgroups ? order->cgroups(order->arg, &box->v1_made, err) : 0;
}

bool contain_has_v1(const struct box *box, size_t i)
{
	return i >= 32 || box->v1_made & (uint32_t)1 << i;
}

/* Here, where they are in sight; the child writes to them with our privilege. */
int contain_open_tasks(struct box *box, struct err *err)
{
	const struct strv *dirs = &box->into->v1;

	box->tasks = xcalloc(dirs->n, sizeof(*box->tasks));
	for (size_t i = 0; i < dirs->n; i++) {
		if (!contain_has_v1(box, i))
			continue;
		AUTO_FREE char *path = xasprintf("%s/tasks", dirs->v[i]);
		box->tasks[i] = open(path, O_WRONLY | O_CLOEXEC);
		if (box->tasks[i] < 0)
			return err_set(err, errno, "open %s", path);
	}
	return 0;
}

int contain_clone_failed(const struct box *box, int code, const char *what, struct err *err)
{
	/* Of the many reasons these are a cgroup's alone; see cgroups(7), "no internal processes".
	 */
	if (box->into->v2 && (code == EBUSY || code == EOPNOTSUPP))
		return err_set(err, code,
			       "the container's cgroup takes no process: it passes controllers on "
			       "to cgroups below it, or is threaded");
	return err_set(err, code, "%s", what);
}
