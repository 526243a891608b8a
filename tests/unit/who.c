// SPDX-License-Identifier: Apache-2.0
/* Who keeps what busy, from tables alone: layers of overlays, stacks of devices, words, order. */
#include "world.h"

#include "base/shell.h"
#include "mnt/overlay.h"
#include "mnt/who.h"

static void assert_word(const char *word, const char *expected)
{
	AUTO(buf) struct buf out = {0};

	shell_add_word(&out, word);
	assert_string_equal(out.data, expected);
}

static void quotes(void **state)
{
	assert_word("/mnt/a-b_c.d", "/mnt/a-b_c.d");
	assert_word("", "''");
	assert_word("/a b", "'/a b'");
	assert_word("it's", "'it'\\''s'");
	assert_word("~", "'~'");
	assert_word("$(x)", "'$(x)'");
	assert_word("é", "'é'");
	assert_word("a\nb'\\", "$'a\\012b\\'\\\\'");
	assert_word("\377", "$'\\377'");
}

/* The layers of these options, "OPTION PATH" each. */
static void assert_layers(const char *options, const char *expected)
{
	const struct mnt mnt = {.options = options};
	AUTO(mnt_layers) struct mnt_layers layers = {0};
	AUTO(buf) struct buf out = {0};

	mnt_layers_parse(&mnt, &layers);
	for (size_t i = 0; i < layers.n; i++) {
		AUTO_FREE char *path = mnt_layer_path(&layers, i, "/run/merged");
		buf_addf(&out, "%s %s|", layers.v[i].option, path);
	}
	buf_add(&out, "", 0);
	assert_string_equal(out.data, expected);
}

static void layers(void **state)
{
	assert_layers("rw,lowerdir=/a:/b,upperdir=/u,workdir=/w,uuid=on",
		      "lowerdir /a|lowerdir /b|upperdir /u|workdir /w|");
	assert_layers("rw,lowerdir=/c\\134:d\\134\\054e\\0401:/l",
		      "lowerdir /c:d,e 1|lowerdir /l|");
	assert_layers("rw,lowerdir=/a\\072b:/c::/data",
		      "lowerdir /a:b|lowerdir /c|lowerdir /data|");
	assert_layers("rw,lowerdir+=/a:b,lowerdir+=/c\\054,datadir+=/d",
		      "lowerdir /a:b|lowerdir /c,|datadir /d|");
	assert_layers("rw,lowerdir=low:/b", "lowerdir /run/low|lowerdir /b|");
	assert_layers("rw,lowerdir=1/fs:2/fs,upperdir=/var/snapshots/3/fs",
		      "lowerdir /var/snapshots/1/fs|lowerdir /var/snapshots/2/fs|upperdir "
		      "/var/snapshots/3/fs|");
	assert_layers("rw,lowerdir=,upperdir,lowerdir", "");
	assert_layers("", "");
}

static void add_block(struct mnt_world *world, const char *name, uint32_t minor,
		      const char *backing, const char *slave)
{
	struct mnt_block block = {.name = name, .major = 7, .minor = minor, .backing = backing};

	if (backing) {
		block.backing_major = 8;
		block.backing_minor = 1;
	}
	if (slave)
		strv_add(&block.slaves, slave);
	VEC_PUSH(world->blocks, world->n_blocks, block);
}

/* Rows as "KIND PATH: RELEASE" lines, in the order of release if that is wanted. */
static void assert_rows(struct mnt_world *world, const char *subject, bool only, bool ordered,
			const char *expected)
{
	struct mnt_subject s;
	struct mnt_who who;
	AUTO(buf) struct buf out = {0};

	assert_works(mnt_subject_parse(world, subject, &s, err));
	s.only |= only;
	mnt_who_find(world, &s, &who);
	if (ordered)
		mnt_who_order(&who);
	for (size_t i = 0; i < who.n; i++) {
		buf_addf(&out, "%s ", mnt_who_words[who.v[i].kind]);
		mnt_who_print_path(world, &who, &who.v[i], &out);
		buf_adds(&out, ": ");
		mnt_who_print_release(world, &who.v[i], &out);
		buf_addc(&out, '\n');
	}
	mnt_who_done(&who);
	buf_add(&out, "", 0);
	assert_string_equal(out.data, expected);
}

#define ROOT "1 0 0:1 / / rw - tmpfs root rw\n"

static void overlays(void **state)
{
	struct mnt_world world = make(ROOT "2 1 8:1 / /disk rw - ext4 /dev/sda1 rw\n"
					   "3 1 0:5 / /m rw - overlay o rw,lowerdir=/disk/a:/b\n"
					   "4 1 0:6 / /n rw - overlay o rw,lowerdir=/diskette\n"
					   "5 3 0:7 / /m/on rw - tmpfs t rw\n"
					   /* an overlay on the overlay */
					   "6 1 0:8 / /k rw - overlay o rw,lowerdir=/m\n",
				      "21 0 0:5 / / rw - overlay o rw,lowerdir=/disk/a:/b\n"
				      "22 21 0:9 / /x rw - overlay o rw,lowerdir=/disk\n");

	assert_rows(&world, "/disk", false, false,
		    "mount /disk: umount /disk\n"
		    "overlay /m: umount /m\n"
		    "above /m/on: umount /m/on\n"
		    "overlay /k: umount /k\n"
		    /* its root ends with it; a layer that our own table knows is on the disk */
		    "overlay /: \n"
		    "overlay /x: umount -N 11 /x\n");
	assert_rows(&world, "/disk", true, false, "mount /disk: umount /disk\n");
	assert_rows(&world, "id:4", false, false, "mount /n: umount /n\n");
	mnt_world_done(&world);
}

