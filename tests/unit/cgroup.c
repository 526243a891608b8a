// SPDX-License-Identifier: Apache-2.0
/* Where a box's cgroups go, from given texts of mountinfo and /proc/self/cgroup; and the limits. */
#include "unit.h"

#include "base/io.h"
#include "box/cgroup_parts.h"
#include "box/pids.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define V1_MEMORY                                                                                  \
	"40 30 0:33 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory\n"
#define V1_CPU "41 30 0:34 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
#define OTHER  "20 1 8:1 / / rw - ext4 /dev/sda1 rw\n"

static int plan(struct spec_limits limits, const char *self, const char *mountinfo,
		struct strv *dirs, struct err *err)
{
	AUTO_FREE char *text = xstrdup(mountinfo);
	FILE *file = fmemopen(text, strlen(text), "r");
	int rc = cgroup_plan_from(&limits, "x1", self, file, dirs, err);

	fclose(file);
	return rc;
}

static void lines_of_mountinfo(void **state)
{
	struct cgroup_mount m;

	assert_true(cgroup_mount_parse("40 30 0:33 /docker/a\\040b /sys/fs/cgroup/cpu,cpuacct rw "
				       "shared:9 master:3 - cgroup "
				       "cgroup rw,cpu,cpuacct\n",
				       &m));
	assert_false(m.v2);
	assert_string_equal(m.root, "/docker/a b");
	assert_string_equal(m.point, "/sys/fs/cgroup/cpu,cpuacct");
	assert_true(strv_has(&m.controllers, "cpu") && strv_has(&m.controllers, "cpuacct"));
	cgroup_mount_done(&m);
	assert_true(cgroup_mount_parse("4 3 0:3 / /a\\134040b rw - cgroup2 none rw\n", &m));
	assert_true(m.v2);
	assert_string_equal(m.point, "/a\\040b");
	cgroup_mount_done(&m);
	assert_false(cgroup_mount_parse(OTHER, &m));
	assert_false(cgroup_mount_parse("4 3 0:3 / /a rw - cgroup3 none rw\n", &m));
	assert_false(cgroup_mount_parse("4 / - cgroup2 \n", &m));
	assert_false(cgroup_mount_parse("", &m));
}

static void positions(void **state)
{
	static const char self[] = "12:cpu,cpuacct:/a:b\n3:memory:/m\n1:name=systemd:/s\n0::/u\n";
	AUTO_FREE char *cpu = cgroup_position(self, "cpu");
	AUTO_FREE char *memory = cgroup_position(self, "memory");
	AUTO_FREE char *v2 = cgroup_position(self, NULL);

	assert_string_equal(cpu, "/a:b");
	assert_string_equal(memory, "/m");
	assert_string_equal(v2, "/u");
	assert_null(cgroup_position(self, "pids"));
	assert_null(cgroup_position("12:cpu:/a\n", NULL));
	assert_null(cgroup_position("nonsense", "cpu"));
}

