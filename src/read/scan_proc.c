// SPDX-License-Identifier: Apache-2.0
/* Every process, and every thread that has a mount namespace of its own. */
#include "base/io.h"
#include "base/mem.h"
#include "mnt/owner.h"
#include "read/scan_parts.h"
#include "sys/uapi.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define COMMAND_MAX 4096

/* A small file of /proc/PID; false: the process has ended, or hides it. */
static bool read_text(int dir, const char *name, struct buf *ret)
{
	char text[COMMAND_MAX];
	AUTO_FD int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));

	ret->len = 0;
	if (n > 0)
		buf_add(ret, text, (size_t)n);
	buf_add(ret, "", 0);
	return n >= 0;
}

static const char *read_comm(struct scan *scan, int dir, struct buf *b)
{
	if (read_text(dir, "comm", b) && b->len)
		b->data[--b->len] = 0;
	return arena_strn(&scan->world->text, b->data, b->len);
}

/* Arguments end with a NUL each; a kernel thread has none. */
static const char *read_command(struct scan *scan, int dir, const char *comm, struct buf *b)
{
	read_text(dir, "cmdline", b);
	while (b->len && !b->data[b->len - 1])
		b->len--;
	for (size_t i = 0; i < b->len; i++)
		b->data[i] = b->data[i] ? b->data[i] : ' ';
	if (!b->len)
		buf_addf(b, "[%s]", comm);
	return arena_strn(&scan->world->text, b->data, b->len);
}

/* Of the hierarchies a process is in, the one whose path says most. */
static void read_owner(struct scan *scan, int dir, struct mnt_proc *proc, struct buf *b)
{
	AUTO(strv) struct strv lines = {0};
	struct arena *text = &scan->world->text;

	proc->cgroup = "";
	if (read_text(dir, "cgroup", b))
		strv_split(&lines, b->data, '\n');
	for (size_t i = 0; i < lines.n; i++) {
		/* ID:CONTROLLERS:PATH */
		const char *path = strchr(lines.v[i], ':');
		path = path ? strchr(path + 1, ':') : NULL;
		if (!path || !strcmp(path, ":/"))
			continue;
		struct mnt_owner owner = mnt_owner_parse(path + 1, text);
		if (proc->container ||
		    (!owner.container && (proc->unit || (!owner.unit && *proc->cgroup))))
			continue;
		proc->cgroup = arena_str(text, path + 1);
		proc->unit = owner.unit;
		proc->engine = owner.engine;
		proc->container = owner.container;
		proc->pod = owner.pod;
	}
}

/* ESRCH: it has ended; EACCES: it may not be looked at. */
static int stat_ns(int dir, const char *name, uint64_t *ret)
{
	struct stat st;

	if (fstatat(dir, name, &st, 0) == 0) {
		*ret = st.st_ino;
		return 0;
	}
	return errno == EACCES || errno == EPERM ? -EACCES : -ESRCH;
}

bool scan_is_rooted(int dir)
{
	struct statx st;

	return statx(dir, "root", AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_TYPE, &st) == 0 &&
	       st.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

static uint32_t add(struct scan *scan, int dir, pid_t pid, pid_t tid, uint32_t ns)
{
	struct mnt_world *world = scan->world;
	struct mnt_proc proc = {.pid = pid, .tid = tid, .ns = ns};
	AUTO(buf) struct buf b = {0};
	struct stat st;

	proc.uid = fstat(dir, &st) == 0 ? st.st_uid : 0;
	proc.comm = read_comm(scan, dir, &b);
	proc.command = read_command(scan, dir, proc.comm, &b);
	read_owner(scan, dir, &proc, &b);
	VEC_PUSH(world->procs, world->n_procs, proc);
	if (ns == MAP_NONE)
		return world->n_procs - 1;
	VEC_PUSH(world->ns[ns].procs, world->ns[ns].n_procs, world->n_procs - 1);
	struct scan_way *way = &scan->ways[ns];
	way->pid = way->pid ? way->pid : tid;
	if (!way->rooted && scan_is_rooted(dir))
		way->rooted = tid;
	return world->n_procs - 1;
}

/* A process has as many links to its task directory as it has threads, and two more. */
static bool has_threads(int dir)
{
	struct stat st;

	return fstatat(dir, "task", &st, 0) == 0 && st.st_nlink > 3;
}

static bool is_number(const char *s)
{
	return isdigit((unsigned char)*s);
}

static void add_threads(struct scan *scan, int dir, pid_t pid, uint64_t process_ns)
{
	DIR *tasks = io_open_dir(dir, "task");
	struct dirent *entry;

	while (tasks && (entry = readdir(tasks))) {
		AUTO_FD int task = is_number(entry->d_name)
					   ? openat(dirfd(tasks), entry->d_name,
						    O_PATH | O_DIRECTORY | O_CLOEXEC)
					   : -1;
		uint64_t inode;
		if (task < 0 || stat_ns(task, "ns/mnt", &inode) < 0 || inode == process_ns)
			continue;
		uint32_t proc = add(scan, task, pid, atoi(entry->d_name), scan_ns(scan, inode));
		scan_files(scan, task, proc);
	}
	if (tasks)
		closedir(tasks);
}

static void add_process(struct scan *scan, int dir, pid_t pid)
{
	uint64_t inode = 0;
	int rc = stat_ns(dir, "ns/mnt", &inode);

	/* A process that has ended, its zombie too, has let go of its namespace. */
	if (rc == -ESRCH)
		return;
	if (rc < 0) {
		scan_gap_add(scan, pid);
		add(scan, dir, pid, pid, MAP_NONE);
		return;
	}
	uint32_t proc = add(scan, dir, pid, pid, scan_ns(scan, inode));
	if (pid != getpid())
		scan_files(scan, dir, proc);
	if (has_threads(dir))
		add_threads(scan, dir, pid, inode);
}

int scan_processes(struct scan *scan, struct err *err)
{
	DIR *proc = io_open_dir(AT_FDCWD, "/proc");
	struct dirent *entry;

	if (!proc)
		return err_set(err, errno, "open /proc");
	while ((entry = readdir(proc))) {
		AUTO_FD int dir = is_number(entry->d_name)
					  ? openat(dirfd(proc), entry->d_name,
						   O_PATH | O_DIRECTORY | O_CLOEXEC)
					  : -1;
		if (dir >= 0)
			add_process(scan, dir, atoi(entry->d_name));
	}
	closedir(proc);
	return 0;
}
