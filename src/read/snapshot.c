// SPDX-License-Identifier: Apache-2.0
/* Worlds from files, and as a document. */
#include "read/snapshot.h"
#include "base/mem.h"
#include "read/snapshot_parts.h"
#include "read/table.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <linux/magic.h>

void snapshot_print(const struct mnt_world *world, FILE *out)
{
	fputs("{", out);
	keys_print(snapshot_keys, world, ",\n", out);
	fputs("}\n", out);
}

static int read_copy(const char *text, size_t len, const char *name, struct mnt_world *ret,
		     struct err *err)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	int rc = read_mountinfo_text(text, len, name, &table, err);

	if (rc < 0)
		return rc;
	*ret = (struct mnt_world){.ns = xcalloc(1, sizeof(*ret->ns)), .n_ns = 1};
	ret->ns[0] =
		(struct mnt_ns){.n_mounts = (uint32_t)table.n, .has_table = true, .table = table};
	table = (struct mnt_table){0};
	return 0;
}

/* Which processes a namespace has is said once, by the processes. */
static void assign_procs(struct mnt_world *world)
{
	for (uint32_t i = 0; i < world->n_procs; i++) {
		uint32_t index = world->procs[i].ns;
		if (index == MAP_NONE)
			continue;
		struct mnt_ns *ns = &world->ns[index];
		VEC_PUSH(ns->procs, ns->n_procs, i);
	}
}

/* Only a document begins with a brace, only a line of mountinfo with a number. */
static int read_any(struct cursor *c, struct mnt_world *ret, struct err *err)
{
	char first = cursor_peek(c);

	if (first >= '0' && first <= '9')
		return read_copy(c->text, c->len, c->name, ret, err);
	if (first != '{')
		return cursor_fail(c,
				   "%s: expected a snapshot of mntns, or a copy of a mountinfo "
				   "file",
				   c->at == c->len ? "it is empty" : "it is something else");
	int rc = keys_read(c, snapshot_keys, ret, &ret->text);
	return rc < 0 ? rc : cursor_end(c);
}

int snapshot_read(const char *text, size_t len, const char *name, struct mnt_world *ret,
		  struct err *err)
{
	AUTO(cursor) struct cursor c = {name, text, len, .err = err};
	struct mnt_world world = {.self = 0};
	int rc = read_any(&c, &world, err);

	if (rc == 0)
		rc = snapshot_check(&world, &c);
	if (rc < 0) {
		mnt_world_done(&world);
		return rc;
	}
	assign_procs(&world);
	*ret = world;
	return 0;
}

static int check_kind(int fd, const char *name, struct err *err)
{
	struct stat st;
	struct statfs fs;

	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0)
		return err_set(err, errno, "%s", name);
	if (S_ISDIR(st.st_mode))
		return err_say(err, EISDIR,
			       "%s: it is a directory: expected a snapshot, or a copy of a "
			       "mountinfo file",
			       name);
	if (S_ISFIFO(st.st_mode) && fs.f_type != PIPEFS_MAGIC)
		return err_say(err, EINVAL,
			       "%s: it is a FIFO, which may have no writer; - reads standard input",
			       name);
	return 0;
}

/* Does not wait for the writer of a FIFO, but does for what comes out of a pipe. */
static int open_file(const char *file, struct err *err)
{
	AUTO_FD int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return err_set(err, errno, "%s", file);
	int rc = check_kind(fd, file, err);
	if (rc == 0 && fcntl(fd, F_SETFL, O_RDONLY) < 0)
		rc = err_set(err, errno, "%s: fcntl", file);
	return rc < 0 ? rc : TAKE_FD(fd);
}

static int read_text(int fd, const char *name, struct buf *ret, struct err *err)
{
	AUTO_FREE char *chunk = xrealloc(NULL, 1, 1 << 16);
	ssize_t n;

	while ((n = read(fd, chunk, 1 << 16)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, errno, "%s: read", name);
		buf_add(ret, chunk, (size_t)n);
	}
	buf_add(ret, "", 0);
	return 0;
}

int snapshot_load(const char *file, struct mnt_world *ret, struct err *err)
{
	const char *name = file ? file : "standard input";
	AUTO(buf) struct buf text = {0};
	AUTO_FD int opened = -1;
	int rc = 0;

	if (file) {
		opened = open_file(file, err);
		rc = opened < 0 ? opened : 0;
	}
	if (rc == 0)
		rc = read_text(file ? opened : STDIN_FILENO, name, &text, err);
	return rc < 0 ? rc : snapshot_read(text.data, text.len, name, ret, err);
}
