// SPDX-License-Identifier: Apache-2.0
/*
 * The default mounts as tables. The device nodes, links and hidden paths are the ones of the
 * OCI runtime specification (config-linux) and of the engines that follow it.
 */
#include "box/defaults.h"
#include "base/mem.h"
#include "box/push.h"

#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

static const struct {
	const char *name;
	unsigned major, minor;
} nodes[] = {
	{"null", 1, 3},	  {"zero", 1, 5},    {"full", 1, 7},
	{"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0},
};

static const struct {
	const char *text, *name;
} links[] = {
	{"/proc/self/fd", "fd"},       {"/proc/self/fd/0", "stdin"}, {"/proc/self/fd/1", "stdout"},
	{"/proc/self/fd/2", "stderr"}, {"pts/ptmx", "ptmx"},
};

static const char *const masked_files[] = {
	"/proc/kcore",	     "/proc/keys",	  "/proc/latency_stats", "/proc/timer_list",
	"/proc/timer_stats", "/proc/sched_debug", "/proc/interrupts",
};

static const char *const masked_dirs[] = {
	"/proc/acpi",
	"/proc/asound",
	"/proc/scsi",
	"/sys/firmware",
	"/sys/devices/virtual/powercap",
};

static const char *const readonly_paths[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
};

/* A user namespace gets a new instance only together with the namespace it shows. */
static bool may_mount(const struct spec *spec, const struct box_host *host, uint64_t shown)
{
	return !host->idmap || spec->unshare & shown;
}

void defaults_open_host(struct defaults *d, const struct spec *spec, const struct box_host *host,
			struct ops *ops)
{
	if (spec->proc && !may_mount(spec, host, CLONE_NEWPID))
		d->proc = push_open(ops, push_at(0, "/proc"), OP_REC, NULL);
	if (spec->sys && !may_mount(spec, host, CLONE_NEWNET)) {
		d->sys = push_open(ops, push_at(0, "/sys"), OP_REC, NULL);
		push_set(ops, (struct op_target){.handle = d->sys}, MOUNT_ATTR_RDONLY, 0, OP_REC);
	}
	for (size_t i = 0; spec->dev && host->confined && i < ARRAY_SIZE(nodes); i++) {
		AUTO_FREE char *path = xasprintf("/dev/%s", nodes[i].name);
		d->node[i] = push_open(ops, push_at(0, path), 0, NULL);
	}
	for (size_t i = 0; spec->mask && spec->proc && !spec->dev && i < ARRAY_SIZE(masked_files);
	     i++)
		d->null[i] = push_open(ops, push_at(0, "/dev/null"), 0, NULL);
}

static void make_nodes(const struct defaults *d, const struct box_host *host, struct ops *ops)
{
	for (size_t i = 0; i < ARRAY_SIZE(nodes) && !host->confined; i++) {
		AUTO_FREE char *path = xasprintf("/%s", nodes[i].name);
		ops_push(ops, (struct op){.kind = OP_NODE,
					  .to = push_at(d->dev, path),
					  .mode = S_IFCHR | 0666,
					  .major = nodes[i].major,
					  .minor = nodes[i].minor});
	}
	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		AUTO_FREE char *path = xasprintf("/%s", links[i].name);
		ops_push(ops, (struct op){.kind = OP_SYMLINK,
					  .text = xstrdup(links[i].text),
					  .to = push_at(d->dev, path)});
	}
}

static void open_dev(struct defaults *d, const struct spec *spec, const struct box_host *host,
		     struct ops *ops)
{
	const uint64_t safe = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

	d->dev = push_fs(ops, "tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME,
			 "mode=755,size=64m");
	make_nodes(d, host, ops);
	/* Group 5 is tty everywhere, but need not exist in a user namespace. */
	d->pts = push_fs(ops, "devpts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
			 host->idmap ? "newinstance,ptmxmode=0666,mode=0620"
				     : "newinstance,ptmxmode=0666,mode=0620,gid=5");
	d->shm = push_fs(ops, "tmpfs", safe, "mode=1777,size=64m");
	if (may_mount(spec, host, CLONE_NEWIPC))
		d->mqueue = push_fs(ops, "mqueue", safe, "");
}

void defaults_open_new(struct defaults *d, const struct spec *spec, const struct box_host *host,
		       struct ops *ops)
{
	const uint64_t safe = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

