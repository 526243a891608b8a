// SPDX-License-Identifier: Apache-2.0
/*
 * Where a box's cgroups go: which hierarchy has the controller, where it is mounted, and where
 * the caller is in it. Reads /proc/self/mountinfo, and so is for boxes with limits only.
 */
#include "base/io.h"
#include "base/mem.h"
#include "box/cgroup_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* The most that /proc/self/cgroup can have: a PATH_MAX for each of 16 controllers. */
#define SELF_MAX (1 << 17)

struct mounts {
	struct cgroup_mount *v;
	size_t n;
};

static void mounts_done(struct mounts *mounts)
{
	for (size_t i = 0; i < mounts->n; i++)
		cgroup_mount_done(&mounts->v[i]);
	free(mounts->v);
}

/* mountinfo's \ooo: one byte each, decoded once from left to right. */
static char *unescape(const char *s)
{
	AUTO(buf) struct buf b = {0};

	for (; *s; s++) {
		if (*s == '\\' && strspn(s + 1, "01234567") >= 3) {
			buf_addc(&b, (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0')));
			s += 3;
		} else {
			buf_addc(&b, *s);
		}
	}
	return buf_take(&b);
}

bool cgroup_mount_parse(const char *line, struct cgroup_mount *ret)
{
	/* No field can have a blank in it, so that this is the separator and nothing else. */
	const char *type = strstr(line, " - cgroup");
	AUTO_FREE char *text = xstrndup(line, strcspn(line, "\n"));
	AUTO(strv) struct strv fields = {0};

	if (!type || (!str_starts(type, " - cgroup ") && !str_starts(type, " - cgroup2 ")))
		return false;
	strv_split(&fields, text, ' ');
	if (fields.n < 10)
		return false;
	*ret = (struct cgroup_mount){
		.v2 = str_starts(type, " - cgroup2 "),
		.root = unescape(fields.v[3]),
		.point = unescape(fields.v[4]),
	};
	if (!ret->v2)
		strv_split(&ret->controllers, fields.v[fields.n - 1], ',');
	return true;
}

void cgroup_mount_done(struct cgroup_mount *mount)
{
	free(mount->root);
	free(mount->point);
	strv_done(&mount->controllers);
}

/* A path below `dir`, which may be "/". */
char *cgroup_path_below(const char *dir, const char *name)
{
	return xasprintf("%s/%s", strcmp(dir, "/") ? dir : "", name);
}

static void read_mounts(FILE *mountinfo, struct mounts *mounts)
{
	AUTO_FREE char *line = NULL;
	struct cgroup_mount mount;
	size_t size = 0;

	while (getline(&line, &size, mountinfo) > 0) {
		if (!cgroup_mount_parse(line, &mount))
			continue;
		if (mount.v2)
			cgroup_v2_controllers(mount.point, &mount.controllers);
		VEC_PUSH(mounts->v, mounts->n, mount);
	}
}

char *cgroup_position(const char *self, const char *controller)
{
	AUTO(strv) struct strv lines = {0};

	strv_split(&lines, self, '\n');
	for (size_t i = 0; i < lines.n; i++) {
		/* ID:CONTROLLER[,…]:PATH, with v2 as 0::PATH */
		char *names = strchr(lines.v[i], ':');
		char *path = names ? strchr(names + 1, ':') : NULL;
		AUTO(strv) struct strv words = {0};
		if (!path)
			continue;
		*path++ = 0;
		strv_split(&words, names + 1, ',');
		if (controller ? strv_has(&words, controller) : str_starts(lines.v[i], "0:"))
			return xstrdup(path);
	}
	return NULL;
}

char *cgroup_directory(const struct cgroup_mount *mount, const char *position)
{
	size_t len = strcmp(mount->root, "/") ? strlen(mount->root) : 0;

	/* "/.." is above the root of the caller's cgroup namespace: nothing shows it. */
	if (strncmp(position, mount->root, len) || (position[len] && position[len] != '/') ||
	    (str_starts(position, "/..") && (!position[3] || position[3] == '/')))
		return NULL;
	position += len + strspn(position + len, "/");
	return *position ? cgroup_path_below(mount->point, position) : xstrdup(mount->point);
}

static int not_found(const struct cgroup_limit *limit, const char *self, bool is_mounted,
		     struct err *err)
{
	AUTO_FREE char *position = cgroup_position(self, limit->controller);

	if (is_mounted)
		return err_say(err, ENOENT,
			       "%s: this process's own cgroup is not below what is mounted here of "
			       "the %s controller's hierarchy; mount that anew in this cgroup "
			       "namespace",
			       limit->word, limit->controller);
	if (position)
		return err_say(err, ENOENT,
			       "%s: the cgroup hierarchy of the %s controller is not mounted here; "
			       "it is usually at /sys/fs/cgroup/%s",
			       limit->word, limit->controller, limit->controller);
	return err_say(err, ENOENT,
		       "%s: no cgroup hierarchy here has the %s controller: it is neither in the "
		       "cgroup.controllers of a cgroup2 mount nor a v1 hierarchy of this process; "
		       "the kernel must have it enabled, and a container be given it",
		       limit->word, limit->controller);
}

static int find_parent(const struct mounts *mounts, const char *self,
		       const struct cgroup_limit *limit, char **ret, struct err *err)
{
	bool is_mounted = false;

	for (int v2 = 1; v2 >= 0; v2--) {
		AUTO_FREE char *position = cgroup_position(self, v2 ? NULL : limit->controller);
		for (size_t i = 0; position && i < mounts->n; i++) {
			const struct cgroup_mount *mount = &mounts->v[i];
			if (mount->v2 != v2 || !strv_has(&mount->controllers, limit->controller))
				continue;
			AUTO_FREE char *own = cgroup_directory(mount, position);
			if (own && v2)
				return cgroup_v2_parent(mount, limit, own, ret, err);
			if (own) {
				*ret = TAKE_PTR(own);
				return 0;
			}
			is_mounted = true;
		}
	}
	return not_found(limit, self, is_mounted, err);
}

int cgroup_plan_from(const struct spec_limits *limits, const char *id, const char *self,
		     FILE *mountinfo, struct strv *ret_dirs, struct err *err)
{
	__attribute__((cleanup(mounts_done))) struct mounts mounts = {0};
	AUTO(strv) struct strv dirs = {0};

	read_mounts(mountinfo, &mounts);
	for (size_t i = 0; i < CGROUP_N_LIMITS; i++) {
		AUTO_FREE char *parent = NULL;
		if (!cgroup_limit_value(limits, &cgroup_limits[i]))
			continue;
		int rc = find_parent(&mounts, self, &cgroup_limits[i], &parent, err);
		if (rc < 0)
			return rc;
		AUTO_FREE char *name = xasprintf(CGROUP_PREFIX "%s", id);
		AUTO_FREE char *dir = cgroup_path_below(parent, name);
		if (!strv_has(&dirs, dir))
			strv_add(&dirs, dir);
	}
	*ret_dirs = dirs;
	dirs = (struct strv){0};
	return 0;
}

int cgroup_plan(const struct spec_limits *limits, const char *id, struct strv *ret_dirs,
		struct err *err)
{
	AUTO(buf) struct buf self = {0};
	int rc = cgroup_limits_check(limits, err);

	if (rc < 0)
		return rc;
	if (!limits->memory && !limits->cpu_quota_us && !limits->pids) {
		*ret_dirs = (struct strv){0};
		return 0;
	}
	rc = io_read_file(AT_FDCWD, "/proc/self/cgroup", SELF_MAX, &self, err);
	if (rc < 0)
		return rc;
	FILE *mountinfo = fopen("/proc/self/mountinfo", "re");
	if (!mountinfo)
		return err_set(err, errno, "open /proc/self/mountinfo");
	rc = cgroup_plan_from(limits, id, self.data, mountinfo, ret_dirs, err);
	fclose(mountinfo);
	return rc;
}

void cgroup_guess(const char *id, struct strv *ret_dirs)
{
	static const struct spec_limits each[] = {
		{.memory = 1 << 20}, {.cpu_quota_us = 100000}, {.pids = 1}};
	struct strv all = {0};

	for (size_t i = 0; i < ARRAY_SIZE(each); i++) {
		AUTO(strv) struct strv dirs = {0};
		if (cgroup_plan(&each[i], id, &dirs, NULL) == 0 && !strv_has(&all, dirs.v[0]))
			strv_add(&all, dirs.v[0]);
	}
	*ret_dirs = all;
}
