// SPDX-License-Identifier: Apache-2.0
#include "random_mounts.h"
#include "base/auto.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

uint32_t random_below(struct random_mounts *random, uint32_t n)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 7;
	random->state ^= random->state << 17;
	return (uint32_t)((random->state >> 11) % n);
}

/* What has to be quoted somewhere, or is no text at all. */
static const char *const names[] = {
	"a",	 "b",	     "c d",   "tab\there", "line\nend", "back\\slash",
	"#hash", "\377\376", "a,b:c", "x\\040y",   "//deleted", "\033[31m",
	"…",	 "d",	     "e",     "-",
};

/* A path of at most three names; the directory is made. */
static void pick(struct random_mounts *random, char *path)
{
	int n = snprintf(path, PATH_MAX, "%s", random->dir);
	uint32_t depth = random_below(random, 4);

	for (uint32_t i = 0; i < depth; i++) {
		const char *name = names[random_below(random, ARRAY_SIZE(names))];
		if (!strchr(name, '/'))
			n += snprintf(path + n, (size_t)(PATH_MAX - n), "/%s", name);
		mkdir(path, 0755);
	}
}

static void new_tmpfs(struct random_mounts *random)
{
	static const char *const sources[] = {"tmpfs", "", "none", "a b", "#\\\t\n", "\377", "x,y"};
	static const char *const options[] = {"", "size=1m", "mode=700,size=4k", "nr_inodes=100"};
	static const unsigned long flags[] = {0,
					      MS_RDONLY,
					      MS_NOSUID | MS_NODEV,
					      MS_NOEXEC,
					      MS_NOATIME,
					      MS_STRICTATIME,
					      MS_NODIRATIME,
					      MS_SYNCHRONOUS,
					      MS_DIRSYNC | MS_LAZYTIME,
					      MS_NOSYMFOLLOW};
	char path[PATH_MAX];

	pick(random, path);
	mount(sources[random_below(random, ARRAY_SIZE(sources))], path, "tmpfs",
	      flags[random_below(random, ARRAY_SIZE(flags))],
	      options[random_below(random, ARRAY_SIZE(options))]);
}

static void new_special(struct random_mounts *random)
{
	/* Not cgroup2: that is the machine's own, and directories made in it are cgroups that stay.
	 */
	static const char *const types[] = {"proc", "sysfs", "mqueue", "ramfs", "devpts"};
	const char *type = types[random_below(random, ARRAY_SIZE(types))];
	char path[PATH_MAX];

	pick(random, path);
	mount(type, path, type, random_below(random, 2) ? MS_NOSUID : 0, NULL);
}

/* Overlay's options have backslashes of their own. */
static void new_overlay(struct random_mounts *random)
{
	char path[PATH_MAX], options[PATH_MAX];
	static const char *const layers[] = {"l,1", "l:2", "l 3", "l\\4", "l\n5"};
	static const char *const quoted[] = {"l\\,1", "l\\:2", "l 3", "l\\\\4", "l\n5"};
	uint32_t i = random_below(random, ARRAY_SIZE(layers));

	snprintf(path, sizeof(path), "%s/%s", random->dir, layers[i]);
	mkdir(path, 0755);
	snprintf(options, sizeof(options), "lowerdir=%s/%s:%s", random->dir, quoted[i],
		 random->dir);
	pick(random, path);
	mount("overlay", path, "overlay", 0, options);
}

static void bind(struct random_mounts *random, unsigned long rec)
{
	char from[PATH_MAX], to[PATH_MAX];

	pick(random, from);
	pick(random, to);
	mount(from, to, NULL, MS_BIND | rec, NULL);
}

static void bind_file(struct random_mounts *random)
{
	static const char *const files[] = {"/proc/self/ns/net", "/proc/self/ns/uts", "/dev/null",
					    "/proc/self/ns/mnt"};
	char to[PATH_MAX];
	int n = snprintf(to, sizeof(to), "%s/file %u", random->dir, random_below(random, 4));
	int fd = open(to, O_CREAT | O_RDONLY | O_CLOEXEC, 0644);

	if (n > 0 && fd >= 0)
		close(fd);
	mount(files[random_below(random, ARRAY_SIZE(files))], to, NULL, MS_BIND, NULL);
}

static void change_type(struct random_mounts *random)
{
	static const unsigned long types[] = {MS_SHARED, MS_SHARED, MS_SLAVE, MS_PRIVATE,
					      MS_UNBINDABLE};
	char path[PATH_MAX];

	pick(random, path);
	mount(NULL, path, NULL,
	      types[random_below(random, ARRAY_SIZE(types))] |
		      (random_below(random, 3) ? 0 : MS_REC),
	      NULL);
}

