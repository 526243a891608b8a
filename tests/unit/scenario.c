// SPDX-License-Identifier: Apache-2.0
/* Scenario files: what can be read, what cannot, and that each expectation can fail. */
#include "unit.h"

#include "scenario/script.h"

#include <stdio.h>

/* A call is printed as it was read, with its process and its errno. */
static void call_both_ways(void **state)
{
	static const char *const calls[] = {
		"mount-new /a ro nosuid",
		"mount-bind ns:1 /f",
		"mount-rbind . /a/..",
		"mount-type /a rec shared",
		"umount2 /a lazy expire",
		"umount2 \"\"",
		"pivot_root . .",
		"move_mount h0 h2:b beneath",
		"move_mount h1 /a set-group",
		"mount_setattr h3 rec set=0x1 clear=0x70 slave",
		"h5 = open_tree ns:7 rec",
		"h0 = open-write /a/f",
		"h1 = fsmount set=0x3",
		"close h4",
		"unshare mnt user",
		"setns ns:2",
		"fork 7",
		"exit",
		"rename a h1:b",
		"tmpfs /a ro",
		"h1 = open-tree /a rec",
		"make-rslave /",
	};

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		AUTO(buf) struct buf out = {0};
		AUTO_FREE char *expected = xasprintf("3: %s -> EINVAL", calls[i]);
		struct call call;
		assert_works(call_parse(calls[i], &call, err));
		call.task = 3;
		call.want = EINVAL;
		call_print(&call, &out);
		assert_string_equal(out.data, expected);
	}
}

static void goes_both_ways(const struct call *call, struct call *ret)
{
	AUTO(buf) struct buf out = {0};
	AUTO(buf) struct buf again = {0};

	call_print(call, &out);
	assert_works(call_parse(out.data + strlen("0: "), ret, err));
	ret->task = call->task;
	call_print(ret, &again);
	assert_string_equal(out.data, again.data);
}

static void play_round(struct random *random)
{
	struct pair pair;

	assert_works(pair_start(&pair, SCENARIO_ON_MODEL, err));
	struct known known = {.now = &pair.now, .world = pair.model, .tasks = 4, .userns = true};
	for (int i = 0; i < 250; i++) {
		struct call call = call_random(random, &known), read;
		int rc;
		goes_both_ways(&call, &read);
		if (pair_forbids(&pair, &call))
			continue;
		assert_works(pair_call(&pair, &read, &rc, NULL, err));
		known_update(&known, &call, &pair.now);
	}
	pair_done(&pair);
}

/* What the shrinker prints is a scenario: random calls survive it. In rounds: tables double. */
static void random_calls_both_ways(void **state)
{
	struct random random = random_seeded(1);

	for (int round = 0; round < 20; round++)
		play_round(&random);
}

static void handles_are_files(void **state)
{
	struct call call;

	assert_works(call_parse("h1 = open-tree h2 rec", &call, err));
	assert_int_equal(call.kind, CALL_OP);
	assert_int_equal(call.file, 1);
	assert_int_equal(call.uses, 1 << 2);
	assert_works(call_parse("move-mount h1 h5:/a", &call, err));
	assert_int_equal(call.file, CALL_NOTHING);
	assert_int_equal(call.uses, 1 << 1 | 1 << 5);
	/* A comfortable word's own handle is none of the scenario's. */
	assert_works(call_parse("tmpfs h3:/a", &call, err));
	assert_int_equal(call.file, CALL_NOTHING);
	assert_int_equal(call.uses, 1 << 3);
}

static void bad_calls(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"jump /a", "'jump /a': neither an op"},
		{"", "neither an op"},
		{"h1 = jump", "neither an op"},
		{"bind a /b", "'a': the source of a bind is an absolute path"},
		{"mount-bind /a", "mount-bind: expected two places"},
		{"mount-bind /a /b /c", "'/c': no word for mount-bind"},
		{"mkdirat /a rec", "'rec': no word for mkdirat"},
		{"fork", "expected the number of a process"},
		{"fork 8", "'8': no word for fork"},
		{"open /a", "open makes a file; write h1 = open"},
		{"h1 = chroot /a", "chroot makes no file"},
		{"h6 = open /a", "'h6' is no file"},
		{"close /a", "close: expected a file"},
		{"h6 = open-tree /a", "h6: a scenario has h0 to h5"},
		{"move-mount h9 /a", "h9: a scenario has h0 to h5"},
		{"mount proc /a", "only tmpfs and ramfs"},
		{"sysfs /a", "only tmpfs and ramfs"},
		{"setns mnt /a", "'/a': no word for setns"},
		{"node /a b 8:0", "a device would be one of the machine's"},
		{"symlink /a /b", "no symbolic links"},
		{"bind /a /b idmap=0:1000:1", "userns:"},
	};
	struct call call;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_fails(EINVAL, bad[i].why, call_parse(bad[i].text, &call, err));
	AUTO_FREE char *dirs = xasprintf("mkdir /%0200d", 1);
	assert_fails(EINVAL, "at most 199 characters", call_parse(dirs, &call, err));
}