static void devices(void **state)
{
	struct mnt_world world = make(ROOT "2 1 8:1 / /disk rw - ext4 /dev/sda1 rw\n"
					   "3 1 7:1 / /vg rw - xfs /dev/dm-0 rw\n",
				      ROOT);

	/* An image on the disk, partitioned, with a volume on the partition, and swap on another.
	 */
	add_block(&world, "dm-0", 1, NULL, "loop0p1");
	add_block(&world, "loop0", 2, "/disk/image", NULL);
	add_block(&world, "loop0p1", 3, NULL, "loop0");
	add_block(&world, "loop0p2", 4, NULL, "loop0");
	add_block(&world, "md0", 5, NULL, "loop0p1");
	world.blocks[3].swap = true;
	assert_rows(&world, "8:1", false, true,
		    "swap /dev/loop0p2: swapoff /dev/loop0p2\n"
		    "mount /vg: umount /vg\n"
		    "stack /dev/dm-0: dmsetup remove -j 7 -m 1\n"
		    "stack /dev/md0: mdadm --stop /dev/md0\n"
		    "loop /dev/loop0: losetup -d /dev/loop0\n"
		    "mount /disk: umount /disk\n");
	assert_rows(&world, "/disk/image", false, true,
		    "swap /dev/loop0p2: swapoff /dev/loop0p2\n"
		    "mount /vg: umount /vg\n"
		    "stack /dev/dm-0: dmsetup remove -j 7 -m 1\n"
		    "stack /dev/md0: mdadm --stop /dev/md0\n"
		    "loop /dev/loop0: losetup -d /dev/loop0\n");
	assert_rows(&world, "loop0p1", false, true,
		    "mount /vg: umount /vg\n"
		    "stack /dev/dm-0: dmsetup remove -j 7 -m 1\n"
		    "stack /dev/md0: mdadm --stop /dev/md0\n");
	mnt_world_done(&world);
}

static void subjects(void **state)
{
	struct mnt_world world = make(ROOT "2 1 0:2 / /nfs rw - nfs4 server:/export rw\n"
					   "3 1 0:3 / /one rw - tmpfs many rw\n",
				      "4 0 0:4 / / rw - tmpfs many rw\n"
				      "5 4 0:2 / /b rw - nfs4 server:/export rw\n");
	struct mnt_subject s;

	assert_rows(&world, "server:/export", false, false,
		    "mount /nfs: umount /nfs\nmount /b: umount -N 11 /b\n");
	assert_rows(&world, "/nfs/below", false, false,
		    "mount /nfs: umount /nfs\nmount /b: umount -N 11 /b\n");
	assert_rows(&world, "id:5", false, false, "mount /b: umount -N 11 /b\n");
	assert_fails(EINVAL, "several file systems", mnt_subject_parse(&world, "many", &s, err));
	assert_fails(ENOENT, "no device and no source",
		     mnt_subject_parse(&world, "below", &s, err));
	assert_fails(ENOENT, "no device 8:9", mnt_subject_parse(&world, "8:9", &s, err));
	assert_fails(ENOENT, "the id 9", mnt_subject_parse(&world, "id:9", &s, err));
	mnt_world_done(&world);
}

/* Both halves of what the kernel says of a use: its mount, or that no table has this mount. */
static void uses(void **state)
{
	struct mnt_world world = make(ROOT "2 1 8:1 / /disk rw - ext4 /dev/sda1 rw\n"
					   "3 1 0:3 / /other rw - tmpfs t rw\n",
				      ROOT);
	static const struct mnt_use rows[] = {
		{0, MNT_USE_FD, 3, 2, 8, 1, "/disk/a"},
		/* a file system whose files have device numbers of their own */
		{0, MNT_USE_FD, 4, 2, 0, 99, "/disk/b"},
		{0, MNT_USE_EXE, -1, 3, 0, 3, "/other/x"},
		{1, MNT_USE_CWD, -1, 77, 8, 1, "/"},
		{1, MNT_USE_EXE, -1, 2, 8, 1, "/disk/x"},
		{1, MNT_USE_MAP, -1, 0, 8, 1, "/disk/x"},
		{1, MNT_USE_MAP, -1, 0, 8, 1, "/disk/lib"},
		{1, MNT_USE_FD, 5, 3, 8, 1, "/other/of-a-mount-elsewhere"},
	};
	AUTO(buf) struct buf reason = {0};
	struct mnt_subject s;
	struct mnt_who who;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		VEC_PUSH(world.uses, world.n_uses, rows[i]);
	assert_rows(&world, "/disk", false, false,
		    "mount /disk: umount /disk\n"
		    "fd /disk/a: kill 10\n"
		    "fd /disk/b: kill 10\n"
		    "cwd /: kill 11\n"
		    "exe /disk/x: kill 11\n"
		    "map /disk/lib: kill 11\n");
	assert_works(mnt_subject_parse(&world, "/disk", &s, err));
	mnt_who_find(&world, &s, &who);
	mnt_who_print_reason(&world, &who, &who.v[3], &reason);
	assert_contains(reason.data, "in no table");
	mnt_who_done(&who);
	mnt_world_done(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes),  cmocka_unit_test(layers),   cmocka_unit_test(overlays),
		cmocka_unit_test(devices), cmocka_unit_test(subjects), cmocka_unit_test(uses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