	if (spec->proc && !d->proc)
		d->proc = push_fs(ops, "proc", safe, "");
	if (spec->sys && !d->sys)
		d->sys = push_fs(ops, "sysfs", safe | MOUNT_ATTR_RDONLY, "");
	if (spec->dev)
		open_dev(d, spec, host, ops);
	d->mask = spec->mask && (spec->proc || spec->sys);
	if (d->mask && !host->closed_trees)
		d->empty = push_empty(ops);
}

static void attach_dev_part(const struct defaults *d, int handle, const char *path, struct ops *ops)
{
	if (!handle)
		return;
	ops_push(ops, (struct op){.kind = OP_MKDIR, .to = push_at(d->dev, path), .mode = 0755});
	push_attach(ops, handle, push_at(d->dev, path), 0);
}

static void attach_dev(const struct defaults *d, struct ops *ops)
{
	push_attach(ops, d->dev, push_at(0, "/dev"), OP_CREATE | OP_NOSYMLINKS);
	attach_dev_part(d, d->pts, "/pts", ops);
	attach_dev_part(d, d->shm, "/shm", ops);
	attach_dev_part(d, d->mqueue, "/mqueue", ops);
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		AUTO_FREE char *path = xasprintf("/%s", nodes[i].name);
		if (d->node[i])
			push_attach(ops, d->node[i], push_at(d->dev, path), OP_CREATE);
	}
}

static bool is_there(const struct defaults *d, const char *path)
{
	return str_starts(path, "/proc/") ? d->proc : d->sys;
}

/* The source of a file mask is our own /dev/null or the host's: never one of the root's. */
static void mask_files(const struct defaults *d, struct ops *ops)
{
	for (size_t i = 0; i < ARRAY_SIZE(masked_files); i++) {
		if (!is_there(d, masked_files[i]))
			continue;
		int null = d->dev ? push_open(ops, push_at(d->dev, "/null"), 0, NULL) : d->null[i];
		push_attach(ops, null, push_at(0, masked_files[i]), OP_OPTIONAL | OP_NOSYMLINKS);
	}
}

static void mask_dirs(const struct defaults *d, struct ops *ops)
{
	for (size_t i = 0; i < ARRAY_SIZE(masked_dirs); i++) {
		if (!is_there(d, masked_dirs[i]))
			continue;
		int copy = d->empty
				   ? push_open(ops, (struct op_target){.handle = d->empty}, 0, NULL)
				   : push_empty(ops);
		push_attach(ops, copy, push_at(0, masked_dirs[i]), OP_OPTIONAL | OP_NOSYMLINKS);
	}
}

static void protect(const struct defaults *d, struct ops *ops)
{
	for (size_t i = 0; i < ARRAY_SIZE(readonly_paths); i++) {
		if (!is_there(d, readonly_paths[i]))
			continue;
		int copy =
			push_open(ops, push_at(0, readonly_paths[i]), OP_REC | OP_OPTIONAL, NULL);
		push_set(ops, (struct op_target){.handle = copy}, MOUNT_ATTR_RDONLY, 0, OP_REC);
		push_attach(ops, copy, push_at(0, readonly_paths[i]), OP_NOSYMLINKS);
	}
}

void defaults_attach(const struct defaults *d, const struct spec *spec, struct ops *ops)
{
	if (d->proc)
		push_attach(ops, d->proc, push_at(0, "/proc"), OP_CREATE | OP_NOSYMLINKS);
	if (d->sys)
		push_attach(ops, d->sys, push_at(0, "/sys"), OP_CREATE | OP_NOSYMLINKS);
	if (d->dev)
		attach_dev(d, ops);
	if (!d->mask)
		return;
	mask_files(d, ops);
	mask_dirs(d, ops);
	protect(d, ops);
}

void defaults_attach_console(const struct defaults *d, struct ops *ops)
{
	/* The first terminal of a new devpts is always number 0. */
	int slave = push_open(ops, push_at(d->pts, "/0"), 0, NULL);

	ops_push(ops,
		 (struct op){.kind = OP_FILE, .to = push_at(d->dev, "/console"), .mode = 0600});
	push_attach(ops, slave, push_at(d->dev, "/console"), 0);
}
