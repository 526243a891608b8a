// SPDX-License-Identifier: Apache-2.0
/* The records of running boxes: who gets a name, and what is cleaned up by whom. */
#include "unit.h"

#include "base/io.h"
#include "box/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

static char *top; /* MNTNS_RUNTIME_DIR of one test */

static int set_up(void **state)
{
	top = xstrdup("/tmp/mntns-unit-XXXXXX");
	return mkdtemp(top) ? setenv("MNTNS_RUNTIME_DIR", top, 1) : -1;
}

static int tear_down(void **state)
{
	AUTO_FREE char *command = xasprintf("rm -r %s", top);

	free(top);
	return system(command);
}

static bool exists(const char *name)
{
	AUTO_FREE char *path = xasprintf("%s/boxes/%s", top, name);

	return access(path, F_OK) == 0;
}

/* A record whose box was killed: written, and held by nobody. */
static void write_dead(const char *name, const char *text)
{
	AUTO_FREE char *dir = xasprintf("%s/boxes", top);
	AUTO_FREE char *path = xasprintf("%s/%s", dir, name);

	mkdir(dir, 0700);
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(io_write_all(fd, text, strlen(text)), 0);
}

static void names(void **state)
{
	static const char *const right[] = {"a", "9", "web-1", "a.b_c+d", "A0"};
	static const char *const wrong[] = {"",	   ".",	  "..", ".a",  "-a",  "_a",
					    "a/b", "a b", "é",	"a\n", "../x"};
	AUTO_FREE char *longest = xcalloc(65, 1);

	for (size_t i = 0; i < ARRAY_SIZE(right); i++)
		assert_works(journal_check_name(right[i], err));
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_fails(EINVAL, "is not a name for a box", journal_check_name(wrong[i], err));
	memset(longest, 'a', 63);
	assert_works(journal_check_name(longest, err));
	longest[63] = 'a';
	assert_fails(EINVAL, "1 to 63", journal_check_name(longest, err));
}

static void a_name_has_one_box(void **state)
{
	struct journal one, two;

	assert_works(journal_open(&one, "web", err));
	assert_true(exists("web"));
	assert_fails(EEXIST, "a running box has the name 'web'", journal_open(&two, "web", err));
	assert_true(exists("web"));
	journal_close(&one);
	assert_false(exists("web"));
	assert_works(journal_open(&two, "web", err));
	journal_close(&two);
}

static void without_a_name_each_is_its_own(void **state)
{
	struct journal one, two;

	assert_works(journal_open(&one, NULL, err));
	assert_works(journal_open(&two, NULL, err));
	assert_string_not_equal(one.id, two.id);
	assert_true(journal_name_is_valid(one.id) && exists(one.id));
	journal_close(&one);
	journal_close(&two);
}

static void the_living_are_left_alone(void **state)
{
	struct journal j;

	assert_works(journal_open(&j, "alive", err));
	write_dead("dead", "{\"version\":1,\"pid\":1,\"cgroups\":[]}");
	journal_clean();
	assert_true(exists("alive"));
	assert_false(exists("dead"));
	journal_close(&j);
}

static void the_dead_give_their_name_back(void **state)
{
	struct journal j;

	write_dead("web", "{\"version\":1,\"pid\":1,\"cgroups\":[]}");
	assert_works(journal_open(&j, "web", err));
	journal_close(&j);
}

static void damaged_records_and_drafts_go_too(void **state)
{
	write_dead("empty", "");
	write_dead("cut", "{\"version\":1,\"pid\":1,\"cgro");
	write_dead("other", "{\"version\":1,\"pid\":1,\"cgroups\":[\"/etc\"]}");
	write_dead(".1234", "");
	journal_clean();
	assert_false(exists("empty"));
	assert_false(exists("cut"));
	assert_false(exists("other"));
	assert_false(exists(".1234"));
}

static void what_is_no_record_stays(void **state)
{
	AUTO_FREE char *link = xasprintf("%s/boxes/link", top);
	AUTO_FREE char *fifo = xasprintf("%s/boxes/fifo", top);
	AUTO_FREE char *target = xasprintf("%s/precious", top);

	write_dead("../precious", "x");
	assert_int_equal(symlink(target, link), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	journal_clean();
	assert_true(exists("../precious"));
	assert_true(exists("link"));
}

static void a_record_names_its_cgroups(void **state)
{
	struct journal j;
	struct record record = {.pid = 7, .root = "/srv/\377"};
	AUTO(buf) struct buf text = {0};

	strv_add(&record.cgroups, "/nowhere/mntns-web");
	assert_works(journal_open(&j, "web", err));
	assert_works(journal_write(&j, &record, err));
	assert_works(io_read_file(j.dirfd, "web", 4096, &text, err));
	assert_contains(text.data, "\"pid\":7,\"root\":\"/srv/\\\\377\",\"command\":[]");
	assert_contains(text.data, "[\"/nowhere/mntns-web\"]");
	strv_add(&record.cgroups, "/\377/mntns-web");
	assert_fails(EINVAL, "not UTF-8", journal_write(&j, &record, err));
	strv_done(&record.cgroups);
	journal_close(&j);
}

/* It cannot be seen whether they are gone: the record must stay. */
static void cgroups_out_of_sight_keep_the_record(void **state)
{
	struct journal j;

	write_dead("web", "{\"version\":1,\"pid\":1,\"cgroups\":[\"/nowhere/mntns-web\"]}");
	journal_clean();
	assert_true(exists("web"));
	assert_fails(EBUSY, "left cgroups that cannot be seen", journal_open(&j, "web", err));
}

static void the_runtime_directory_must_be_ours(void **state)
{
	char *dir = NULL;

	assert_works(runtime_dir(true, &dir, err));
	assert_string_equal(dir, top);
	free(dir);
	assert_int_equal(chmod(top, 0770), 0);
	assert_fails(EPERM, "can be written by others (mode 0770)", runtime_dir(true, &dir, err));
	assert_int_equal(chmod(top, 0700), 0);
	AUTO_FREE char *link = xasprintf("%s/link", top);
	assert_int_equal(symlink("/", link), 0);
	setenv("MNTNS_RUNTIME_DIR", link, 1);
	assert_fails(ENOTDIR, "is a symbolic link", runtime_dir(true, &dir, err));
	AUTO_FREE char *slash = xasprintf("%s//", link);
	setenv("MNTNS_RUNTIME_DIR", slash, 1);
	assert_fails(ENOTDIR, "is a symbolic link", runtime_dir(true, &dir, err));
	setenv("MNTNS_RUNTIME_DIR", "relative", 1);
	assert_fails(EINVAL, "is not absolute", runtime_dir(true, &dir, err));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		TEST(a_name_has_one_box),
		TEST(without_a_name_each_is_its_own),
		TEST(the_living_are_left_alone),
		TEST(the_dead_give_their_name_back),
		TEST(damaged_records_and_drafts_go_too),
		TEST(what_is_no_record_stays),
		TEST(a_record_names_its_cgroups),
		TEST(cgroups_out_of_sight_keep_the_record),
		TEST(the_runtime_directory_must_be_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