static void errnos(void **state)
{
	for (int code = 1; code < 134; code++)
		if (errno_name(code))
			assert_int_equal(errno_parse(errno_name(code)), code);
	assert_int_equal(errno_parse("EMOUNT"), 0);
	assert_int_equal(errno_parse(""), 0);
	assert_null(errno_name(0));
}

static void a_script(void **state)
{
	AUTO(script) struct script script = {0};

	assert_works(script_parse(&script, "x.mnt",
				  "# What happens.\n\n"
				  "make-shared /   # a comment\n"
				  "# another one\n"
				  "\t2: umount2 /a  lazy ->  EBUSY  \n"
				  "expect 2 /a/#x mounted 3\n",
				  err));
	assert_string_equal(script.title, "What happens.");
	assert_int_equal(script.n, 3);
	assert_string_equal(script.v[0].text, "make-shared /");
	assert_int_equal(script.v[0].number, 3);
	assert_int_equal(script.v[0].call.task, 0);
	assert_int_equal(script.v[0].call.want, 0);
	assert_int_equal(script.v[1].number, 5);
	assert_int_equal(script.v[1].call.task, 2);
	assert_int_equal(script.v[1].call.want, EBUSY);
	assert_true(script.v[2].is_expect);
	assert_int_equal(script.v[2].expect.kind, EXPECT_MOUNTED);
	assert_int_equal(script.v[2].expect.n, 3);
	assert_string_equal(script.v[2].expect.path, "/a/#x");
}

static void bad_scripts(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"", "x.mnt:1: expected '# ' and a sentence"},
		{"tmpfs /a\n", "x.mnt:1: expected '# ' and a sentence"},
		{"# It.\ntmpfs /a\njump\n", "x.mnt:3: "},
		{"# It.\ntmpfs /a -> 22\n", "x.mnt:2: '22' is no name of an errno"},
		{"# It.\ntmpfs /a ->\n", "x.mnt:2: '' is no name of an errno"},
		{"# It.\n9: tmpfs /a\n", "x.mnt:2: "},
		{"# It.\nexpect 0\n", "x.mnt:2: expected a process and what"},
		{"# It.\nexpect 8 mounts 1\n", "'8': expected a process, 0 to 7"},
		{"# It.\nexpect 0 mounts\n", "expected: expect PROCESS mounts NUMBER"},
		{"# It.\nexpect 0 mounts x\n", "x.mnt:2: "},
		{"# It.\nexpect 0 /a mounts 1\n", "expected: expect PROCESS mounts NUMBER"},
		{"# It.\nexpect 0 type shared\n", "expected: expect PROCESS PATH type TYPE"},
		{"# It.\nexpect 0 /a type\n", "expected: expect PROCESS PATH type TYPE"},
		{"# It.\nexpect 0 /a not-mounted 1\n", "PATH not-mounted"},
		{"# It.\nexpect 0 /a attr blue\n", "'blue' is no attribute"},
		{"# It.\nexpect 0 /a attr shared\n", "'shared' is no attribute"},
		{"# It.\nexpect 0 /a big\n", "'big': expected one of mounts NUMBER"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct script script = {0};
		assert_fails(EINVAL, bad[i].why, script_parse(&script, "x.mnt", bad[i].text, err));
		assert_null(script.v);
	}
}

/* Plays it on the model, and gives what failed. */
static char *failures(const char *lines)
{
	AUTO_FREE char *text = xasprintf("# It.\n%s", lines);
	struct scenario_played played;

	assert_works(scenario_play("x", text, SCENARIO_ON_MODEL, &played, err));
	char *failed = buf_take(&played.failures);
	scenario_played_done(&played);
	return failed;
}

#define WORLD                                                                                      \
	"tmpfs /a shared\nmkdir /a/x\nbind /a /b\nmake-slave /b\nbind /f /g create\n"              \
	"set-attr /b ro\nmkdir /e\ntmpfs /e\ntmpfs /e\nfork 1\n1: unshare mnt\n1: tmpfs /c\n"

