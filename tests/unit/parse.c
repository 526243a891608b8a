// SPDX-License-Identifier: Apache-2.0
/* Text -> ops: what is refused, where it says the mistake is, and what words mean. */
#include "unit.h"

#include "op/op.h"

static const struct {
	const char *text, *sentence;
} mistakes[] = {
	/* The statement. */
	{"mont /a /b", "t:1:1: unknown op 'mont'; expected one of open-tree"},
	{"\n\n  bogus", "t:3:3: unknown op"},
	{"h1 =", "t:1:5: expected an op behind '='"},
	{"h0 = open-tree /a", "t:1:1: 'h0' is no handle"},
	{"h01 = open-tree /a", "t:1:1: 'h01' is no handle"},
	{"h65536 = open-tree /a", "t:1:1: 'h65536' is no handle; expected h1 to h65535"},
	{"open-tree /a", "t:1:1: open-tree makes a handle"},
	{"h1 = mkdir /a", "t:1:6: mkdir makes no handle"},
	{"h1 = bind /a /b", "t:1:6: unknown op 'bind'"},
	/* Words. */
	{"mkdir \"/a", "t:1:7: a quote is not closed"},
	{"mkdir /a\\9", "t:1:7: broken escape"},
	{"mkdir /a\\000", "t:1:7: broken escape"},
	{"mkdir /a\\400", "t:1:7: broken escape"},
	{"mkdir /a\\", "t:1:7: broken escape"},
	/* Slots. */
	{"mkdir", "t:1:6: mkdir: expected what to make: an absolute path"},
	{"mkdir a", "t:1:7: 'a' does not fit here"},
	{"mkdir h1", "t:1:7: 'h1' does not fit here"},
	{"h1 = open-tree", "t:1:15: open-tree: expected a source"},
	{"h1 = open-tree \"\"", "t:1:16: '' does not fit here"},
	{"move-mount h1", "t:1:14: move-mount: expected a target"},
	{"umount h1", "t:1:8: 'h1' does not fit here; expected an absolute path"},
	{"pivot-root .", "t:1:13: pivot-root: expected put_old"},
	{"unshare", "t:1:8: unshare: expected namespaces"},
	{"unshare mnt pod", "t:1:13: 'pod' is none of the namespaces"},
	{"setns net", "t:1:10: setns: expected a path"},
	{"node /n x 1:2", "t:1:9: 'x': expected a device"},
	{"node /n c 1", "t:1:11: expected MAJOR:MINOR behind 'c'"},
	{"node /n c 4096:0", "t:1:11: expected MAJOR:MINOR"},
	{"node /n b 0:1048576", "t:1:11: expected MAJOR:MINOR"},
	{"node /n b", "t:1:10: expected MAJOR:MINOR behind 'b'"},
	/* What follows the slots. */
	{"mkdir /a rec", "t:1:10: 'rec': unknown word for mkdir; expected parents mode=OCTAL"},
	{"mkdir /a mode=8", "t:1:10: mode=8: expected octal digits, at most 7777"},
	{"mkdir /a mode=", "t:1:10: mode="},
	{"mkdir /a mode=10000", "t:1:10: mode=10000"},
	{"mkdir /a mode=7777777777777777777777777", "t:1:10: mode=777"},
	{"set-attr h1", "t:1:1: set-attr changes nothing"},
	{"set-attr h1 ro rw", "t:1:16: 'rw' contradicts"},
	{"set-attr h1 read", "t:1:13: 'read': unknown word for set-attr; expected rec optional ro"},
	{"set-attr h1 idmap=1:2", "t:1:13: '1:2' is not an id range"},
	{"h1 = fs-mount tmpfs private", "t:1:1: fs-mount takes no propagation"},
	{"h1 = fs-mount tmpfs =x", "t:1:21: '=x' is no option of a file system"},
	{"h1 = fs-mount tmpfs sb:", "t:1:21: 'sb:' is no option of a file system"},
	{"reconfigure /", "t:1:1: reconfigure changes nothing"},
	{"unshare mnt lazy", "t:1:13: 'lazy' is none of the namespaces"},
	{"pivot-root . . lazy",
	 "t:1:16: 'lazy': unknown word for pivot-root; expected nothing more"},
	/* Comfortable words. */
	{"bind /a", "t:1:8: expected: bind SRC DST [WORD…]"},
	{"bind a /b", "t:1:6: 'a': the source of a bind is an absolute path"},
	{"bind /a b", "t:1:9: 'b' does not fit here"},
	{"bind /a /b size=1m", "t:1:12: a bind takes no option 'size=1m'"},
	{"bind /a /b ro rprivate rshared", "t:1:24: 'shared' contradicts 'private'"},
	{"bind /a /b rbind bind", "t:1:18: 'bind' contradicts 'rbind'"},
	{"tmpfs", "t:1:6: expected: tmpfs DST [WORD…]"},
	{"tmpfs /a ro rbind", "t:1:10: 'rbind' is for binds; this is a tmpfs"},
	{"overlay /o upper=/u", "t:1:1: overlay: expected at least one lower=DIR"},
	{"make-nothing /", "t:1:1: 'make-nothing' is no propagation"},
	{"make-shared / /b", "t:1:15: expected: make-"},
	{"move /a", "t:1:8: expected: move FROM TO"},
	{"remount / ro bind", "attribute words always change the mount alone"},
	{"rumount h1", "t:1:9: 'h1' does not fit here"},
};

