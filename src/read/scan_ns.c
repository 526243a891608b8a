// SPDX-License-Identifier: Apache-2.0
/*
 * The namespaces themselves. The kernel lists those that the caller has power over (6.12), whatever
 * holds them. The others, and all of them on an older kernel, are reached through what holds them:
 * /proc/PID/ns/mnt, a descriptor, or a bind that stands in the table of a namespace known already;
 * tables are read until they lead to no new one.
 */
#include "base/mem.h"
#include "read/scan_parts.h"
#include "read/table.h"
#include "sys/calls.h"
#include "sys/probe.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <linux/capability.h>
#include <linux/nsfs.h>

static uint64_t owner_of(int ns_fd)
{
	AUTO_FD int fd = ioctl(ns_fd, NS_GET_USERNS);
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
}

void scan_describe(int fd, struct mnt_ns *ns)
{
	struct uapi_mnt_ns_info info = {.size = sizeof(info)};
	struct stat st;

	ns->inode = fstat(fd, &st) == 0 ? st.st_ino : 0;
	ns->owner = owner_of(fd);
	if (ioctl(fd, NS_GET_MNTNS_ID, &ns->id) < 0)
		ns->id = 0;
	if (probe_may_try(PROBE_NSFS) && ioctl(fd, NS_MNT_GET_INFO, &info) == 0)
		ns->n_mounts = info.nr_mounts;
}

/* "mnt:[4026532177]" -> 4026532177; 0: it is no mount namespace. */
static uint64_t pinned(const struct mnt *mnt)
{
	uint64_t inode = 0;
	const char *end = strchr(mnt->root, ']');

	if (!str_starts(mnt->root, "mnt:[") || !end)
		return 0;
	AUTO_FREE char *number = xstrndup(mnt->root + 5, (size_t)(end - mnt->root) - 5);
	return str_to_u64(number, UINT32_MAX, &inode, NULL) < 0 ? 0 : inode;
}

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void find_pins(struct scan *scan, uint32_t in, const struct mnt_table *table)
{
	struct mnt_world *world = scan->world;

	for (size_t i = 0; i < table->n; i++) {
		const struct mnt *mnt = &table->v[i];
		uint64_t inode = pinned(mnt);
		if (!inode)
			continue;
		const char *path = arena_str(&world->text, mnt->target);
		uint32_t id = mnt->id, ns = scan_ns(scan, inode);
		scan_hold(scan, ns,
			  (struct mnt_hold){.kind = MNT_HOLD_BIND,
					    .proc = MAP_NONE,
					    .fd = -1,
					    .in = in,
					    .mount = id,
					    .path = path});
		if (!world->ns[ns].name)
			world->ns[ns].name = last_component(path);
		if (!scan->ways[ns].bind) {
			scan->ways[ns].bind = path;
			scan->ways[ns].in = in;
		}
	}
}

/*
 * mountinfo ends where its process was chrooted, and statmount where something was mounted on the
 * namespace's "/": ask again if something is missing.
 */
static void complete(struct mnt_ns *ns, const struct scan_way *way, int fd)
{
	const struct read_ns others[] = {{0, ns->id, fd}, {way->rooted, 0, -1}};
	struct mnt_table other;

	for (size_t i = 0; i < ARRAY_SIZE(others) && ns->table.n < ns->n_mounts; i++) {
		if (!(others[i].id || others[i].pid) || read_table(&others[i], &other, NULL) < 0)
			continue;
		struct mnt_table fewer = other.n > ns->table.n ? ns->table : other;
		ns->table = other.n > ns->table.n ? other : ns->table;
		mnt_table_done(&fewer);
	}
}

int scan_table(struct mnt_ns *ns, const struct scan_way *way, int fd, struct err *err)
{
	int rc = read_table(&(struct read_ns){way->rooted, ns->id, fd}, &ns->table, err);

	/* It may have ended by now; and what cannot be entered may be seen in part. */
	if (rc < 0 && way->rooted)
		rc = read_table(&(struct read_ns){0, ns->id, fd}, &ns->table, NULL);
	else if (rc < 0 && way->pid)
		rc = read_table(&(struct read_ns){way->pid, ns->id, fd}, &ns->table, NULL);
	if (rc < 0)
		return rc;
	complete(ns, way, fd);
	ns->has_table = true;
	ns->n_mounts = ns->n_mounts ? ns->n_mounts : (uint32_t)ns->table.n;
	return 0;
}

