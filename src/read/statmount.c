// SPDX-License-Identifier: Apache-2.0
/*
 * A namespace's table by listmount(2) and statmount(2). A mount that goes away between the two is
 * left out. PROPAGATE_FROM is not asked for: see propagate_from.c.
 */
#include "base/mem.h"
#include "base/str.h"
#include "read/parts.h"
#include "read/statmount.h"
#include "read/table.h"
#include "sys/calls.h"
#include "sys/probe.h"

#include <errno.h>
#include <string.h>

#define IDS_AT_ONCE 512

struct file_system {
	uint32_t major, minor;
};

struct stat_buf {
	struct uapi_statmount *v;
	size_t size;
	const struct file_system *only; /* mounts of this file system; NULL: all */
};

static int stat_mount(uint64_t ns, uint64_t id, uint64_t mask, struct stat_buf *buf)
{
	while (sys_statmount(ns, id, mask, buf->v, buf->size) < 0) {
		if (errno != EOVERFLOW)
			return -errno;
		buf->size *= 2;
		buf->v = xrealloc(buf->v, buf->size, 1);
	}
	return 0;
}

static const char *text_at(const struct uapi_statmount *st, uint64_t bit, uint32_t offset)
{
	return st->mask & bit ? st->text + offset : "";
}

/* What mounts of one directory of one file system have in common. */
#define OF_FILE_SYSTEM (STATMOUNT_FS_TYPE | STATMOUNT_FS_SUBTYPE | STATMOUNT_MNT_OPTS)

static bool is_like(const struct uapi_statmount *st, const struct mnt *mnt)
{
	return mnt && st->sb_dev_major == mnt->major && st->sb_dev_minor == mnt->minor &&
	       !strcmp(text_at(st, STATMOUNT_MNT_ROOT, st->mnt_root), mnt->root);
}

/*
 * Where two mounts were of one directory the next one mostly is as well, and what the kernel would
 * have to write again, the costliest part of all, is known.
 */
static int stat_next(uint64_t ns, uint64_t id, const struct mnt_table *table, struct stat_buf *buf)
{
	const struct mnt *last = table->n ? &table->v[table->n - 1] : NULL;

	if (last && table->n > 1 && mnt_is_same_dir(last, last - 1)) {
		int rc = stat_mount(ns, id, READ_STATMOUNT_MASK & ~(uint64_t)OF_FILE_SYSTEM, buf);
		if (rc < 0 || is_like(buf->v, last))
			return rc;
	}
	return stat_mount(ns, id, READ_STATMOUNT_MASK, buf);
}

/* Here and below: `before` is what the mount before this one has, or NULL. */
static const char *fs_type(const struct uapi_statmount *st, struct arena *arena, const char *before)
{
	if (!(st->mask & STATMOUNT_FS_TYPE))
		return before;
	const char *type = text_at(st, STATMOUNT_FS_TYPE, st->fs_type);
	const char *subtype = text_at(st, STATMOUNT_FS_SUBTYPE, st->fs_subtype);

	if (!*subtype)
		return arena_again(arena, before, type, strlen(type));
	AUTO_FREE char *both = xasprintf("%s.%s", type, subtype);
	return arena_again(arena, before, both, strlen(both));
}

/* The words that every file system has stand in sb_flags, in mountinfo's order. */
static const char *fs_options(const struct uapi_statmount *st, struct arena *arena,
			      const char *before)
{
	static const struct {
		uint32_t bit;
		const char *word;
	} words[] = {
		{MS_SYNCHRONOUS, ",sync"}, {MS_DIRSYNC, ",dirsync"}, {MS_LAZYTIME, ",lazytime"}};
	const char *more = text_at(st, STATMOUNT_MNT_OPTS, st->mnt_opts);
	AUTO(buf) struct buf b = {0};

	if (!(st->mask & STATMOUNT_FS_TYPE))
		return before;

	buf_adds(&b, st->sb_flags & MS_RDONLY ? "ro" : "rw");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (st->sb_flags & words[i].bit)
			buf_adds(&b, words[i].word);
	if (*more) {
		buf_addc(&b, ',');
		buf_adds(&b, more);
	}
	return arena_again(arena, before, b.data, b.len);
}

static uint32_t flags_of(const struct uapi_statmount *st, const char *root)
{
	uint32_t flags = mnt_root_is_deleted(root) ? MNT_DELETED : 0;

	if (st->mnt_propagation & MS_UNBINDABLE)
		flags |= MNT_UNBINDABLE;
	if (st->mnt_attr & MOUNT_ATTR_IDMAP)
		flags |= MNT_IDMAPPED;
	return flags;
}