/* Each expectation, as it is and as it is not. */
static void expectations(void **state)
{
	static const char *const holds[] = {
		"0 mounts 6",
		"0 same-as 0",
		"0 /a mounted",
		"0 /e mounted 2",
		"0 /c not-mounted",
		"0 /a type shared",
		"0 /b type slave",
		"0 / type private",
		"0 /a shared-with 1 /a",
		"0 /b not-shared-with 0 /a",
		"0 /b slave-of 0 /a",
		"1 /b slave-of 0 /a",
		"0 /a same-fs 1 /b",
		"0 /g root /f",
		"0 /e on /e",
		"0 /b on /",
		"0 /b attr ro relatime",
		"0 /a attr rw suid",
		"0 /b fs rw",
	};
	static const struct {
		const char *text, *got;
	} fails[] = {
		{"0 mounts 5", "got 6"},
		{"0 same-as 1", "got 6 and 7 mounts"},
		{"0 /c mounted", "got 0"},
		{"0 /e mounted 1", "got 2"},
		{"0 /e not-mounted", "got 2"},
		{"0 /a type private", "got shared"},
		{"0 /c type shared", "got nothing is mounted there"},
		{"0 /b shared-with 0 /a", "got groups 0 and 1, master 1"},
		{"0 / shared-with 1 /", "got groups 0 and 0, master 0"},
		{"0 /a not-shared-with 1 /a", "got groups 1 and 1, master 0"},
		{"0 /a slave-of 0 /b", "got groups 1 and 0, master 0"},
		{"0 / slave-of 1 /", "got groups 0 and 0, master 0"},
		{"0 /a same-fs 0 /", "got groups"},
		{"0 /a same-fs 0 /c", "got nothing is mounted at /c in 0"},
		{"0 /g root /g", "got /f"},
		{"0 /e on /", "got /e"},
		{"0 / on /a", "got on nothing in sight"},
		{"0 /b attr rw", "got ro,relatime"},
		{"0 /a attr ro", "got rw,relatime"},
		{"0 /a attr noatime", "got rw,relatime"},
		{"0 /a fs ro", "got rw"},
		{"5 mounts 0", "got there is no such process"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(holds); i++) {
		AUTO_FREE char *text = xasprintf(WORLD "expect %s\n", holds[i]);
		AUTO_FREE char *failed = failures(text);
		assert_string_equal(failed, "");
	}
	for (size_t i = 0; i < ARRAY_SIZE(fails); i++) {
		AUTO_FREE char *text = xasprintf(WORLD "expect %s\n", fails[i].text);
		AUTO_FREE char *failed = failures(text);
		AUTO_FREE char *said =
			xasprintf("x:14: expect %s: %s", fails[i].text, fails[i].got);
		assert_contains(failed, said);
	}
}

static void results(void **state)
{
	AUTO_FREE char *failed = failures("umount /a\n"
					  "tmpfs /a -> EPERM\n"
					  "umount /b -> EBUSY\n"
					  "umount /b -> EINVAL\n");

	assert_string_equal(failed, "x:2: umount /a: got EINVAL\n"
				    "x:3: tmpfs /a -> EPERM: got success\n"
				    "x:4: umount /b -> EBUSY: got EINVAL\n");
}

/* What cannot be made is no failure but an error: the file is wrong. */
static void impossible(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"# It.\n1: tmpfs /a\n", "x:2: 1: tmpfs /a: there is no such process"},
		{"# It.\nfork 0\n", "is there already"},
		{"# It.\nclose h1\n", "the file is not open"},
		{"# It.\nmove-mount h1 /a\n", "a file that it uses is not open"},
		{"# It.\nh1 = open /a\nh1 = open-tree /b\n", "x:3: "},
		{"# It.\nsetns ns:3\n", "the process of the namespace is not there"},
	};
	struct scenario_played played;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_fails(EINVAL, bad[i].why,
			     scenario_play("x", bad[i].text, SCENARIO_ON_MODEL, &played, err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(call_both_ways),
		cmocka_unit_test(random_calls_both_ways),
		cmocka_unit_test(handles_are_files),
		cmocka_unit_test(bad_calls),
		cmocka_unit_test(errnos),
		cmocka_unit_test(a_script),
		cmocka_unit_test(bad_scripts),
		cmocka_unit_test(expectations),
		cmocka_unit_test(results),
		cmocka_unit_test(impossible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