static void mistakes_have_a_place(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		AUTO(ops) struct ops ops = {0};
		AUTO(err) struct err err = {0};
		if (ops_parse(&ops, "t", mistakes[i].text, &err) == 0)
			fail_msg("'%s' is taken", mistakes[i].text);
		if (err.code != EINVAL || !strstr(err.msg, mistakes[i].sentence))
			fail_msg("'%s' gives: %s\nexpected: %s", mistakes[i].text, err.msg,
				 mistakes[i].sentence);
		assert_int_equal(ops.n, 0);
		assert_int_equal(ops.handles, 0);
		/* Who does not ask for the sentence gets the code. */
		assert_int_equal(ops_parse(&ops, "t", mistakes[i].text, NULL), -EINVAL);
	}
}

static void too_long(void **state)
{
	AUTO_FREE char *path = xcalloc(4097, 1);
	AUTO(ops) struct ops ops = {0};

	memset(path, 'a', 4096);
	path[0] = '/';
	AUTO_FREE char *text = xasprintf("mkdir %s", path);
	assert_fails(ENAMETOOLONG, "t:1:7: a path has at most 4095 bytes",
		     ops_parse(&ops, "t", text, err));
	path[4095] = 0;
	AUTO_FREE char *fits = xasprintf("mkdir %s", path);
	assert_works(ops_parse(&ops, "t", fits, err));
}

static void nothing_is_added_by_a_bad_text(void **state)
{
	AUTO(ops) struct ops ops = {0};

	assert_works(ops_parse(&ops, "t", "mkdir /a\nh3 = open-tree /a", err));
	assert_fails(EINVAL, "t:2:1", ops_parse(&ops, "t", "h9 = open-tree /b\nfoo", err));
	assert_int_equal(ops.n, 2);
	assert_int_equal(ops.handles, 3);
}

static void words_keep_any_byte(void **state)
{
	AUTO(ops) struct ops ops = {0};

	assert_works(ops_parse(&ops, "t",
			       "# comment\n"
			       "mkdir \"/a b\"# \n"
			       "\tmkdir /a\\040b\\012\\377\r\n"
			       "mkdir /\"q\\\"\\\\\"x mode=01777 # comment\n"
			       "symlink \"\" /empty\n"
			       "symlink = /equals",
			       err));
	assert_int_equal(ops.n, 5);
	assert_string_equal(ops.v[0].to.path, "/a b#");
	assert_string_equal(ops.v[1].to.path, "/a b\n\377");
	assert_string_equal(ops.v[2].to.path, "/q\"\\x");
	assert_int_equal(ops.v[2].mode, 01777);
	assert_string_equal(ops.v[3].text, "");
	assert_string_equal(ops.v[4].text, "=");
}

static void handles_of_words_and_text_do_not_collide(void **state)
{
	AUTO(ops) struct ops ops = {0};

	assert_works(ops_parse(&ops, "t",
			       "bind /a /b\n"
			       "h1 = open-tree /c\n"
			       "tmpfs h1:/x\n"
			       "h2 = fs-mount tmpfs",
			       err));
	assert_works(ops_check(&ops, err));
	assert_int_equal(ops.v[0].handle, 3);
	assert_int_equal(ops.v[3].handle, 4);
}

static void said_is_what_was_said(void **state)
{
	AUTO(ops) struct ops ops = {0};

	assert_works(ops_parse(&ops, "t", "  bind  /a /b  ro # why", err));
	for (size_t i = 0; i < ops.n; i++)
		assert_string_equal(ops.v[i].said, "bind  /a /b  ro");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_have_a_place),
		cmocka_unit_test(too_long),
		cmocka_unit_test(nothing_is_added_by_a_bad_text),
		cmocka_unit_test(words_keep_any_byte),
		cmocka_unit_test(handles_of_words_and_text_do_not_collide),
		cmocka_unit_test(said_is_what_was_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
