// SPDX-License-Identifier: Apache-2.0
/* The text of mountinfo: what each field becomes, and which lines are refused. */
#include "unit.h"

#include <sys/mount.h>

#include "read/table.h"

static int parse(const char *text, struct mnt_table *ret, struct err *err)
{
	return read_mountinfo_text(text, strlen(text), "file", ret, err);
}

/* The first mount of the text; the table owns it. */
static struct mnt *first(const char *text, struct mnt_table *table)
{
	assert_works(parse(text, table, err));
	assert_true(table->n >= 1);
	return &table->v[0];
}

static void fields(void **state)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	struct mnt *mnt = first("36 35 98:1 /dir /mnt rw,noatime shared:7 master:4 - ext3 "
				"/dev/root rw,errors=continue\n",
				&table);

	assert_int_equal(table.n, 1);
	assert_int_equal(mnt->unique, 0);
	assert_int_equal(mnt->id, 36);
	assert_int_equal(mnt->parent, 35);
	assert_int_equal(mnt->major, 98);
	assert_int_equal(mnt->minor, 1);
	assert_string_equal(mnt->root, "/dir");
	assert_string_equal(mnt->target, "/mnt");
	assert_string_equal(mnt->fstype, "ext3");
	assert_string_equal(mnt->source, "/dev/root");
	assert_string_equal(mnt->options, "rw,errors=continue");
	assert_string_equal(mnt->extra, "");
	assert_int_equal(mnt->group, 7);
	assert_int_equal(mnt->master, 4);
	assert_int_equal(mnt->from, 0);
	assert_int_equal(mnt->attr, MOUNT_ATTR_NOATIME);
	assert_int_equal(mnt->flags, 0);
}

/* What column 6 and 7 say is what is printed of it, whatever it is. */
static void assert_prints(const char *options, const char *tags, const char *shown_options,
			  const char *shown_type)
{
	AUTO_FREE char *line = xasprintf("1 0 0:1 / / %s %s- tmpfs none rw\n", options, tags);
	AUTO(mnt_table) struct mnt_table table = {0};
	struct mnt *mnt = first(line, &table);
	AUTO(buf) struct buf out = {0};
	AUTO(buf) struct buf type = {0};

	mnt_options_print(mnt, &out);
	assert_string_equal(out.data, shown_options);
	mnt_type_print(mnt, &type);
	assert_string_equal(type.data, shown_type);
}

static void words(void **state)
{
	static const char *const as_they_are[] = {
		"rw",
		"ro",
		"rw,relatime",
		"ro,nosuid,nodev,noexec,relatime",
		"rw,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow,idmapped",
		"rw,nodiratime,relatime",
		"rw,relatime,newword",
	};

	for (size_t i = 0; i < ARRAY_SIZE(as_they_are); i++)
		assert_prints(as_they_are[i], "", as_they_are[i], "private");
	assert_prints("rw", "shared:1 ", "rw", "shared:1");
	assert_prints("rw", "master:2 ", "rw", "master:2");
	assert_prints("rw", "shared:1 master:2 propagate_from:3 ", "rw",
		      "shared:1 master:2 propagate_from:3");
	assert_prints("rw", "unbindable ", "rw", "unbindable");
	assert_prints("rw", "master:4294967295 unbindable ", "rw", "master:4294967295 unbindable");
}

static void unknown_words_are_kept(void **state)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	struct mnt *mnt = first("1 0 0:1 / / rw,relatime,a,b=1 later:7 shared:2 shared: master:x "
				"shared:99999999999 shared:0  - tmpfs none rw\n",
				&table);

	assert_string_equal(mnt->extra,
			    "a,b=1,later:7,shared:,master:x,shared:99999999999,shared:0");
	assert_int_equal(mnt->group, 2);
	assert_int_equal(mnt->attr, MOUNT_ATTR_RELATIME);
}

