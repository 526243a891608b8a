// SPDX-License-Identifier: Apache-2.0
/* The document: which key holds what of a world. mntns-snapshot(5) says the same in words. */
#include "base/mem.h"
#include "read/snapshot_parts.h"

#include <stddef.h>
#include <string.h>

#define KEY(type, member, name, kind, ...)                                                         \
	{                                                                                          \
		name, kind, offsetof(struct type, member), __VA_ARGS__                             \
	}
#define REQUIRED .required = true

static const struct key mount_keys[] = {
	KEY(mnt, id, "id", KEY_U32, REQUIRED),
	KEY(mnt, parent, "parent", KEY_U32, REQUIRED),
	KEY(mnt, unique, "unique", KEY_U64),
	KEY(mnt, major, "device", KEY_DEVICE, REQUIRED),
	KEY(mnt, root, "root", KEY_TEXT, REQUIRED),
	KEY(mnt, target, "target", KEY_TEXT, REQUIRED),
	KEY(mnt, fstype, "fstype", KEY_TEXT, REQUIRED),
	KEY(mnt, source, "source", KEY_TEXT),
	KEY(mnt, attr, "vfs-options", KEY_ATTR, REQUIRED),
	KEY(mnt, options, "fs-options", KEY_TEXT),
	KEY(mnt, extra, "extra", KEY_TEXT),
	KEY(mnt, group, "shared", KEY_U32),
	KEY(mnt, master, "master", KEY_U32),
	KEY(mnt, from, "propagate-from", KEY_U32),
	KEY(mnt, flags, "unbindable", KEY_FLAG, .flag = MNT_UNBINDABLE),
	KEY(mnt, flags, "deleted", KEY_FLAG, .flag = MNT_DELETED),
	KEY(mnt, flags, "idmapped", KEY_FLAG, .flag = MNT_IDMAPPED),
	{0},
};

static const char *const hold_words[] = {
	[MNT_HOLD_BIND] = "bind", [MNT_HOLD_FD] = "fd", [MNT_HOLD_KERNEL] = "kernel", NULL};
static const struct key hold_keys[] = {
	KEY(mnt_hold, kind, "kind", KEY_WORD, REQUIRED, .words = hold_words),
	KEY(mnt_hold, proc, "process", KEY_INDEX),
	KEY(mnt_hold, fd, "fd", KEY_INT),
	KEY(mnt_hold, in, "namespace", KEY_INDEX),
	KEY(mnt_hold, mount, "mount", KEY_U32),
	KEY(mnt_hold, path, "path", KEY_STRING),
	{0},
};

static const struct key proc_keys[] = {
	KEY(mnt_proc, pid, "pid", KEY_INT, REQUIRED),
	KEY(mnt_proc, tid, "tid", KEY_INT, REQUIRED),
	KEY(mnt_proc, ns, "namespace", KEY_INDEX),
	KEY(mnt_proc, uid, "uid", KEY_U32),
	KEY(mnt_proc, comm, "comm", KEY_TEXT),
	KEY(mnt_proc, command, "command", KEY_TEXT),
	KEY(mnt_proc, cgroup, "cgroup", KEY_TEXT),
	KEY(mnt_proc, unit, "unit", KEY_STRING),
	KEY(mnt_proc, engine, "engine", KEY_STRING),
	KEY(mnt_proc, container, "container", KEY_STRING),
	KEY(mnt_proc, pod, "pod", KEY_STRING),
	{0},
};

static const char *const use_words[] = {
	[MNT_USE_FD] = "fd",   [MNT_USE_CWD] = "cwd", [MNT_USE_ROOT] = "root",
	[MNT_USE_EXE] = "exe", [MNT_USE_MAP] = "map", NULL};
static const struct key use_keys[] = {
	KEY(mnt_use, proc, "process", KEY_INDEX, REQUIRED),
	KEY(mnt_use, kind, "kind", KEY_WORD, REQUIRED, .words = use_words),
	KEY(mnt_use, fd, "fd", KEY_INT),
	KEY(mnt_use, mount, "mount", KEY_U32),
	KEY(mnt_use, major, "device", KEY_DEVICE),
	KEY(mnt_use, node_major, "node", KEY_DEVICE),
	KEY(mnt_use, path, "path", KEY_STRING),
	{0},
};

static const struct key block_keys[] = {
	KEY(mnt_block, name, "name", KEY_TEXT, REQUIRED),
	KEY(mnt_block, major, "device", KEY_DEVICE, REQUIRED),
	KEY(mnt_block, backing, "backing", KEY_STRING),
	KEY(mnt_block, backing_major, "backing-device", KEY_DEVICE),
	KEY(mnt_block, slaves, "slaves", KEY_WORDS),
	KEY(mnt_block, swap, "swap", KEY_BOOL),
	{0},
};

/* --- lists of records: a line each --- */

static void print_list(const struct key *keys, const void *v, size_t n, size_t size, FILE *out)
{
	putc('[', out);
	for (size_t i = 0; i < n; i++) {
		fputs(i ? ",\n{" : "\n{", out);
		keys_print(keys, (const char *)v + i * size, ", ", out);
		putc('}', out);
	}
	fputs(n ? "\n]" : "]", out);
}

struct list {
	const struct key *keys;
	size_t size; /* of a record */
	struct arena *text;
	char *v;
	size_t n;
};

