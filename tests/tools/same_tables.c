// SPDX-License-Identifier: Apache-2.0
/*
 * same-tables SEED COUNT DIR: makes COUNT random mount tables in namespaces of their own, with
 * DIR, an empty directory on a tmpfs, as the place; and requires that mountinfo and statmount give
 * the same table of each, field by field.
 */
#include "base/mem.h"
#include "read/table.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

static unsigned long long state;

static unsigned below(unsigned n)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(state >> 33) % n;
}

static const char *const names[] = {"a",   "b c",      "d\te",	  "f\ng",	"h\\i", "j#k",
				    "l,m", "\377\376", "n\\040o", "\xc3\xa9 p", "q:r",	"-"};
enum {
	NAMES = sizeof(names) / sizeof(names[0])
};

/* One of the directories, or of those below it that may be there. */
static char *place(void)
{
	struct buf b = {0};

	for (unsigned depth = below(3) + 1; depth; depth--)
		buf_addf(&b, "%s%s", b.len ? "/" : "", names[below(NAMES)]);
	return buf_take(&b);
}

static void make_dirs(void)
{
	for (unsigned i = 0; i < NAMES; i++) {
		mkdir(names[i], 0755);
		for (unsigned k = 0; k < NAMES; k++) {
			AUTO_FREE char *inner = xasprintf("%s/%s", names[i], names[k]);
			mkdir(inner, 0755);
		}
	}
}

static void new_overlay(const char *target)
{
	/* A comma in a name is escaped for the option, and then again by the kernel. */
	mkdir("l,m/upper", 0755);
	mkdir("l,m/work", 0755);
	mount("over lay", target, "overlay", 0,
	      "lowerdir=b c:d\te,upperdir=l\\,m/upper,workdir=l\\,m/work");
}

static void new_mount(const char *target)
{
	static const char *const types[] = {"tmpfs", "proc", "sysfs", "ramfs", "mqueue", "devpts"};

	if (below(6) == 0) {
		new_overlay(target);
		return;
	}
	unsigned long flags = below(2)	 ? MS_RDONLY | MS_NOSUID
			      : below(2) ? MS_SYNCHRONOUS | MS_NOEXEC
					 : MS_DIRSYNC | MS_LAZYTIME;
	mount(names[below(NAMES)], target, types[below(6)], below(3) ? 0 : flags, NULL);
}

static void change_attr(const char *target)
{
	static const uint64_t atimes[] = {MOUNT_ATTR_RELATIME, MOUNT_ATTR_NOATIME,
					  MOUNT_ATTR_STRICTATIME};
	struct mount_attr attr = {.attr_set = atimes[below(3)], .attr_clr = MOUNT_ATTR__ATIME};

	attr.attr_set |= below(2) ? MOUNT_ATTR_NODEV | MOUNT_ATTR_NODIRATIME : 0;
	attr.attr_set |= below(3) ? 0 : MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSYMFOLLOW;
	mount_setattr(AT_FDCWD, target, below(2) ? AT_RECURSIVE : 0, &attr, sizeof(attr));
}

static void change_type(const char *target)
{
	static const unsigned long types[] = {MS_SHARED,  MS_SHARED, MS_SHARED,
					      MS_PRIVATE, MS_SLAVE,  MS_UNBINDABLE};

	mount(NULL, target, NULL, types[below(6)] | (below(2) ? MS_REC : 0), NULL);
}

/* A group between two others: slave of the source's, and shared. */
static void add_link(const char *from, const char *target)
{
	mount(from, target, NULL, MS_BIND, NULL);
	mount(NULL, target, NULL, MS_SLAVE, NULL);
	mount(NULL, target, NULL, MS_SHARED, NULL);
}

/* "-" is a slave of "b c"'s group, and that one of "a"'s. Without "b c" it receives from afar. */
static void make_chain(void)
{
	mount("chain", "a", "tmpfs", 0, NULL);
	mount(NULL, "a", NULL, MS_SHARED, NULL);
	add_link("a", "b c");
	mount("b c", "-", NULL, MS_BIND, NULL);
	mount(NULL, "-", NULL, MS_SLAVE, NULL);
}

static void change(void)
{
	AUTO_FREE char *from = place();
	AUTO_FREE char *target = place();

	switch (below(11)) {
	case 0:
	case 1:
		new_mount(target);
		make_dirs();
		break;
	case 2:
	case 3:
		mount(from, target, NULL, MS_BIND | (below(3) ? 0 : MS_REC), NULL);
		break;
	case 4:
	case 5:
		change_type(below(4) ? target : "/");
		break;
	case 6:
		change_attr(target);
		break;
	case 7:
		umount2(target, below(2) ? MNT_DETACH : 0);
		break;
	case 8:
	case 9:
		add_link(from, target);
		break;
	default:
		rmdir(target);
	}
}

