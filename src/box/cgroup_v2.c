// SPDX-License-Identifier: Apache-2.0
/*
 * What only v2 has: a controller is passed on from level to level, and a cgroup that does so holds
 * no processes itself. So a box's cgroup is made beside the caller's, not below it.
 */
#include "base/io.h"
#include "base/mem.h"
#include "box/cgroup_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Only the root of all has no type; it alone may have both processes and limited children. */
static bool is_real_root(const char *dir)
{
	AUTO_FREE char *type = cgroup_path_below(dir, "cgroup.type");

	return access(type, F_OK) < 0 && errno == ENOENT;
}

int cgroup_v2_parent(const struct cgroup_mount *mount, const struct cgroup_limit *limit,
		     const char *own, char **ret, struct err *err)
{
	if (is_real_root(own)) {
		*ret = xstrdup(own);
		return 0;
	}
	if (!strcmp(own, mount->point))
		return err_say(err, EBUSY,
			       "%s: this process is in the topmost cgroup that can be seen here, "
			       "%s, and a cgroup with processes cannot have limited ones below "
			       "it; move its processes to one below it first (mkdir %s/main; write "
			       "each line of its cgroup.procs to main/cgroup.procs)",
			       limit->word, own, own);
	*ret = xstrndup(own, (size_t)(strrchr(own, '/') - own));
	return 0;
}

static void read_words(int dir, const char *file, struct strv *ret)
{
	AUTO(buf) struct buf text = {0};

	if (io_read_file(dir, file, 4096, &text, NULL) < 0)
		return;
	text.data[strcspn(text.data, "\n")] = 0;
	strv_split(ret, text.data, ' ');
}

void cgroup_v2_controllers(const char *dir, struct strv *ret)
{
	AUTO_FREE char *file = cgroup_path_below(dir, "cgroup.controllers");

	read_words(AT_FDCWD, file, ret);
}

static bool lists(int dir, const char *file, const char *controller)
{
	AUTO(strv) struct strv words = {0};

	read_words(dir, file, &words);
	return strv_has(&words, controller);
}

/*
 * v2: makes `dir` pass the controller on to what is below it, after those above it have. It is
 * never switched off again: other boxes may have come to need it. -ENOENT: the top has none.
 */
static int enable(int dir, const char *controller)
{
	AUTO_FREE char *text = xasprintf("+%s", controller);

	if (lists(dir, "cgroup.subtree_control", controller))
		return 0;
	if (!lists(dir, "cgroup.controllers", controller)) {
		AUTO_FD int up = openat(dir, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (up < 0 || cgroup_version_of(up) != CGROUP_V2)
			return -ENOENT;
		int rc = enable(up, controller);
		if (rc < 0)
			return rc;
	}
	return io_write_file(dir, "cgroup.subtree_control", text, NULL);
}

static int cannot_enable(const char *dir, const struct cgroup_limit *limit, int code,
			 struct err *err)
{
	if (code == EACCES || code == EPERM || code == EROFS)
		return err_say(err, code,
			       "%s: permission denied: the %s controller is not delegated to the "
			       "cgroup above %s; delegate it (systemd: Delegate=%s)",
			       limit->word, limit->controller, dir, limit->controller);
	if (code == EBUSY)
		return err_say(err, code,
			       "%s: a cgroup above %s holds processes, and so cannot pass the %s "
			       "controller on; move them to a cgroup below it, or delegate another",
			       limit->word, dir, limit->controller);
	return err_set(err, code, "%s: switching on the %s controller above %s", limit->word,
		       limit->controller, dir);
}

int cgroup_v2_enable(int parent, const char *dir, const struct cgroup_limit *limit, struct err *err)
{
	int rc = enable(parent, limit->controller);

	if (rc == -ENOENT)
		return 0;
	return rc < 0 ? cannot_enable(dir, limit, -rc, err) : 1;
}