/* It counts before it is read, so that whoever frees the list frees what was read of it. */
static int read_element(struct cursor *c, void *ctx)
{
	struct list *list = ctx;

	if ((list->n & (list->n - 1)) == 0)
		list->v = xrealloc(list->v, list->n ? 2 * list->n : 1, list->size);
	void *record = list->v + list->n++ * list->size;
	memset(record, 0, list->size);
	return keys_read(c, list->keys, record, list->text);
}

/* Also of a list that is no good, the records that were read. */
static int read_list(struct cursor *c, struct list *list)
{
	int rc = cursor_list(c, read_element, list);

	if (list->n)
		list->v = xrealloc(list->v, list->n, list->size);
	return rc;
}

#define LIST(type, keys_, text_)                                                                   \
	{                                                                                          \
		.keys = (keys_), .size = sizeof(struct type), .text = (text_)                      \
	}

static int read_mounts(struct cursor *c, void *record, struct arena *text)
{
	struct mnt_ns *ns = record;
	struct list list = LIST(mnt, mount_keys, &ns->table.text);
	int rc = read_list(c, &list);

	ns->has_table = true;
	ns->table.v = (struct mnt *)(void *)list.v;
	ns->table.n = list.n;
	return rc;
}

static void print_mounts(const void *record, FILE *out)
{
	const struct mnt_ns *ns = record;

	print_list(mount_keys, ns->table.v, ns->table.n, sizeof(struct mnt), out);
}

static bool has_no_mounts(const void *record)
{
	return !((const struct mnt_ns *)record)->has_table;
}

static int read_holds(struct cursor *c, void *record, struct arena *text)
{
	struct mnt_ns *ns = record;
	struct list list = LIST(mnt_hold, hold_keys, text);
	int rc = read_list(c, &list);

	ns->holds = (struct mnt_hold *)(void *)list.v;
	ns->n_holds = (uint32_t)list.n;
	return rc;
}

static void print_holds(const void *record, FILE *out)
{
	const struct mnt_ns *ns = record;

	print_list(hold_keys, ns->holds, ns->n_holds, sizeof(struct mnt_hold), out);
}

static bool has_no_holds(const void *record)
{
	return !((const struct mnt_ns *)record)->n_holds;
}

static const struct key ns_keys[] = {
	KEY(mnt_ns, inode, "inode", KEY_U64),
	KEY(mnt_ns, id, "id", KEY_U64),
	KEY(mnt_ns, owner, "owner", KEY_U64),
	KEY(mnt_ns, name, "name", KEY_STRING),
	KEY(mnt_ns, n_mounts, "mount-count", KEY_U32),
	KEY(mnt_ns, gap, "gap", KEY_STRING),
	{"holds", KEY_OTHER, .usual = has_no_holds, .read = read_holds, .print = print_holds},
	{"mounts", KEY_OTHER, .usual = has_no_mounts, .read = read_mounts, .print = print_mounts},
	{0},
};

/* --- the document --- */

/* A list of the world's, with its strings in the world's text. */
#define WORLD_LIST(type, rows, many, count)                                                        \
	static int read_##many(struct cursor *c, void *record, struct arena *text)                 \
	{                                                                                          \
		struct mnt_world *world = record;                                                  \
		struct list list = LIST(type, rows, text);                                         \
		int rc = read_list(c, &list);                                                      \
                                                                                                   \
		world->many = (struct type *)(void *)list.v;                                       \
		world->count = (uint32_t)list.n;                                                   \
		return rc;                                                                         \
	}                                                                                          \
	static void print_##many(const void *record, FILE *out)                                    \
	{                                                                                          \
		const struct mnt_world *world = record;                                            \
                                                                                                   \
		print_list(rows, world->many, world->count, sizeof(struct type), out);             \
	}

WORLD_LIST(mnt_ns, ns_keys, ns, n_ns)
WORLD_LIST(mnt_proc, proc_keys, procs, n_procs)
WORLD_LIST(mnt_use, use_keys, uses, n_uses)
WORLD_LIST(mnt_block, block_keys, blocks, n_blocks)

static int read_version(struct cursor *c, void *record, struct arena *text)
{
	json_t *value;
	int rc = cursor_value(c, &value);

	if (rc < 0)
		return rc;
	json_int_t version = json_integer_value(value);
	bool is_integer = json_is_integer(value);
	json_decref(value);
	if (!is_integer || version < 1)
		return cursor_fail(c, "expected a whole number from 1");
	if (version > SNAPSHOT_VERSION)
		return cursor_fail(c,
				   "the snapshot has version %lld of the format, this mntns "
				   "reads version %d; a newer mntns reads it",
				   (long long)version, SNAPSHOT_VERSION);
	return 0;
}

static void print_version(const void *record, FILE *out)
{
	fprintf(out, "%d", SNAPSHOT_VERSION);
}

#define OTHER(name, key, ...)                                                                      \
	{                                                                                          \
		name, KEY_OTHER, .read = read_##key, .print = print_##key, __VA_ARGS__             \
	}

const struct key snapshot_keys[] = {
	OTHER("version", version, REQUIRED),
	KEY(mnt_world, host, "host", KEY_STRING),
	KEY(mnt_world, kernel, "kernel", KEY_STRING),
	KEY(mnt_world, time, "time", KEY_I64),
	KEY(mnt_world, mount_max, "mount-max", KEY_U64),
	KEY(mnt_world, self, "self", KEY_INDEX),
	KEY(mnt_world, gaps, "gaps", KEY_WORDS),
	OTHER("namespaces", ns, REQUIRED),
	OTHER("processes", procs),
	OTHER("uses", uses),
	OTHER("blocks", blocks),
	{0},
};
