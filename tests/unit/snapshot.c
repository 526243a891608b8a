// SPDX-License-Identifier: Apache-2.0
/* Snapshots: each field and any bytes come back; what lies is refused with the place in the file.
 */
#include "unit.h"

#include "read/snapshot.h"
#include "read/table.h"

#include <sys/mman.h>
#include <sys/mount.h>

static char *print(const struct mnt_world *world)
{
	char *data = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&data, &len);

	snapshot_print(world, file);
	fclose(file);
	return data;
}

static int parse(const char *text, struct mnt_world *ret, struct err *err)
{
	return snapshot_read(text, strlen(text), "file.json", ret, err);
}

/* A world in which every field holds something unusual. */
static struct mnt_world make_world(void)
{
	struct mnt_world world = {
		.self = 1,
		.mount_max = 100000,
		.time = -1795608004,
		.host = "ho\"st",
		.kernel = "6.18.0",
	};
	struct mnt mounts[] = {
		{(uint64_t)INT64_MAX, UINT32_MAX, 1, 4095, 1048575, "/", "/", "ext4", "/dev/vda",
		 "rw,data=a\\054b", "new,words", 7, 8, 9,
		 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC |
			 MOUNT_ATTR_STRICTATIME | MOUNT_ATTR_NODIRATIME | MOUNT_ATTR_NOSYMFOLLOW,
		 MNT_UNBINDABLE | MNT_DELETED | MNT_IDMAPPED},
		{0, 3, UINT32_MAX, 0, 0, "/\377\\a\302\233", "/t\n\t\"\\ \303\244\001", "fuse.x",
		 "", "", "", 0, 0, 0, MOUNT_ATTR_NOATIME | 0x40000000, 0},
		{0, 4, 3, 0, 5, "/\\303", "/\303", "tmpfs", "none", "rw", "", 0, 1, 0,
		 MOUNT_ATTR_RELATIME, MNT_UNBINDABLE},
		{0, 5, 3, 0, 5, "/", "/\377/x", "tmpfs", "none", "rw", "", 0, 1, 0, 0x30, 0},
	};

	world.ns = xcalloc(3, sizeof(*world.ns));
	world.n_ns = 3;
	world.ns[0] = (struct mnt_ns){.inode = 5, .gap = "it may not be read", .n_mounts = 9};
	world.ns[1] = (struct mnt_ns){.inode = 6,
				      .id = (uint64_t)INT64_MAX,
				      .owner = 4026531837,
				      .n_mounts = 4,
				      .has_table = true,
				      .name = "pin"};
	world.ns[2] = (struct mnt_ns){.inode = 4026531841, .has_table = true};
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++)
		mnt_table_add(&world.ns[1].table, &mounts[i]);
	VEC_PUSH(world.ns[0].holds, world.ns[0].n_holds,
		 (struct mnt_hold){MNT_HOLD_BIND, MAP_NONE, -1, 1, 3, "/pins/\376"});
	VEC_PUSH(world.ns[0].holds, world.ns[0].n_holds,
		 (struct mnt_hold){MNT_HOLD_FD, 1, 0, MAP_NONE, 0, NULL});
	VEC_PUSH(world.ns[0].holds, world.ns[0].n_holds,
		 (struct mnt_hold){MNT_HOLD_KERNEL, MAP_NONE, -1, MAP_NONE, 0, NULL});
	VEC_PUSH(
		world.procs, world.n_procs,
		(struct mnt_proc){1, 1, MAP_NONE, 0, "init", "[init]", "", NULL, NULL, NULL, NULL});
	VEC_PUSH(world.procs, world.n_procs,
		 (struct mnt_proc){32000, 300, 1, UINT32_MAX, "a\nb", "a \377", "/x.slice/\375",
				   "x.service", "docker", "0123", "pod"});
	VEC_PUSH(world.ns[1].procs, world.ns[1].n_procs, 1);
	VEC_PUSH(world.uses, world.n_uses,
		 (struct mnt_use){0, MNT_USE_FD, 0, 3, 0, 5, "/x (deleted)"});
	VEC_PUSH(world.uses, world.n_uses, (struct mnt_use){1, MNT_USE_CWD, -1, 3, 0, 5, ""});
	VEC_PUSH(world.uses, world.n_uses, (struct mnt_use){1, MNT_USE_ROOT, -1, 3, 0, 5, NULL});
	VEC_PUSH(world.uses, world.n_uses, (struct mnt_use){1, MNT_USE_EXE, -1, 3, 0, 0, NULL});
	VEC_PUSH(world.uses, world.n_uses, (struct mnt_use){1, MNT_USE_MAP, -1, 0, 8, 1, "/l\300"});
	VEC_PUSH(world.blocks, world.n_blocks,
		 (struct mnt_block){"dm-0", 253, 0, NULL, 0, 0, {0}, true});
	VEC_PUSH(world.blocks, world.n_blocks,
		 (struct mnt_block){"loop0", 7, 0, "/img\377", 253, 1, {0}, false});
	strv_add(&world.blocks[0].slaves, "sda");
	strv_add(&world.blocks[0].slaves, "sdb");
	strv_add(&world.gaps, "one");
	strv_add(&world.gaps, "t\377wo");
	return world;
}

