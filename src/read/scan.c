// SPDX-License-Identifier: Apache-2.0
/* The whole machine in one look: the steps, and what they share. */
#include "read/scan.h"
#include "base/io.h"
#include "base/mem.h"
#include "read/block.h"
#include "read/maps.h"
#include "read/scan_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <time.h>

#define PIDS_SHOWN 8

uint32_t scan_ns(struct scan *scan, uint64_t inode)
{
	struct mnt_world *world = scan->world;
	uint32_t n_ways = world->n_ns;
	uint32_t i = map_add(&scan->by_inode, inode, world->n_ns);

	if (i == world->n_ns) {
		VEC_PUSH(world->ns, world->n_ns, (struct mnt_ns){.inode = inode});
		VEC_PUSH(scan->ways, n_ways, (struct scan_way){0});
	}
	return i;
}

void scan_hold(struct scan *scan, uint32_t ns, struct mnt_hold hold)
{
	struct mnt_ns *held = &scan->world->ns[ns];

	VEC_PUSH(held->holds, held->n_holds, hold);
}

void scan_gap_add(struct scan *scan, pid_t pid)
{
	struct scan_gap *gap = &scan->gap;

	if (gap->n++ < PIDS_SHOWN)
		buf_addf(&gap->pids, "%s%d", gap->pids.len ? ", " : "", pid);
}

static void tell_gap(struct mnt_world *world, struct scan_gap *gap)
{
	if (gap->n)
		strv_addf(&world->gaps,
			  "the mount namespaces of %zu process%s may not be read (PID %s%s): that "
			  "needs CAP_SYS_PTRACE, and all capabilities that they have",
			  gap->n, gap->n == 1 ? "" : "es", gap->pids.data,
			  gap->n > PIDS_SHOWN ? ", …" : "");
	buf_done(&gap->pids);
}

static uint64_t read_mount_max(void)
{
	AUTO(buf) struct buf text = {0};
	uint64_t value;

	if (io_read_file(AT_FDCWD, "/proc/sys/fs/mount-max", 64, &text, NULL) < 0 || !text.len)
		return 0;
	text.data[text.len - 1] = 0;
	return str_to_u64(text.data, UINT64_MAX, &value, NULL) < 0 ? 0 : value;
}

static void describe_machine(struct mnt_world *world)
{
	struct utsname name;

	if (uname(&name) == 0) {
		world->host = arena_str(&world->text, name.nodename);
		world->kernel = arena_str(&world->text, name.release);
	}
	world->mount_max = read_mount_max();
	world->time = time(NULL);
}

/* What was seen of the machine does not explain it: it is in the kernel's list all the same. */
static void explain_unheld(struct mnt_world *world)
{
	for (uint32_t i = 0; i < world->n_ns; i++) {
		struct mnt_ns *ns = &world->ns[i];
		if (!ns->n_procs && !ns->n_holds)
			VEC_PUSH(ns->holds, ns->n_holds,
				 (struct mnt_hold){MNT_HOLD_KERNEL, MAP_NONE, -1, MAP_NONE, 0,
						   NULL});
	}
}

static void find_self(struct mnt_world *world)
{
	struct stat st;

	world->self =
		stat("/proc/self/ns/mnt", &st) == 0 ? mnt_world_find(world, st.st_ino) : MAP_NONE;
}

int scan_world(unsigned flags, struct mnt_world *ret, struct err *err)
{
	struct mnt_world world = {.self = MAP_NONE};
	struct scan scan = {.flags = flags, .world = &world};
	struct stat st;

	if (stat("/proc/self/ns/mnt", &st) < 0)
		return err_set(err, errno,
			       "/proc/self/ns/mnt: expected a /proc of this PID namespace");
	scan.nsfs_major = major(st.st_dev);
	scan.nsfs_minor = minor(st.st_dev);
	describe_machine(&world);
	int rc = scan_processes(&scan, err);
	if (rc == 0)
		scan_namespaces(&scan);
	scan_sort(&scan);
	explain_unheld(&world);
	tell_gap(&world, &scan.gap);
	free(scan.ways);
	map_done(&scan.by_inode);
	if (rc < 0) {
		mnt_world_done(&world);
		return rc;
	}
	if (flags & SCAN_MAPS)
		maps_scan(&world, NULL);
	if (flags & SCAN_BLOCKS)
		block_scan(&world);
	find_self(&world);
	*ret = world;
	return 0;
}