/* A slave that is shared itself: the middle of a chain. */
static void make_link(struct random_mounts *random)
{
	char path[PATH_MAX];
	unsigned long rec = random_below(random, 2) ? MS_REC : 0;

	pick(random, path);
	mount(NULL, path, NULL, MS_SLAVE | rec, NULL);
	mount(NULL, path, NULL, MS_SHARED | rec, NULL);
}

static void change_attributes(struct random_mounts *random)
{
	static const uint64_t bits[] = {MOUNT_ATTR_RDONLY,     MOUNT_ATTR_NOSUID,
					MOUNT_ATTR_NODEV,      MOUNT_ATTR_NOEXEC,
					MOUNT_ATTR_NODIRATIME, MOUNT_ATTR_NOSYMFOLLOW};
	static const uint64_t times[] = {MOUNT_ATTR_RELATIME, MOUNT_ATTR_NOATIME,
					 MOUNT_ATTR_STRICTATIME};
	struct mount_attr attr = {.attr_clr = bits[random_below(random, ARRAY_SIZE(bits))]};
	char path[PATH_MAX];

	attr.attr_set = bits[random_below(random, ARRAY_SIZE(bits))];
	if (random_below(random, 2)) {
		attr.attr_clr |= MOUNT_ATTR__ATIME;
		attr.attr_set |= times[random_below(random, ARRAY_SIZE(times))];
	}
	pick(random, path);
	mount_setattr(AT_FDCWD, path, random_below(random, 3) ? 0 : AT_RECURSIVE, &attr,
		      sizeof(attr));
}

static void bind_idmapped(struct random_mounts *random)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_IDMAP,
				  .userns_fd = (uint64_t)random->userns};
	char path[PATH_MAX];

	pick(random, path);
	int tree = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0)
		return;
	pick(random, path);
	if (mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)) == 0)
		move_mount(tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH);
	close(tree);
}

static void move(struct random_mounts *random)
{
	char from[PATH_MAX], to[PATH_MAX];

	pick(random, from);
	pick(random, to);
	mount(from, to, NULL, MS_MOVE, NULL);
}

/* The directory itself may be the root of a bind, or have mounts of other namespaces on it. */
static void take_away(struct random_mounts *random)
{
	char path[PATH_MAX];

	pick(random, path);
	if (strcmp(path, random->dir) && (!random_below(random, 3) || rmdir(path) < 0))
		umount2(path, MNT_DETACH);
}

/* A bind whose directory is removed at once. */
static void bind_deleted(struct random_mounts *random)
{
	char from[PATH_MAX], to[PATH_MAX];

	snprintf(from, sizeof(from), "%s/gone", random->dir);
	mkdir(from, 0755);
	pick(random, to);
	mount(from, to, NULL, MS_BIND, NULL);
	rmdir(from);
}

static void link_path(struct random_mounts *random, char link, char *path)
{
	snprintf(path, PATH_MAX, "%s/chain %c", random->dir, link);
	mkdir(path, 0755);
}

void random_chain_make(struct random_mounts *random)
{
	char a[PATH_MAX], b[PATH_MAX], c[PATH_MAX];

	link_path(random, 'a', a);
	link_path(random, 'b', b);
	link_path(random, 'c', c);
	mount("chain", a, "tmpfs", 0, NULL);
	mount(NULL, a, NULL, MS_SHARED, NULL);
	mount(a, b, NULL, MS_BIND, NULL);
	mount(NULL, b, NULL, MS_SLAVE, NULL);
	mount(NULL, b, NULL, MS_SHARED, NULL);
	mount(b, c, NULL, MS_BIND, NULL);
	mount(NULL, c, NULL, MS_SLAVE, NULL);
}

void random_chain_break(struct random_mounts *random)
{
	char path[PATH_MAX];

	link_path(random, 'b', path);
	umount2(path, MNT_DETACH);
}

void random_change(struct random_mounts *random)
{
	switch (random_below(random, 19)) {
	case 0 ... 2:
		return new_tmpfs(random);
	case 3:
		return new_special(random);
	case 4:
		return new_overlay(random);
	case 5 ... 6:
		return bind(random, 0);
	case 7:
		return bind(random, MS_REC);
	case 8:
		return bind_file(random);
	case 9 ... 10:
		return change_type(random);
	case 11:
		return make_link(random);
	case 12:
		return change_attributes(random);
	case 13:
		return bind_idmapped(random);
	case 14:
		return move(random);
	case 15:
		return bind_deleted(random);
	case 16:
		return random_chain_make(random);
	case 17:
		return random_chain_break(random);
	default:
		return take_away(random);
	}
}
