// SPDX-License-Identifier: Apache-2.0
/* From the words behind `mntns run`, or a profile, to a spec; and what a spec may not say. */
#include "unit.h"

#include "box/spec.h"
#include "cli/run.h"
#include "cli/run_values.h"

#include <sched.h>
#include <sys/mount.h>

static void print_mounts(const struct spec *spec, struct buf *out)
{
	buf_add(out, "", 0);
	for (size_t i = 0; i < spec->n_mounts; i++) {
		const struct spec_mount *m = &spec->mounts[i];
		buf_addf(out, "%s%s %s %s", i ? ";" : "", m->type, m->source, m->target);
		for (size_t k = 0; k < m->words.n; k++)
			buf_addf(out, " %s", m->words.v[k]);
	}
}

/* "--option|value|--option|value": values may have blanks. */
static int parse(struct run_args *args, const char *text, struct err *err)
{
	AUTO(strv) struct strv argv = {0};

	strv_split(&argv, text, '|');
	return options_parse(run_options, args, argv.v, err);
}

static void mounts(void **state)
{
	static const struct {
		const char *text, *mounts;
	} cases[] = {
		{"--bind|/a:/b", "bind /a /b"},
		{"--bind|/a/:/b//c/.", "bind /a /b/c"},
		{"--bind|/a:/b:ro,nosuid", "bind /a /b ro nosuid"},
		{"--bind|/a:/b:idmap=u:0:1:2,g:0:1:2,ro", "bind /a /b idmap=u:0:1:2,g:0:1:2 ro"},
		{"--bind|/a:/b:idmap", "bind /a /b idmap"},
		{"--rbind|/a b:/c d:rro", "rbind /a b /c d rro"},
		{"-v|/a:/b:ro", "rbind /a /b ro"},
		{"--tmpfs|/t", "tmpfs tmpfs /t nosuid nodev"},
		{"--tmpfs|/t:size=64m,mode=1777", "tmpfs tmpfs /t size=64m mode=1777 nosuid nodev"},
		{"--tmpfs|/t:size=64mb,suid,dev", "tmpfs tmpfs /t size=67108864 suid dev"},
		{"--tmpfs|/t:size=50%", "tmpfs tmpfs /t size=50% nosuid nodev"},
		{"--mount|type=bind,src=/a,dst=/b", "rbind /a /b"},
		{"--mount|type=bind,source=/a,target=/b,readonly", "rbind /a /b ro"},
		{"--mount|type=bind,src=/a,destination=/b,ro=false", "rbind /a /b rw"},
		{"--mount|type=bind,src=/a,dst=/b,bind-nonrecursive", "bind /a /b"},
		{"--mount|type=bind,src=/a,dst=/b,bind-recursive=disabled", "bind /a /b"},
		{"--mount|type=bind,src=/a,dst=/b,bind-recursive=readonly", "rbind /a /b rro"},
		{"--mount|type=bind,src=/a,dst=/b,bind-propagation=rslave", "rbind /a /b rslave"},
		{"--mount|type=bind,\"src=/a,\"\"b\",dst=/b", "rbind /a,\"b /b"},
		{"--mount|type=tmpfs,dst=/t,tmpfs-size=1k,tmpfs-mode=700",
		 "tmpfs tmpfs /t size=1k mode=700 nosuid nodev"},
		{"--mount|type=proc,dst=/p,hidepid=2", "proc proc /p hidepid=2"},
		{"--mount|type=ext4,src=/dev/sda1,dst=/d,noatime", "ext4 /dev/sda1 /d noatime"},
		{"--mount|type=overlay,dst=/o,lower=/l,upper=/u,work=/w",
		 "overlay overlay /o lowerdir+=/l upperdir=/u workdir=/w"},
		{"--private-tmp", "tmpfs tmpfs /tmp mode=1777 nosuid nodev;"
				  "tmpfs tmpfs /var/tmp mode=1777 nosuid nodev"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct run_args args = {0};
		AUTO(buf) struct buf out = {0};
		assert_works(parse(&args, cases[i].text, err));
		print_mounts(&args.spec, &out);
		assert_string_equal(out.data, cases[i].mounts);
		run_args_done(&args);
	}
}

static void wrong_options(void **state)
{
	static const struct {
		const char *text, *sentence;
	} cases[] = {
		{"--bind|/a", "--bind /a: expected SRC:DST[:OPTIONS]"},
		{"--bind|:/b", "expected SRC:DST"},
		{"--bind|/a:", "expected SRC:DST"},
		{"--bind|/a:b", "'b': expected an absolute path inside the box"},
		{"--bind|/a:/b:read-only", "a bind takes no option 'read-only'; expected ro"},
		{"--bind|/a:/b:ro,rw", "'rw' contradicts"},
		{"--bind|/a:/b:idmap=0:0", "is not an id range"},
		{"-v|/a", "anonymous volumes do not exist"},
		{"-v|data:/b", "'data' is the name of a volume"},
		{"--tmpfs|t", "expected an absolute path"},
		{"--tmpfs|/t:size=9999999999g",
		 "--tmpfs /t:size=9999999999g: size '9999999999g' is "
		 "too large"},
		{"--tmpfs|/t:size=big", "not a size"},
		{"--tmpfs|/t:mode=999", "mode '999' is not octal"},
		{"--mount|src=/a,dst=/b", "expected type="},
		{"--mount|type=bind,dst=/b", "type=bind: expected src=PATH"},
		{"--mount|type=bind,src=/a", "expected dst=PATH"},
		{"--mount|type=bind,type=tmpfs,dst=/b", "type= is given twice"},
		{"--mount|type=volume,src=v,dst=/b", "volumes by name"},
		{"--mount|type=bind,src=/a,dst=/b,ro=maybe", "ro=maybe: expected true or false"},
		{"--mount|type=bind,src=/a,dst=/b,bind-recursive=x", "is one of enabled"},
		{"--mount|type=bind,src=/a,dst=/b,bind-propagation=up", "is private, slave"},
		{"--mount|type=bind,,dst=/b", "a field between commas is empty"},
		{"--mount|type=bind,\"src=/a", "a quote is not closed"},
		{"--propagation|sideways", "expected private, slave, shared or unchanged"},
		{"--propagation|unbindable", "expected private, slave, shared or unchanged"},
		{"--unshare|pid,nett", "'nett': expected pid, net, ipc"},
		{"--unshare|mnt", "the mount namespace is always new"},
		{"--share|", "the argument is empty"},
		{"--memory|0", "nothing runs with no memory"},
		{"--memory|64x", "the suffix is k, m, g or t"},
		{"--memory|9223372036854775808", "too large"},
		{"--cpus|x", "expected a number of processors"},
		{"--cpus|-1", "expected a number of processors"},
		{"--cpus|.", "expected a number of processors"},
		{"--cpus|0.001", "the kernel's least is 0.01"},
		{"--pids|0", "nothing runs without a process"},
		{"--pids|99999999999", "larger than 4194304"},
		{"--user|:", "expected UID[:GID]"},
		{"--user|a:b:c", "expected UID[:GID]"},
		{"--name|../x", "is not a name for a box"},
		{"--name|.x", "is not a name for a box"},
		{"--env|=x", "expected NAME=VALUE"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct run_args args = {0};
		AUTO(err) struct err err = {0};
		if (parse(&args, cases[i].text, &err) >= 0)
			fail_msg("'%s' is taken", cases[i].text);
		assert_contains(err.msg, cases[i].sentence);
		/* It names the option. */
		assert_true(str_starts(err.msg, "--"));
		run_args_done(&args);
	}
}

static void values(void **state)
{
	uint64_t n;

	assert_works(run_parse_cpus("1.5", &n, err));
	assert_int_equal(n, 150000);
	assert_works(run_parse_cpus(".01", &n, err));
	assert_int_equal(n, 1000);
	assert_works(run_parse_cpus("3", &n, err));
	assert_int_equal(n, 300000);
	assert_works(run_parse_cpus("0.123456789", &n, err));
	assert_int_equal(n, 12345);
	assert_works(run_parse_propagation("rslave", &n, err));
	assert_true(n == MS_SLAVE);
	assert_works(run_parse_namespaces("pid,net", &n, err));
	assert_true(n == (CLONE_NEWPID | CLONE_NEWNET));
}

static void variables(void **state)
{
	AUTO(strv) struct strv env = {0};

	setenv("MNTNS_UNIT", "from the caller", 1);
	unsetenv("MNTNS_NOT_THERE");
	assert_works(run_set_variable(&env, "A=1", err));
	assert_works(run_set_variable(&env, "AB=2", err));
	assert_works(run_set_variable(&env, "A=3=4", err));
	assert_works(run_set_variable(&env, "MNTNS_UNIT", err));
	assert_works(run_set_variable(&env, "MNTNS_NOT_THERE", err));
	assert_works(run_set_variable(&env, "EMPTY=", err));
	assert_int_equal(env.n, 4);
	assert_string_equal(env.v[0], "A=3=4");
	assert_string_equal(env.v[2], "MNTNS_UNIT=from the caller");
	assert_string_equal(env.v[3], "EMPTY=");
}

static void profile_says_what_options_say(void **state)
{
	struct run_args args = {0};
	AUTO(buf) struct buf out = {0};

	assert_works(profile_apply_text(
		&args, "box.json",
		"{\"root\": \"/srv/root\", \"bind\": [\"/a:/b\", \"/c:/d:ro\"], \"private-tmp\": "
		"true, \"proc\": false, \"cpus\": 1.5, \"pids\": 64, \"memory\": \"64m\",\n"
		"\"hostname\": \"box\", \"init\": false, \"command\": [\"sh\", \"-c\", \"true\"]}",
		err));
	print_mounts(&args.spec, &out);
	assert_string_equal(out.data, "bind /a /b;bind /c /d ro;"
				      "tmpfs tmpfs /tmp mode=1777 nosuid nodev;"
				      "tmpfs tmpfs /var/tmp mode=1777 nosuid nodev");
	assert_string_equal(args.spec.root, "/srv/root");
	assert_int_equal(args.proc, NO);
	assert_int_equal(args.spec.limits.cpu_quota_us, 150000);
	assert_int_equal(args.spec.limits.pids, 64);
	assert_int_equal(args.spec.limits.memory, 64 << 20);
	assert_int_equal(args.spec.argv.n, 3);
	assert_false(args.spec.init);
	run_args_done(&args);
}

static void wrong_profiles(void **state)
{
	static const struct {
		const char *text, *sentence;
	} cases[] = {
		{"", "box.json:1:0: "},
		{"{\n\"root\": }", "box.json:2:"},
		{"[]", "box.json: expected a JSON object"},
		{"{\"bond\": 1}", "box.json: \"bond\": unknown key; expected root, command"},
		{"{\"root\": 1}", "box.json: \"root\": expected a string"},
		{"{\"root\": \"/a\", \"root\": \"/b\"}", "duplicate"},
		{"{\"command\": \"sh\"}", "\"command\": expected an array of strings"},
		{"{\"command\": [1]}", "\"command\": expected an array of strings"},
		{"{\"init\": 1}", "\"init\": expected true or false"},
		{"{\"bind\": true}", "expected a string or a number, or an array of them"},
		{"{\"bind\": [\"/a\"]}", "\"bind\": --bind /a: expected SRC:DST"},
		{"{\"hostname\": [\"a\"]}", "has one value"},
		{"{\"file\": \"x\"}", "a profile cannot include another one"},
		{"{\"dry-run\": true}", "belongs on the command line"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct run_args args = {0};
		AUTO(err) struct err err = {0};
		if (profile_apply_text(&args, "box.json", cases[i].text, &err) >= 0)
			fail_msg("'%s' is taken", cases[i].text);
		assert_contains(err.msg, cases[i].sentence);
		run_args_done(&args);
	}
}

/* The words before ROOT and the sentence of spec_check, NULL: none. */
static int check(const char *text, struct strv *warnings, struct err *err)
{
	struct run_args args = {0};
	int rc = parse(&args, text, err);

	if (rc >= 0) {
		args.spec.root = xstrdup("/srv/root");
		strv_add(&args.spec.argv, "true");
		run_finish(&args, NULL);
		rc = spec_check(&args.spec, warnings, err);
	}
	run_args_done(&args);
	return rc;
}

static void contradictions(void **state)
{
	static const struct {
		const char *text, *sentence;
	} cases[] = {
		{"--overlay|--upper|/u", "--overlay throws writes away, --upper keeps them"},
		{"--work|/w", "--work is of use only with --upper"},
		{"-t|--detach", "not with --detach"},
		{"-t|--no-dev", "leave --dev on"},
		{"--init|--share|pid", "--init needs --unshare pid"},
		{"--hostname|h|--share|uts", "--hostname needs --unshare uts"},
		{"--uidmap|0:0:1|--gidmap|0:0:1", "need --unshare user"},
		{"--bind|/a:/b:idmap", "it needs --unshare user"},
		{"--bind|/a:/", "the destination cannot be /"},
		{"--bind|/a:/b/../c", "may not contain . or .."},
	};
	AUTO(strv) struct strv warnings = {0};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_fails(EINVAL, cases[i].sentence, check(cases[i].text, &warnings, err));
	assert_int_equal(warnings.n, 0);
	assert_works(check("--bind|/a:/a b/...", &warnings, err));
}

static void order_surprises_are_warned_about(void **state)
{
	static const struct {
		const char *text;
		size_t warnings;
	} cases[] = {
		{"--bind|/a:/m/b|--tmpfs|/m", 1},    {"--tmpfs|/m|--bind|/a:/m/b", 0},
		{"--bind|/a:/m|--bind|/b:/m", 1},    {"--bind|/a:/mm|--bind|/b:/m", 0},
		{"--tmpfs|/tmp/x|--private-tmp", 1}, {"--upper|/u|--read-only", 1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO(strv) struct strv warnings = {0};
		assert_works(check(cases[i].text, &warnings, err));
		assert_int_equal(warnings.n, cases[i].warnings);
	}
}

static void defaults_depend_on_root(void **state)
{
	struct run_args dir = {.spec = {.root = xstrdup("/srv")}};
	struct run_args host = {.spec = {.root = xstrdup("/")}};
	static char *const environment[] = {"HOME=/h", "X=1", NULL};

	run_finish(&dir, environment);
	run_finish(&host, environment);
	assert_true(dir.spec.proc && dir.spec.dev && dir.spec.sys && dir.spec.mask);
	assert_true(dir.spec.unshare & CLONE_NEWPID && !(dir.spec.unshare & CLONE_NEWNET));
	assert_false(dir.spec.caps_all || strv_has(&dir.spec.env, "X=1"));
	assert_false(host.spec.proc || host.spec.dev || host.spec.sys || host.spec.mask);
	assert_true(host.spec.caps_all && strv_has(&host.spec.env, "X=1"));
	assert_int_equal(host.spec.unshare, 0);
	run_args_done(&dir);
	run_args_done(&host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mounts),
		cmocka_unit_test(wrong_options),
		cmocka_unit_test(values),
		cmocka_unit_test(variables),
		cmocka_unit_test(profile_says_what_options_say),
		cmocka_unit_test(wrong_profiles),
		cmocka_unit_test(contradictions),
		cmocka_unit_test(order_surprises_are_warned_about),
		cmocka_unit_test(defaults_depend_on_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