static void assert_text(const char *a, const char *b)
{
	assert_int_equal(!a, !b);
	if (a)
		assert_string_equal(a, b);
}

static void assert_same_mounts(const struct mnt_table *a, const struct mnt_table *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		const struct mnt *x = &a->v[i], *y = &b->v[i];
		assert_int_equal(x->unique, y->unique);
		assert_int_equal(x->id, y->id);
		assert_int_equal(x->parent, y->parent);
		assert_int_equal(x->major, y->major);
		assert_int_equal(x->minor, y->minor);
		assert_string_equal(x->root, y->root);
		assert_string_equal(x->target, y->target);
		assert_string_equal(x->fstype, y->fstype);
		assert_string_equal(x->source, y->source);
		assert_string_equal(x->options, y->options);
		assert_string_equal(x->extra, y->extra);
		assert_int_equal(x->group, y->group);
		assert_int_equal(x->master, y->master);
		assert_int_equal(x->from, y->from);
		assert_int_equal(x->attr, y->attr);
		assert_int_equal(x->flags, y->flags);
	}
}

static void assert_same_ns(const struct mnt_ns *a, const struct mnt_ns *b)
{
	assert_int_equal(a->inode, b->inode);
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->owner, b->owner);
	assert_int_equal(a->n_mounts, b->n_mounts);
	assert_int_equal(a->has_table, b->has_table);
	assert_text(a->gap, b->gap);
	assert_text(a->name, b->name);
	assert_same_mounts(&a->table, &b->table);
	assert_int_equal(a->n_procs, b->n_procs);
	if (a->n_procs)
		assert_memory_equal(a->procs, b->procs, a->n_procs * sizeof(*a->procs));
	assert_int_equal(a->n_holds, b->n_holds);
	for (uint32_t i = 0; i < a->n_holds; i++) {
		assert_int_equal(a->holds[i].kind, b->holds[i].kind);
		assert_int_equal(a->holds[i].proc, b->holds[i].proc);
		assert_int_equal(a->holds[i].fd, b->holds[i].fd);
		assert_int_equal(a->holds[i].in, b->holds[i].in);
		assert_int_equal(a->holds[i].mount, b->holds[i].mount);
		assert_text(a->holds[i].path, b->holds[i].path);
	}
}