static void directories(void **state)
{
	static const struct {
		const char *root, *position, *directory;
	} cases[] = {
		{"/", "/", "/sys/fs/cgroup"},
		{"/", "/a/b", "/sys/fs/cgroup/a/b"},
		{"/a", "/a", "/sys/fs/cgroup"},
		{"/a", "/a/b", "/sys/fs/cgroup/b"},
		{"/a", "/ab", NULL},
		{"/a", "/", NULL},
		{"/", "/..", NULL},
		{"/", "/../x", NULL},
		{"/", "/..x", "/sys/fs/cgroup/..x"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cgroup_mount m = {.root = (char *)cases[i].root, .point = "/sys/fs/cgroup"};
		AUTO_FREE char *directory = cgroup_directory(&m, cases[i].position);
		if (cases[i].directory)
			assert_string_equal(directory, cases[i].directory);
		else
			assert_null(directory);
	}
}

static void v1(void **state)
{
	AUTO(strv) struct strv dirs = {0};
	AUTO(strv) struct strv none = {0};

	assert_works(plan((struct spec_limits){.memory = 1 << 20, .cpu_quota_us = 1000},
			  "3:memory:/m\n2:cpu,cpuacct:/\n", OTHER V1_MEMORY V1_CPU, &dirs, err));
	assert_int_equal(dirs.n, 2);
	assert_string_equal(dirs.v[0], "/sys/fs/cgroup/memory/m/mntns-x1");
	assert_string_equal(dirs.v[1], "/sys/fs/cgroup/cpu/mntns-x1");
	assert_works(plan((struct spec_limits){0}, "", OTHER, &none, err));
	assert_int_equal(none.n, 0);
}

static void one_directory_for_two_controllers(void **state)
{
	AUTO(strv) struct strv dirs = {0};

	assert_works(plan((struct spec_limits){.memory = 1 << 20, .cpu_quota_us = 1000},
			  "3:cpu,memory:/\n", "40 30 0:33 / /cg rw - cgroup cgroup rw,memory,cpu\n",
			  &dirs, err));
	assert_int_equal(dirs.n, 1);
}

/* A cgroup2 file system as files say it: enough for the plan, which makes nothing. */
static char *fake_v2(const char *own)
{
	char *dir = xstrdup("/tmp/mntns-unit-XXXXXX");
	AUTO_FREE char *below = NULL;
	AUTO_FD int fd = -1;

	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	close(openat(fd, "cgroup.controllers", O_WRONLY | O_CREAT, 0600));
	assert_int_equal(io_write_file(fd, "cgroup.controllers", "cpu memory pids\n", NULL), 0);
	if (!own)
		return dir;
	below = xasprintf("%s/cgroup.type", own);
	assert_true(mkdirat(fd, own, 0700) == 0 || errno == EEXIST);
	close(openat(fd, below, O_WRONLY | O_CREAT, 0600));
	return dir;
}

static void remove_fake(const char *dir)
{
	AUTO_FREE char *command = xasprintf("rm -r %s", dir);

	assert_int_equal(system(command), 0);
}

static void v2_is_beside_the_caller(void **state)
{
	AUTO_FREE char *top = fake_v2("session");
	AUTO_FREE char *mountinfo = xasprintf("40 30 0:33 / %s rw - cgroup2 none rw\n", top);
	AUTO_FREE char *expected = xasprintf("%s/mntns-x1", top);
	AUTO(strv) struct strv dirs = {0};

	assert_works(plan((struct spec_limits){.pids = 9}, "0::/session\n", mountinfo, &dirs, err));
	assert_int_equal(dirs.n, 1);
	assert_string_equal(dirs.v[0], expected);
	remove_fake(top);
}

static void v2_root_is_its_own_parent(void **state)
{
	AUTO_FREE char *top = fake_v2(NULL);
	AUTO_FREE char *mountinfo = xasprintf("40 30 0:33 / %s rw - cgroup2 none rw\n", top);
	AUTO_FREE char *expected = xasprintf("%s/mntns-x1", top);
	AUTO(strv) struct strv dirs = {0};

	assert_works(plan((struct spec_limits){.pids = 9}, "0::/\n", mountinfo, &dirs, err));
	assert_string_equal(dirs.v[0], expected);
	remove_fake(top);
}

static void a_container_in_its_top_cgroup(void **state)
{
	AUTO_FREE char *top = fake_v2(".");
	AUTO_FREE char *mountinfo = xasprintf("40 30 0:33 / %s rw - cgroup2 none rw\n", top);
	AUTO(strv) struct strv dirs = {0};

	assert_fails(EBUSY, "pids: this process is in the topmost cgroup that can be seen here",
		     plan((struct spec_limits){.pids = 9}, "0::/\n", mountinfo, &dirs, err));
	remove_fake(top);
}

static void not_there(void **state)
{
	AUTO(strv) struct strv dirs = {0};
	struct spec_limits pids = {.pids = 9};

	assert_fails(ENOENT, "pids: no cgroup hierarchy here has the pids controller",
		     plan(pids, "3:memory:/\n", OTHER V1_MEMORY, &dirs, err));
	assert_fails(ENOENT,
		     "pids: the cgroup hierarchy of the pids controller is not mounted here",
		     plan(pids, "3:pids:/\n", OTHER V1_MEMORY, &dirs, err));
	assert_fails(
		ENOENT, "own cgroup is not below what is mounted here",
		plan(pids, "3:pids:/a\n", "4 3 0:3 /b /cg rw - cgroup none rw,pids\n", &dirs, err));
	assert_int_equal(dirs.n, 0);
}

static void limits(void **state)
{
	static const struct {
		struct spec_limits limits;
		const char *sentence;
	} wrong[] = {
		{{.memory = 4096}, "memory: 4096 is out of the kernel's range; expected 65536"},
		{{.memory = INT64_MAX}, "memory: "},
		{{.cpu_quota_us = 999},
		 "cpus: 0.00999 is out of the kernel's range; expected 0.01"},
		{{.cpu_quota_us = 1ULL << 44}, "cpus: "},
		{{.pids = (1 << 22) + 1}, "pids: 4194305 is out of the kernel's range"},
	};
	struct spec_limits right = {.memory = 1 << 16, .cpu_quota_us = 1000, .pids = 1 << 22};
	AUTO_FREE char *words = cgroup_limits_words(&right);

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_fails(ERANGE, wrong[i].sentence, cgroup_limits_check(&wrong[i].limits, err));
	assert_works(cgroup_limits_check(&right, err));
	assert_works(cgroup_limits_check(&(struct spec_limits){0}, err));
	assert_string_equal(words, "memory, cpus, pids");
}

/* A record that was tampered with names what is not a box's: it is left alone. */
static void only_ours_are_removed(void **state)
{
	AUTO_FREE char *top = fake_v2("session");
	AUTO(strv) struct strv dirs = {0};

	strv_addf(&dirs, "%s/session", top);
	strv_add(&dirs, "relative/mntns-x");
	assert_int_equal(cgroup_remove_dirs(&dirs), 0);
	assert_int_equal(access(dirs.v[0], F_OK), 0);
	/* Nor is a directory of that name where no cgroup file system is. */
	AUTO(strv) struct strv elsewhere = {0};
	strv_addf(&elsewhere, "%s/mntns-x", top);
	assert_int_equal(mkdir(elsewhere.v[0], 0700), 0);
	assert_int_equal(cgroup_remove_dirs(&elsewhere), -ESTALE);
	assert_int_equal(access(elsewhere.v[0], F_OK), 0);
	remove_fake(top);
}

/* Two processes and, from the second look on, one alone: the other's number is as one used again.
 */
struct listed {
	pid_t stays, leaves;
	int looks;
};

static int list(const void *arg, struct pids *ret, struct err *err)
{
	struct listed *listed = *(struct listed *const *)arg;
	AUTO_FREE char *text = xasprintf("%d\n%d\n0\n%d\n", listed->stays,
					 listed->looks++ ? 0 : listed->leaves, listed->stays);

	(void)err;
	pids_parse(text, ret);
	pids_sort(ret);
	return 0;
}

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	assert_true(pid > 0);
	return pid;
}