/* Where no table is wanted, only the mounts that pin namespaces are looked at. */
static bool pins_will_do(struct scan *scan, uint32_t i)
{
	const struct mnt_ns *ns = &scan->world->ns[i];
	AUTO(mnt_table) struct mnt_table pins = {0};

	if (scan->flags & SCAN_TABLES || !ns->id || !ns->n_mounts ||
	    read_statmount_of(ns->id, scan->nsfs_major, scan->nsfs_minor, &pins, NULL) < 0)
		return false;
	find_pins(scan, i, &pins);
	return true;
}

void scan_finish(struct scan *scan, uint32_t i, const struct err *err)
{
	struct mnt_ns *ns = &scan->world->ns[i];

	if (ns->has_table) {
		/* A copy: world.ns moves when a pin leads to a new one. */
		struct mnt_table table = ns->table;
		find_pins(scan, i, &table);
		return;
	}
	AUTO_FD int fd = scan_open(scan, i);
	scan->ways[i].ended = fd < 0 && scan_has_ended(&scan->ways[i]);
	AUTO_FREE char *gap = xasprintf("mnt:[%llu]: its table cannot be read: %s",
					(unsigned long long)ns->inode, err->msg);
	ns->gap = arena_str(&scan->world->text, gap);
}

/* Where a process is, the table can wait; the descriptor might be the only way otherwise. */
static void visit(struct scan *scan, uint32_t i, int fd)
{
	struct mnt_ns *ns = &scan->world->ns[i];
	AUTO(err) struct err err = {0};

	scan->ways[i].visited = true;
	scan_describe(fd, ns);
	if (pins_will_do(scan, i))
		return;
	scan->ways[i].pending = scan->ways[i].rooted;
	if (scan->ways[i].pending)
		return;
	scan_table(ns, &scan->ways[i], fd, &err);
	scan_finish(scan, i, &err);
}

static void visit_by_way(struct scan *scan, uint32_t i)
{
	struct mnt_ns *ns = &scan->world->ns[i];
	AUTO_FD int fd = scan_open(scan, i);

	if (fd >= 0) {
		visit(scan, i, fd);
		return;
	}
	scan->ways[i].visited = true;
	scan->ways[i].ended = scan_has_ended(&scan->ways[i]);
	AUTO_FREE char *gap = xasprintf("mnt:[%llu]: there is no way to it from here",
					(unsigned long long)ns->inode);
	ns->gap = arena_str(&scan->world->text, gap);
}

static void visit_fd(struct scan *scan, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return;
	uint32_t i = scan_ns(scan, st.st_ino);
	if (!scan->ways[i].visited)
		visit(scan, i, fd);
}

/* From the caller's own to the end of the kernel's list, in one direction. */
static void enumerate(struct scan *scan, int own, unsigned long direction)
{
	AUTO_FD int at = fcntl(own, F_DUPFD_CLOEXEC, 0);
	int next;

	while (at >= 0 && (next = ioctl(at, direction, NULL)) >= 0) {
		close(at);
		at = next;
		visit_fd(scan, at);
	}
}

/* The kernel's list leaves out, without a word, what the caller has no power over. */
static bool lists_all(void)
{
	struct stat st;

	return sys_has_cap(CAP_SYS_ADMIN) && stat("/proc/self/ns/user", &st) == 0 &&
	       st.st_ino == INITIAL_USER_NS;
}

/* What nothing was seen to hold may have ended with the process that held it. */
static void look_again(struct scan *scan, uint32_t i)
{
	const struct mnt_ns *ns = &scan->world->ns[i];
	uint64_t first;

	if (!ns->n_procs && !ns->n_holds && ns->id)
		scan->ways[i].ended = sys_listmount(ns->id, LSMT_ROOT, 0, &first, 1) < 0;
}

void scan_namespaces(struct scan *scan)
{
	AUTO_FD int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);

	if (own >= 0 && probe_may_try(PROBE_NSFS)) {
		visit_fd(scan, own);
		enumerate(scan, own, NS_MNT_GET_NEXT);
		enumerate(scan, own, NS_MNT_GET_PREV);
	}
	if (!lists_all())
		strv_add(&scan->world->gaps, "mount namespaces that no process in sight holds are "
					     "not listed: that needs "
					     "CAP_SYS_ADMIN in the initial user namespace");
	do {
		for (uint32_t i = 0; i < scan->world->n_ns; i++)
			if (!scan->ways[i].visited)
				visit_by_way(scan, i);
	} while (scan_tables(scan));
	for (uint32_t i = 0; i < scan->world->n_ns; i++)
		look_again(scan, i);
}