static void assert_same_procs(const struct mnt_world *a, const struct mnt_world *b)
{
	assert_int_equal(a->n_procs, b->n_procs);
	for (uint32_t i = 0; i < a->n_procs; i++) {
		const struct mnt_proc *x = &a->procs[i], *y = &b->procs[i];
		assert_int_equal(x->pid, y->pid);
		assert_int_equal(x->tid, y->tid);
		assert_int_equal(x->ns, y->ns);
		assert_int_equal(x->uid, y->uid);
		assert_string_equal(x->comm, y->comm);
		assert_string_equal(x->command, y->command);
		assert_text(x->cgroup, y->cgroup);
		assert_text(x->unit, y->unit);
		assert_text(x->engine, y->engine);
		assert_text(x->container, y->container);
		assert_text(x->pod, y->pod);
	}
	assert_int_equal(a->n_uses, b->n_uses);
	for (uint32_t i = 0; i < a->n_uses; i++) {
		const struct mnt_use *x = &a->uses[i], *y = &b->uses[i];
		assert_int_equal(x->proc, y->proc);
		assert_int_equal(x->kind, y->kind);
		assert_int_equal(x->fd, y->fd);
		assert_int_equal(x->mount, y->mount);
		assert_int_equal(x->major, y->major);
		assert_int_equal(x->minor, y->minor);
		assert_text(x->path, y->path);
	}
}

static void assert_same_blocks(const struct mnt_world *a, const struct mnt_world *b)
{
	assert_int_equal(a->n_blocks, b->n_blocks);
	for (uint32_t i = 0; i < a->n_blocks; i++) {
		const struct mnt_block *x = &a->blocks[i], *y = &b->blocks[i];
		assert_string_equal(x->name, y->name);
		assert_int_equal(x->major, y->major);
		assert_int_equal(x->minor, y->minor);
		assert_text(x->backing, y->backing);
		assert_int_equal(x->backing_major, y->backing_major);
		assert_int_equal(x->backing_minor, y->backing_minor);
		assert_int_equal(x->swap, y->swap);
		assert_int_equal(x->slaves.n, y->slaves.n);
		for (size_t k = 0; k < x->slaves.n; k++)
			assert_string_equal(x->slaves.v[k], y->slaves.v[k]);
	}
}

static void every_field_comes_back(void **state)
{
	AUTO(mnt_world) struct mnt_world world = make_world();
	AUTO(mnt_world) struct mnt_world back = {0};
	AUTO_FREE char *once = print(&world);

	assert_works(parse(once, &back, err));
	AUTO_FREE char *twice = print(&back);
	assert_string_equal(once, twice);
	assert_int_equal(back.self, world.self);
	assert_int_equal(back.mount_max, world.mount_max);
	assert_int_equal(back.time, world.time);
	assert_string_equal(back.host, world.host);
	assert_string_equal(back.kernel, world.kernel);
	assert_int_equal(back.gaps.n, 2);
	assert_string_equal(back.gaps.v[1], "t\377wo");
	assert_int_equal(back.n_ns, world.n_ns);
	for (uint32_t i = 0; i < world.n_ns; i++)
		assert_same_ns(&world.ns[i], &back.ns[i]);
	assert_same_procs(&world, &back);
	assert_same_blocks(&world, &back);
}

static void an_empty_world(void **state)
{
	AUTO(mnt_world) struct mnt_world back = {0};
	struct mnt_world empty = {.self = MAP_NONE};
	AUTO_FREE char *text = print(&empty);

	assert_string_equal(text, "{\"version\": 1,\n\"namespaces\": [],\n\"processes\": [],\n"
				  "\"uses\": [],\n\"blocks\": []}\n");
	assert_works(parse(text, &back, err));
	assert_int_equal(back.self, MAP_NONE);
}

/* The documented form of bytes, and no control sequence in the file. */
static void bytes_are_escaped(void **state)
{
	AUTO(mnt_world) struct mnt_world world = make_world();
	AUTO_FREE char *text = print(&world);

	assert_contains(text, "\"root\": {\"bytes\": \"/\\\\377\\\\134a\\\\302\\\\233\"}");
	assert_contains(text, "\"target\": \"/t\\u000a\\u0009\\\"\\\\ \303\244\\u0001\"");
	assert_contains(text, "\"root\": \"/\\\\303\"");
	for (const char *c = text; *c; c++)
		assert_true((unsigned char)*c >= ' ' || *c == '\n');
}