static void add(struct mnt_table *table, const struct uapi_statmount *st)
{
	static const struct mnt none;
	const struct mnt *before = table->n ? &table->v[table->n - 1] : &none;
	struct arena *arena = &table->text;
	const char *root = text_at(st, STATMOUNT_MNT_ROOT, st->mnt_root);
	const char *source = text_at(st, STATMOUNT_SB_SOURCE, st->sb_source);

	struct mnt mnt = {
		.unique = st->mnt_id,
		.id = st->mnt_id_old,
		.parent = st->mnt_parent_id_old,
		.major = st->sb_dev_major,
		.minor = st->sb_dev_minor,
		.root = arena_again(arena, before->root, root, strlen(root)),
		.target = arena_str(arena, text_at(st, STATMOUNT_MNT_POINT, st->mnt_point)),
		.fstype = fs_type(st, arena, before->fstype),
		.source = arena_again(arena, before->source, source, strlen(source)),
		.options = fs_options(st, arena, before->options),
		.extra = "",
		.group = (uint32_t)st->mnt_peer_group,
		.master = (uint32_t)st->mnt_master,
		.attr = (uint32_t)(st->mnt_attr & ~(uint64_t)MOUNT_ATTR_IDMAP),
		.flags = flags_of(st, root),
	};

	VEC_PUSH(table->v, table->n, mnt);
}

/* Asks for nothing but the device, which costs a tenth of all that there is. */
static bool is_wanted(uint64_t ns, uint64_t id, struct stat_buf *buf)
{
	return !buf->only || (stat_mount(ns, id, STATMOUNT_SB_BASIC, buf) == 0 &&
			      buf->v->sb_dev_major == buf->only->major &&
			      buf->v->sb_dev_minor == buf->only->minor);
}

/* What is out of the caller's sight has no MNT_POINT, as it has no line in mountinfo. */
static int add_all(uint64_t ns, const uint64_t *ids, size_t n, struct stat_buf *buf,
		   struct mnt_table *table)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_wanted(ns, ids[i], buf))
			continue;
		int rc = stat_next(ns, ids[i], table, buf);
		if (rc == -ENOENT || rc == -EPERM)
			continue;
		if (rc < 0)
			return rc;
		if (buf->v->mask & STATMOUNT_MNT_POINT)
			add(table, buf->v);
	}
	return 0;
}

static int list_all(uint64_t ns, struct stat_buf *buf, struct mnt_table *table)
{
	uint64_t ids[IDS_AT_ONCE], after = 0;
	ssize_t n;

	/* The last call finds nothing, or says that the namespace has ended with all its mounts. */
	while ((n = sys_listmount(ns, LSMT_ROOT, after, ids, IDS_AT_ONCE)) > 0) {
		int rc = add_all(ns, ids, (size_t)n, buf, table);
		if (rc < 0)
			return rc;
		after = ids[n - 1];
	}
	return n < 0 ? -errno : 0;
}

static int check_support(struct stat_buf *buf)
{
	uint64_t first;

	if (!probe_may_try(PROBE_STATMOUNT) || sys_listmount(0, LSMT_ROOT, 0, &first, 1) != 1 ||
	    stat_mount(0, first, STATMOUNT_SUPPORTED_MASK, buf) < 0 ||
	    !(buf->v->mask & STATMOUNT_SUPPORTED_MASK) ||
	    (buf->v->supported_mask & READ_STATMOUNT_MASK) != READ_STATMOUNT_MASK)
		return -ENOSYS;
	return 0;
}

bool read_statmount_works(void)
{
	struct stat_buf buf = {xrealloc(NULL, 4096, 1), 4096, NULL};
	int rc = check_support(&buf);

	free(buf.v);
	return rc == 0;
}

int read_statmount_ids(uint64_t ns, const uint64_t *ids, size_t n, struct mnt_table *ret)
{
	struct stat_buf buf = {xrealloc(NULL, 4096, 1), 4096, NULL};
	int rc = add_all(ns, ids, n, &buf, ret);

	free(buf.v);
	return rc;
}

static int read_all(uint64_t ns, int ns_fd, const struct file_system *only, struct mnt_table *ret,
		    struct err *err)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	struct stat_buf buf = {xrealloc(NULL, 4096, 1), 4096, only};
	int rc = check_support(&buf);

	if (rc == 0)
		rc = list_all(ns, &buf, &table);
	free(buf.v);
	if (rc < 0)
		return err_set(err, rc == -ENOENT ? ESRCH : -rc, "statmount");
	rc = only ? 0 : read_propagate_from(ns, ns_fd, &table, err);
	if (rc < 0)
		return rc;
	if (table.n)
		table.v = xrealloc(table.v, table.n, sizeof(*table.v));
	*ret = table;
	table = (struct mnt_table){0};
	return 0;
}

int read_statmount(uint64_t ns, int ns_fd, struct mnt_table *ret, struct err *err)
{
	return read_all(ns, ns_fd, NULL, ret, err);
}

int read_statmount_of(uint64_t ns, uint32_t major, uint32_t minor, struct mnt_table *ret,
		      struct err *err)
{
	return read_all(ns, -1, &(struct file_system){major, minor}, ret, err);
}
