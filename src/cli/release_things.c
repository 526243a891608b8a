// SPDX-License-Identifier: Apache-2.0
/* Mounts, devices, swap and at last whole namespaces. */
#include "base/mem.h"
#include "cli/release_parts.h"
#include "exec/release.h"
#include "read/open_ns.h"
#include "read/table.h"

#include <errno.h>
#include <string.h>
#include <time.h>

/* Whose root directory asks a server, which may not answer, when it is looked at. */
static bool is_remote(const struct mnt *mnt)
{
	static const char *const types[] = {"nfs", "cifs", "smb", "ceph", "9p", "fuse", "afs"};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (str_starts(mnt->fstype, types[i]))
			return true;
	return false;
}

enum there {
	NOT_THERE,
	COVERED,
	ON_TOP
};
/* What the kernel's table says of it now, without a look at the file system itself. */
static enum there look(int ns_fd, uint64_t ns_id, const struct mnt *mnt)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	enum there found = NOT_THERE;
	struct mnt_tree tree;

	if (read_table(&(struct read_ns){0, ns_id, ns_fd}, &table, NULL) < 0 ||
	    mnt_tree_init(&tree, &table, NULL) < 0)
		return COVERED;
	uint32_t i = map_get(&tree.ids, mnt->id);
	if (i != MAP_NONE &&
	    (!mnt->unique || !table.v[i].unique || mnt->unique == table.v[i].unique))
		found = mnt_tree_find(&tree, &table, mnt->target) == i ? ON_TOP : COVERED;
	mnt_tree_done(&tree);
	return found;
}

static void umount_row(struct release *r, size_t i, uint32_t ns, const struct mnt *mnt)
{
	AUTO(err) struct err err = {0};
	int fd = r->ns_fds[ns];
	uint64_t id = r->world->ns[ns].id;
	bool remote = is_remote(mnt);

	if (fd < 0)
		return;
	if (remote && look(fd, id, mnt) == COVERED)
		err_say(&err, ESTALE, "another mount is on top at its path");
	else if (release_umount(fd, mnt->target, remote ? 0 : mnt->id, mnt->unique, &err) == 0)
		r->rows[i].state = RELEASE_DONE;
	if (r->rows[i].state == RELEASE_OPEN && look(fd, id, mnt) == NOT_THERE)
		r->rows[i].state = RELEASE_GONE;
	if (r->rows[i].state == RELEASE_OPEN)
		release_fail(r, i, &err);
}

static void device_row(struct release *r, size_t i, const struct mnt_who_row *row)
{
	const struct mnt_block *block = &r->world->blocks[row->block];
	AUTO(err) struct err err = {0};
	int rc;

	if (row->kind == MNT_WHO_SWAP) {
		AUTO_FREE char *path =
			xasprintf("%s%s", *block->name == '/' ? "" : "/dev/", block->name);
		rc = release_swap(path, &err);
	} else if (row->kind == MNT_WHO_LOOP) {
		rc = release_loop(block->name, block->major, block->minor, &err);
	} else {
		rc = err_say(&err, ENOTSUP,
			     "devices of device mapper and RAID are left to their own tools");
	}
	if (rc == 0)
		r->rows[i].state = RELEASE_DONE;
	else
		release_fail(r, i, &err);
}

static bool is_thing(const struct mnt_who_row *row)
{
	return (row->mount != MAP_NONE && !row->is_root && !row->is_copy) || row->block != MAP_NONE;
}

void release_things(struct release *r)
{
	bool moved;

	do {
		moved = false;
		for (size_t i = 0; i < r->who->n; i++) {
			const struct mnt_who_row *row = &r->who->v[i];
			if (r->rows[i].state != RELEASE_OPEN || !is_thing(row))
				continue;
			if (row->mount != MAP_NONE)
				umount_row(r, i, row->ns,
					   &r->world->ns[row->ns].table.v[row->mount]);
			else
				device_row(r, i, row);
			moved |= r->rows[i].state != RELEASE_OPEN;
		}
	} while (moved);
}

static void unpin_row(struct release *r, size_t i, const struct mnt_who_row *row)
{
	const struct mnt_hold *hold = &r->world->ns[row->ns].holds[row->hold];
	const struct mnt_ns *in = hold->in == MAP_NONE ? NULL : &r->world->ns[hold->in];

	for (size_t k = 0; in && k < in->table.n; k++)
		if (in->table.v[k].id == hold->mount)
			umount_row(r, i, hold->in, &in->table.v[k]);
}

static bool is_hold(const struct mnt_who_row *row)
{
	return row->hold != MAP_NONE;
}

/* The end of a namespace is not always over when its last holder has let go. */
static bool has_ended(const struct release *r, uint32_t ns)
{
	for (int i = 0; i < 100; i++) {
		AUTO_FD int fd = read_open_ns(r->world, ns, NULL);
		if (fd < 0)
			return true;
		nanosleep(&(struct timespec){0, 10000000}, NULL);
	}
	return false;
}

static void end_namespace(struct release *r, size_t i, uint32_t ns)
{
	AUTO(err) struct err err = {0};

	if (r->ns_fds[ns] >= 0)
		close(r->ns_fds[ns]);
	r->ns_fds[ns] = -1;
	if (has_ended(r, ns)) {
		r->rows[i].state = RELEASE_DONE;
		return;
	}
	err_say(&err, EBUSY, "the root of mnt:[%llu], which something holds still",
		(unsigned long long)r->world->ns[ns].inode);
	release_fail(r, i, &err);
}

/* Whatever keeps a namespace is in the way only if that had to end. */
void release_namespaces(struct release *r)
{
	for (size_t i = 0; i < r->who->n; i++) {
		const struct mnt_who_row *row = &r->who->v[i];
		if (row->is_copy)
			r->rows[i].state = RELEASE_NEEDLESS;
		if (!is_hold(row))
			continue;
		if (!mnt_who_must_end(r->who, row->ns))
			r->rows[i].state = RELEASE_NEEDLESS;
		else if (row->kind == MNT_WHO_PIN)
			unpin_row(r, i, row);
	}
	release_processes(r, true);
	for (size_t i = 0; i < r->who->n; i++)
		if (r->who->v[i].is_root && r->rows[i].state == RELEASE_OPEN)
			end_namespace(r, i, r->who->v[i].ns);
	/* A device below that namespace may be free only now. */
	release_things(r);
}