static void who_left_is_not_signaled(void **state)
{
	struct listed listed = {sleeper(), sleeper(), 0}, *arg = &listed;
	int status;

	(void)state;
	assert_int_equal(pids_signal(list, &arg, SIGTERM, NULL), 0);
	assert_int_equal(waitpid(listed.stays, &status, 0), listed.stays);
	assert_int_equal(WTERMSIG(status), SIGTERM);
	kill(listed.leaves, SIGKILL);
	assert_int_equal(waitpid(listed.leaves, &status, 0), listed.leaves);
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

#define MANY 20

static int list_many(const void *arg, struct pids *ret, struct err *err)
{
	const pid_t *v = arg;
	AUTO(buf) struct buf text = {0};

	for (size_t i = 0; i < MANY; i++)
		buf_addf(&text, "%d\n", v[i]);
	(void)err;
	pids_parse(text.data, ret);
	pids_sort(ret);
	return 0;
}

static void few_descriptors_are_enough(void **state)
{
	struct rlimit before, few = {8, 8};
	AUTO(err) struct err err = {0};
	pid_t v[MANY];
	int status;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		v[i] = sleeper();
	getrlimit(RLIMIT_NOFILE, &before);
	few.rlim_max = before.rlim_max;
	setrlimit(RLIMIT_NOFILE, &few);
	int rc = pids_signal(list_many, v, SIGTERM, &err);
	setrlimit(RLIMIT_NOFILE, &before);
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(waitpid(v[i], &status, 0), v[i]);
		assert_int_equal(WTERMSIG(status), SIGTERM);
	}
	assert_int_equal(rc, 0);
	assert_null(err.msg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_mountinfo),
		cmocka_unit_test(positions),
		cmocka_unit_test(directories),
		cmocka_unit_test(v1),
		cmocka_unit_test(one_directory_for_two_controllers),
		cmocka_unit_test(v2_is_beside_the_caller),
		cmocka_unit_test(v2_root_is_its_own_parent),
		cmocka_unit_test(a_container_in_its_top_cgroup),
		cmocka_unit_test(not_there),
		cmocka_unit_test(limits),
		cmocka_unit_test(only_ours_are_removed),
		cmocka_unit_test(who_left_is_not_signaled),
		cmocka_unit_test(few_descriptors_are_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