static bool same_text(const char *a, const char *b, const char *what, const struct mnt *mnt)
{
	if (!strcmp(a, b))
		return true;
	printf("# %s of %s: mountinfo '%s', statmount '%s'\n", what, mnt->target, a, b);
	return false;
}

static bool same_number(uint32_t a, uint32_t b, const char *what, const struct mnt *mnt)
{
	if (a == b)
		return true;
	printf("# %s of %s: mountinfo %u, statmount %u\n", what, mnt->target, a, b);
	return false;
}

static bool same_mount(const struct mnt *a, const struct mnt *b)
{
	return same_number(a->id, b->id, "id", a) &&
	       same_number(a->parent, b->parent, "parent", a) &&
	       same_number(a->major, b->major, "major", a) &&
	       same_number(a->minor, b->minor, "minor", a) &&
	       same_number(a->group, b->group, "group", a) &&
	       same_number(a->master, b->master, "master", a) &&
	       same_number(a->from, b->from, "propagate_from", a) &&
	       same_number(a->attr, b->attr, "attributes", a) &&
	       same_number(a->flags, b->flags, "flags", a) &&
	       same_text(a->root, b->root, "root", a) &&
	       same_text(a->target, b->target, "target", a) &&
	       same_text(a->fstype, b->fstype, "type", a) &&
	       same_text(a->source, b->source, "source", a) &&
	       same_text(a->options, b->options, "options", a) &&
	       same_text(a->extra, b->extra, "unknown words", a);
}

/* The mounts, and of how many it mattered that propagate_from was looked for. */
static int compare(unsigned *ret_n, unsigned *ret_from)
{
	AUTO(mnt_table) struct mnt_table text = {0};
	AUTO(mnt_table) struct mnt_table calls = {0};
	AUTO(err) struct err err = {0};
	AUTO_FD int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);

	if (read_mountinfo(fd, "mountinfo", &text, &err) < 0 || read_statmount(0, &calls, &err) < 0)
		errx(1, "%s", err.msg);
	if (text.n != calls.n)
		errx(1, "mountinfo has %zu mounts, statmount %zu", text.n, calls.n);
	bool same = true;
	for (size_t i = 0; i < text.n; i++) {
		same &= same_mount(&text.v[i], &calls.v[i]);
		*ret_from += text.v[i].from != 0;
	}
	*ret_n += (unsigned)text.n;
	return same ? 0 : -1;
}

/* Each further namespace is a slave of the one before, or its peer, and so masters go out of sight.
 */
static void descend(void)
{
	/* The one before lives on through the descriptor. */
	if (open("/proc/self/ns/mnt", O_RDONLY) < 0 || unshare(CLONE_NEWNS) < 0)
		err(1, "unshare");
	if (below(3))
		mount(NULL, "/", NULL, MS_REC | (below(4) ? MS_SLAVE : MS_PRIVATE), NULL);
}

static int one_table(const char *dir, unsigned *n, unsigned *from)
{
	descend();
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (mount("tables", dir, "tmpfs", 0, NULL) < 0 || chdir(dir) < 0)
		err(1, "%s", dir);
	make_dirs();
	make_chain();
	for (unsigned level = below(4) + 1; level; level--) {
		/* Recursive binds of shared trees grow as powers do. */
		for (unsigned i = below(40); i && *n < 3000; i--)
			change();
		if (compare(n, from) < 0)
			return -1;
		descend();
		if (below(2))
			umount2("b c", MNT_DETACH);
	}
	return compare(n, from);
}

struct sums {
	unsigned n, from;
};

int main(int argc, char **argv)
{
	if (argc != 4)
		errx(2, "usage: same-tables SEED COUNT DIR");
	unsigned long long seed = strtoull(argv[1], NULL, 10);
	struct sums sums = {0};

	for (int i = 0; i < atoi(argv[2]); i++) {
		int pipe_fd[2], status;
		if (pipe(pipe_fd) < 0)
			err(1, "pipe");
		fflush(stdout);
		pid_t pid = fork();
		if (pid == 0) {
			struct sums mine = {0};
			state = seed + (unsigned)i;
			int rc = one_table(argv[3], &mine.n, &mine.from);
			fflush(stdout);
			_exit(rc < 0 || write(pipe_fd[1], &mine, sizeof(mine)) < 0);
		}
		waitpid(pid, &status, 0);
		struct sums mine;
		if (status || read(pipe_fd[0], &mine, sizeof(mine)) != sizeof(mine))
			errx(1, "table %d of seed %llu differs", i, seed);
		close(pipe_fd[0]);
		close(pipe_fd[1]);
		sums.n += mine.n;
		sums.from += mine.from;
	}
	printf("%d tables, %u mounts, %u with propagate_from\n", atoi(argv[2]), sums.n, sums.from);
	return 0;
}