static void one_namespace(void **state)
{
	AUTO(mnt_world) struct mnt_world world = make_world();

	mnt_world_only(&world, 1);
	assert_int_equal(world.n_ns, 1);
	assert_int_equal(world.self, 0);
	assert_int_equal(world.ns[0].inode, 6);
	/* Both use mount 3; only the second one is in it. */
	assert_int_equal(world.n_procs, 2);
	assert_int_equal(world.procs[0].ns, MAP_NONE);
	assert_int_equal(world.procs[1].ns, 0);
	assert_int_equal(world.n_uses, 4);
	AUTO(mnt_world) struct mnt_world other = make_world();
	mnt_world_only(&other, 0);
	assert_int_equal(other.self, MAP_NONE);
	assert_int_equal(other.n_procs, 1);
	assert_int_equal(other.procs[0].pid, 32000);
	assert_int_equal(other.ns[0].holds[1].proc, 0);
	assert_int_equal(other.ns[0].holds[0].in, MAP_NONE);
	assert_int_equal(other.n_uses, 0);
	assert_int_equal(other.n_blocks, 2);
}

#define NS "{\"version\": 1, \"namespaces\": ["
#define MOUNT(id, parent, more)                                                                    \
	"{\"id\": " id ", \"parent\": " parent                                                     \
	", \"device\": \"0:1\", \"root\": \"/\", \"target\": \"/\", \"fstype\": \"x\", "           \
	"\"vfs-options\": \"rw\"" more "}"
#define TABLE(mounts) NS "{\"inode\": 4, \"mounts\": [" mounts "]}]}"
#define PROCS(procs)  NS "{\"inode\": 4}], \"processes\": [" procs