static void escapes(void **state)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	struct mnt *mnt =
		first("1 0 0:1 /a\\040b\\011c /m\\012n\\134040\\377\377\001 rw - f\\043.x "
		      "s\\040\\134\\043 rw,lowerdir=/a\\040b\\054c\n",
		      &table);

	assert_string_equal(mnt->root, "/a b\tc");
	assert_string_equal(mnt->target, "/m\nn\\040\377\377\001");
	assert_string_equal(mnt->fstype, "f#.x");
	assert_string_equal(mnt->source, "s \\#");
	/* Commas inside of values must stay told from those between. */
	assert_string_equal(mnt->options, "rw,lowerdir=/a\\040b\\054c");
	mnt_table_done(&table);
	/* A NUL is in no path, and would end it. */
	mnt = first("1 0 0:1 /a\\000b /a\\ rw - x \\04 rw\\999\n", &table);
	assert_string_equal(mnt->root, "/a\\000b");
	assert_string_equal(mnt->target, "/a\\");
	assert_string_equal(mnt->source, "\\04");
	assert_string_equal(mnt->options, "rw\\999");
}

static void odd_but_right(void **state)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	struct mnt *mnt = first("1 0 0:1 /x//deleted /y rw - tmpfs  rw,\xc3\xa9 tail\n"
				"4294967295 1 4095:1048575 mnt:[4026532177] /z rw - nsfs nsfs rw",
				&table);

	assert_int_equal(table.n, 2);
	assert_string_equal(mnt->source, "");
	assert_string_equal(mnt->options, "rw,\xc3\xa9 tail");
	assert_int_equal(mnt->flags, MNT_DELETED);
	assert_string_equal(mnt->root, "/x//deleted");
	assert_int_equal(table.v[1].id, 4294967295U);
	assert_string_equal(table.v[1].root, "mnt:[4026532177]");
	mnt_table_done(&table);
	assert_works(parse("", &table, err));
	assert_int_equal(table.n, 0);
}

static void refused(void **state)
{
	static const char *const lines[][2] = {
		{"\n", "two mount ids"},
		{"x 0 0:1 / / rw - tmpfs none rw\n", "two mount ids"},
		{"1 -1 0:1 / / rw - tmpfs none rw\n", "two mount ids"},
		{"4294967296 0 0:1 / / rw - tmpfs none rw\n", "two mount ids"},
		{"1  0 0:1 / / rw - tmpfs none rw\n", "two mount ids"},
		{"1 0 01 / / rw - tmpfs none rw\n", "major:minor"},
		{"1 0 0: / / rw - tmpfs none rw\n", "major:minor"},
		{"1 0 0:1 / mnt rw - tmpfs none rw\n", "begins with /"},
		{"1 0 0:1 /\n", "begins with /"},
		{"1 0 0:1 / / rw shared:1\n", "a lone -"},
		{"1 0 0:1 / / rw\n", "a lone -"},
		{"1 0 0:1 / / rw -\n", "type, source and options"},
		{"1 0 0:1 / / rw - tmpfs none\n", "type, source and options"},
		{"1 0 0:1 / / rw - tmpfs none \n", "type, source and options"},
		{"1 0 0:1 / / rw - tmpfs\n", "type, source and options"},
		{"/dev/sda1 / ext4 rw 0 0\n", "two mount ids"},
		{"{\"version\": 1}\n", "two mount ids"},
	};
	struct mnt_table table;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		AUTO_FREE char *text = xasprintf("1 0 0:1 / / rw - tmpfs none rw\n%s", lines[i][0]);
		assert_fails(EINVAL, lines[i][1], parse(text, &table, err));
		assert_fails(EINVAL, "file:2 is no line of mountinfo", parse(text, &table, err));
	}
	assert_fails(EINVAL, "holds a NUL byte",
		     read_mountinfo_text("1 0 0:1 / /\0x rw - a b c\n", 26, "file", &table, err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields),
		cmocka_unit_test(words),
		cmocka_unit_test(unknown_words_are_kept),
		cmocka_unit_test(escapes),
		cmocka_unit_test(odd_but_right),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
