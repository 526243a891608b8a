// SPDX-License-Identifier: Apache-2.0
/*
 * What a process holds: one statx(2) for each of its descriptors and links, which tells the mount
 * and the file system, and wakes neither an automount nor a server that does not answer.
 */
#include "base/io.h"
#include "base/mem.h"
#include "read/scan_parts.h"
#include "sys/uapi.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <linux/nsfs.h>

static bool look(int dir, const char *name, struct statx *ret)
{
	return statx(dir, name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
		     STATX_TYPE | STATX_INO | STATX_MNT_ID, ret) == 0;
}

static void use(struct scan *scan, uint32_t proc, enum mnt_use_kind kind, int fd,
		const struct statx *st)
{
	struct mnt_world *world = scan->world;

	VEC_PUSH(world->uses, world->n_uses,
		 (struct mnt_use){
			 .proc = proc,
			 .kind = kind,
			 .fd = fd,
			 .mount = st->stx_mask & STATX_MNT_ID ? (uint32_t)st->stx_mnt_id : 0,
			 .major = st->stx_dev_major,
			 .minor = st->stx_dev_minor,
			 .node_major = S_ISBLK(st->stx_mode) ? st->stx_rdev_major : 0,
			 .node_minor = S_ISBLK(st->stx_mode) ? st->stx_rdev_minor : 0,
		 });
}

/* Files of namespaces of all kinds are on one file system; the link says which kind it is. */
static bool is_mount_ns(int dir, const char *name)
{
	char link[64];
	ssize_t n = readlinkat(dir, name, link, sizeof(link) - 1);

	link[n > 0 ? n : 0] = 0;
	return str_starts(link, "mnt:[");
}

/* /proc/PID/ns/mnt opened is "mnt:[…]", a bind of it opened is the bind's path. */
static bool opens_mount_ns(int dir, const char *name)
{
	AUTO_FD int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	return fd >= 0 && ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNS;
}

static void hold(struct scan *scan, uint32_t proc, int fd, uint64_t inode)
{
	uint32_t ns = scan_ns(scan, inode);
	struct scan_way *way = &scan->ways[ns];

	scan_hold(scan, ns,
		  (struct mnt_hold){.kind = MNT_HOLD_FD, .proc = proc, .fd = fd, .in = MAP_NONE});
	if (way->holder)
		return;
	way->holder = scan->world->procs[proc].tid;
	way->fd = fd;
}

static void descriptor(struct scan *scan, int list, uint32_t proc, const char *name)
{
	struct statx st;
	int fd = atoi(name);

	if (!look(list, name, &st))
		return;
	if (st.stx_dev_major == scan->nsfs_major && st.stx_dev_minor == scan->nsfs_minor &&
	    (is_mount_ns(list, name) || opens_mount_ns(list, name)))
		hold(scan, proc, fd, st.stx_ino);
	/* A socket is on no mount that anybody could see or release. */
	if (scan->flags & SCAN_USES && !S_ISSOCK(st.stx_mode))
		use(scan, proc, MNT_USE_FD, fd, &st);
}

static void links(struct scan *scan, int dir, uint32_t proc)
{
	static const struct {
		const char *name;
		enum mnt_use_kind kind;
	} rows[] = {{"cwd", MNT_USE_CWD}, {"root", MNT_USE_ROOT}, {"exe", MNT_USE_EXE}};
	struct statx st;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (look(dir, rows[i].name, &st))
			use(scan, proc, rows[i].kind, -1, &st);
}

void scan_files(struct scan *scan, int pid_dir, uint32_t proc)
{
	DIR *list = io_open_dir(pid_dir, "fd");
	struct dirent *entry;

	if (!list)
		return;
	while ((entry = readdir(list)))
		if (*entry->d_name != '.')
			descriptor(scan, dirfd(list), proc, entry->d_name);
	closedir(list);
	if (scan->flags & SCAN_USES)
		links(scan, pid_dir, proc);
}