static void lies_are_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"", "file.json: it is empty: expected a snapshot"},
		{" \n", "file.json: it is empty"},
		{"[1]", "file.json: it is something else: expected a snapshot"},
		{"{", "file.json:1: no JSON: expected a key"},
		{"{\"version\": 1", "file.json:1: no JSON: expected , or } in an object"},
		{"{\"version\": 1,\n\"namespaces\": [{\"inode\"",
		 "file.json:2: no JSON: expected : "},
		{"{\"version\": 1,\n\"host\": \"a", "file.json:2: no JSON: "},
		{"{\"version\": 1}", "file.json: 'namespaces' is missing"},
		{"{\"namespaces\": []}", "file.json: 'version' is missing"},
		{NS "]} x", "file.json:1: no JSON: there is more behind the document"},
		{"{\"version\": 2}",
		 "file.json: .version: the snapshot has version 2 of the format, "
		 "this mntns reads version 1; a newer mntns reads it"},
		{"{\"version\": \"1\"}", "file.json: .version: expected a whole number from 1"},
		{"{\"version\": 1, \"version\": 1}", "file.json: .version: it stands here twice"},
		{"{\"version\": 1, \"namespaces\": {}}", "file.json: .namespaces: expected a list"},
		{NS "4]}", "file.json: .namespaces[0]: expected an object"},
		{NS "{\"inode\": -1}]}", "file.json: .namespaces[0].inode: expected a whole number "
					 "from 0 to 9223372036854775807"},
		{NS "{\"inode\": 9223372036854775808}]}",
		 "too big integer near '9223372036854775808', in .namespaces[0].inode"},
		{NS "{\"inode\": 4.5}]}", ".namespaces[0].inode: expected a whole number"},
		{NS "{\"inode\": 4}, {\"inode\": 4}]}",
		 "file.json: .namespaces[1].inode: two namespaces have it"},
		{NS "{\"inode\": 5}, {\"inode\": 4}]}",
		 ".namespaces[1].inode: expected namespaces in"},
		{NS "{\"inode\": 4}], \"self\": 1}",
		 "file.json: .self: there is no such namespace"},
		{NS "], \"self\": 4294967295}",
		 ".self: expected a whole number from 0 to 4294967294"},
		{NS "], \"gaps\": [1]}", "file.json: .gaps: expected a string"},
		{NS "], \"host\": \"a\\u0000b\"}", "NUL"},
		{NS "], \"host\": {\"bytes\": \"\\\\000\"}}", ".host: a byte of it is 0"},
		{NS "], \"host\": {\"bytes\": \"\\\\400\"}}", ".host: expected \\ooo behind each"},
		{NS "], \"host\": {\"bytes\": \"\\\\\"}}", ".host: expected \\ooo behind each"},
		{NS "], \"host\": {\"bytes\": \"a\", \"b\": 1}}", ".host: expected a string, or {"},
		{NS "], \"host\": {\"bytes\": \"a\", \"bytes\": \"a\"}}", "duplicate object key"},
		{NS "], \"host\": \"\377\"}", "file.json:1: no JSON: unable to decode byte 0xff"},
		{TABLE(MOUNT("4294967296", "1", "")),
		 "file.json: .namespaces[0].mounts[0].id: expected a whole number from 0 to "
		 "4294967295"},
		{TABLE(MOUNT("1", "1", "") "," MOUNT("1", "1", "")),
		 "file.json: .namespaces[0].mounts: mount id 1 stands for two mounts"},
		{TABLE(MOUNT("1", "2", "") "," MOUNT("2", "1", "")),
		 "file.json: .namespaces[0].mounts: 2 mounts hang on each other"},
		{TABLE("{\"id\": 1}"), "file.json: .namespaces[0].mounts[0]: 'parent' is missing"},
		{TABLE(MOUNT("1", "1", ", \"deleted\": 1")), ".deleted: expected true or false"},
		{TABLE(MOUNT("1", "1", ", \"device\": \"1:1\"")), ".device: it stands here twice"},
		{NS "{\"mounts\": [{\"target\": \"a\", \"device\": \"0:4294967296\"",
		 ".device: expected a device, \"MAJOR:MINOR\""},
		{NS "{\"mounts\": [{\"vfs-options\": \"rw,idmap=0:1:1\"",
		 "'idmap=0:1:1' is no attribute of a mount"},
		{NS "{\"mounts\": [{\"vfs-options\": \"ro,shared\"", "'shared' is no attribute"},
		{NS "{\"mounts\": [{\"vfs-options\": \"ro,rw\"", "contradicts"},
		{NS "{\"mounts\": [{\"vfs-options\": \"0x1g\"", "'0x1g' is no number of 32 bits"},
		{PROCS("{\"pid\": 0, \"tid\": 0}]}"),
		 "file.json: .processes[0].pid: expected PIDs from 1"},
		{PROCS("{\"pid\": 1, \"tid\": 2147483648}]}"),
		 ".processes[0].tid: expected a whole"},
		{PROCS("{\"pid\": 2, \"tid\": 2}, {\"pid\": 1, \"tid\": 1}]}"),
		 ".processes[1].pid: expected processes in the order"},
		{PROCS("{\"pid\": 2, \"tid\": 2, \"namespace\": 1}]}"),
		 "file.json: .processes[0].namespace: there is no such namespace"},
		{PROCS("], \"uses\": [{\"process\": 0, \"kind\": \"cwd\"}]}"),
		 "file.json: .uses[0].process: there is no such process"},
		{PROCS("], \"uses\": [{\"process\": 0, \"kind\": \"CWD\"}]}"),
		 ".uses[0].kind: expected one of fd, cwd, root, exe, map"},
		{NS "{\"holds\": [{\"kind\": \"fd\"}]}]}",
		 ".namespaces[0].holds[0].process: a descriptor without its process"},
		{NS "{\"holds\": [{\"kind\": \"bind\"}]}]}",
		 ".holds[0].path: a bind without its path"},
		{NS "{\"holds\": [{\"kind\": \"kernel\", \"namespace\": 1}]}]}",
		 ".holds[0].namespace: there is no such namespace"},
		{NS "], \"blocks\": [{\"name\": \"b\", \"device\": \"1:1\"}, "
		    "{\"name\": \"a\", \"device\": \"1:1\"}]}",
		 "file.json: .blocks[1].name: expected devices in the order of their names"},
		{"22 1 0:1 / / rw - x\n", "file.json:1 is no line of mountinfo"},
		{"22 1 0:1 / / rw - x y z\n22 1 0:1 / / rw - x y z\n",
		 "file.json: .namespaces[0].mounts: mount id 22 stands for two mounts"},
	};
	struct mnt_world world;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_fails(EINVAL, rows[i].why, parse(rows[i].text, &world, err));
}

/* Each beginning of a document is refused. */
static void what_is_cut_off(void **state)
{
	AUTO(mnt_world) struct mnt_world world = make_world();
	AUTO_FREE char *text = print(&world);
	struct mnt_world back;

	/* The last byte is a newline. */
	for (size_t len = strlen(text) - 2; len > 0; len--) {
		AUTO(err) struct err err = {0};
		assert_int_equal(snapshot_read(text, len, "cut", &back, &err), -EINVAL);
		assert_true(str_starts(err.msg, "cut:"));
	}
}

static void deep_nesting(void **state)
{
	AUTO(buf) struct buf text = {0};
	struct mnt_world world;

	buf_adds(&text, "{\"version\": 1, \"later\": ");
	for (size_t i = 0; i < 1000000; i++)
		buf_addc(&text, '[');
	assert_fails(EINVAL,
		     "file.json:1: no JSON: maximum parsing depth reached near '[', in .later",
		     parse(text.data, &world, err));
}

static void unknown_keys_are_ignored(void **state)
{
	AUTO(mnt_world) struct mnt_world world = {0};

	assert_works(parse("\n{\"later\": {\"a\": [1, {}]}, \"namespaces\": [{\"inode\": 7, "
			   "\"x\": null, \"mounts\": []}],\t\"version\": 1, \"k\\u0065y\": 0.5,"
			   "\"a key of more than sixty-four bytes, which is none of those that "
			   "there are today\": 1}\r\n",
			   &world, err));
	assert_int_equal(world.n_ns, 1);
	assert_int_equal(world.ns[0].inode, 7);
	assert_true(world.ns[0].has_table);
	assert_int_equal(world.self, MAP_NONE);
}

static void a_mountinfo_file(void **state)
{
	AUTO(mnt_world) struct mnt_world world = {0};

	assert_works(
		parse("22 1 0:1 / / rw - x y z\n23 22 0:1 /\\377 /b rw - x y z\n", &world, err));
	assert_int_equal(world.n_ns, 1);
	assert_int_equal(world.self, 0);
	assert_string_equal(world.ns[0].table.v[1].root, "/\377");
}

/* Lines that are longer than what is read at once, and one that does not end. */
static void mountinfo_piece_by_piece(void **state)
{
	AUTO(mnt_table) struct mnt_table whole = {0}, pieces = {0};
	AUTO(buf) struct buf text = {0};
	AUTO_FD int fd = memfd_create("mountinfo", MFD_CLOEXEC);

	for (int i = 1; i < 400; i++)
		buf_addf(&text, "%d 1 0:%d / /%0*d rw,x - tmpfs %s rw\n", i, i % 3,
			 i % 40 ? i : 20000, i, i % 5 ? "same" : "other");
	buf_adds(&text, "400 1 0:1 / /last rw shared:1 - tmpfs last rw");
	assert_int_equal(write(fd, text.data, text.len), text.len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_works(read_mountinfo(fd, "file", &pieces, err));
	assert_works(read_mountinfo_text(text.data, text.len, "file", &whole, err));
	assert_int_equal(pieces.n, 400);
	assert_same_mounts(&pieces, &whole);
	assert_int_equal(ftruncate(fd, (off_t)text.len - 12), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	struct mnt_table none;
	assert_fails(EINVAL, "file:400 is no line of mountinfo",
		     read_mountinfo(fd, "file", &none, err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_comes_back),
		cmocka_unit_test(an_empty_world),
		cmocka_unit_test(bytes_are_escaped),
		cmocka_unit_test(one_namespace),
		cmocka_unit_test(lies_are_refused),
		cmocka_unit_test(what_is_cut_off),
		cmocka_unit_test(deep_nesting),
		cmocka_unit_test(unknown_keys_are_ignored),
		cmocka_unit_test(a_mountinfo_file),
		cmocka_unit_test(mountinfo_piece_by_piece),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
