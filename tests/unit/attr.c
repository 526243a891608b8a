// SPDX-License-Identifier: Apache-2.0
/* Attribute words and id maps. */
#include "unit.h"

#include "mnt/attr.h"

#include <sys/mount.h>

/* The words, joined by blanks, added one by one: the first result that is not 1. */
static int add(struct mnt_attr *attr, const char *text, struct err *err)
{
	AUTO(strv) struct strv words = {0};
	int rc = 1;

	strv_split(&words, text, ' ');
	for (size_t i = 0; i < words.n && rc == 1; i++)
		rc = mnt_attr_add_word(attr, words.v[i], err);
	return rc;
}

static void words_print_as_they_came(void **state)
{
	static const char *const texts[] = {
		" ro",
		" rw",
		" ro nosuid nodev noexec",
		" suid dev exec",
		" noatime",
		" strictatime",
		" relatime",
		" noatime nodiratime",
		" diratime",
		" nosymfollow",
		" symfollow private",
		" slave",
		" shared",
		" unbindable",
		" ro shared idmap=u:0:1000:1,g:0:1000:1",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		AUTO(mnt_attr) struct mnt_attr attr = {0};
		AUTO(buf) struct buf out = {0};
		assert_int_equal(add(&attr, texts[i] + 1, NULL), 1);
		mnt_attr_print(&attr, ' ', &out);
		assert_string_equal(out.data, texts[i]);
		AUTO(mnt_attr) struct mnt_attr copy = mnt_attr_copy(&attr);
		assert_false(mnt_attr_is_empty(&copy));
	}
}

static void bits(void **state)
{
	AUTO(mnt_attr) struct mnt_attr attr = {0};

	assert_true(mnt_attr_is_empty(&attr));
	assert_int_equal(add(&attr, "ro suid noatime shared", NULL), 1);
	assert_true(attr.set == (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOATIME));
	/* mount_setattr(2): of the atime mode all must be cleared. */
	assert_true(attr.clear == (MOUNT_ATTR_NOSUID | MOUNT_ATTR__ATIME));
	assert_true(attr.propagation == MS_SHARED);
}

static void contradictions(void **state)
{
	static const char *const texts[] = {
		"ro rw",
		"rw ro",
		"suid nosuid",
		"noatime relatime",
		"relatime strictatime",
		"private shared",
		"nodiratime diratime",
		"symfollow nosymfollow",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		AUTO(mnt_attr) struct mnt_attr attr = {0};
		assert_fails(EINVAL, "contradicts", add(&attr, texts[i], err));
	}
	AUTO(mnt_attr) struct mnt_attr twice = {0};
	assert_int_equal(add(&twice, "ro ro shared shared", NULL), 1);
	assert_fails(EINVAL, "twice", add(&twice, "idmap=0:1:1 idmap=0:2:1", err));
}

static void other_words(void **state)
{
	static const char *const others[] = {"", "ROO", "size=1m", "rec", "rro", "idmap", "r"};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		AUTO(mnt_attr) struct mnt_attr attr = {0};
		assert_int_equal(mnt_attr_add_word(&attr, others[i], NULL), 0);
		assert_true(mnt_attr_is_empty(&attr));
	}
	assert_true(mnt_propagation_parse("slave") == MS_SLAVE);
	assert_true(mnt_propagation_parse("unchanged") == 0);
	assert_string_equal(mnt_propagation_word(0), "unchanged");
	assert_string_equal(mnt_propagation_word(MS_UNBINDABLE), "unbindable");
}

static void idmaps(void **state)
{
	static const struct {
		const char *map, *sentence; /* NULL: it is right */
	} rows[] = {
		{"0:0:1", NULL},
		{"0:100000:65536", NULL},
		{"u:0:1000:1,g:0:1000:1", NULL},
		{"u:0:1000:1,u:1:2000:9,g:0:0:4294967295", NULL},
		{"0:0:4294967295", NULL},
		{"0:0:4294967296", "not an id range"},
		{"1:0:4294967295", "passes 2^32-2"},
		{"0:4294967295:1", "not an id range"},
		{"0:0:0", "empty"},
		{"", "no range for users"},
		{"u:0:0:1", "no range for groups"},
		{"g:0:0:1", "no range for users"},
		{"0:0", "not an id range"},
		{"0:0:1:2", "not an id range"},
		{"x:0:0:1", "not an id range"},
		{"0:0:1,", "not an id range"},
		{"0:-1:1", "not an id range"},
		{"0:0:10,9:100:1", "overlap"},
		{"0:0:10,20:9:1", "overlap"},
		{"u:0:0:10,0:100:5", "overlap"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].sentence)
			assert_fails(EINVAL, rows[i].sentence, mnt_idmap_check(rows[i].map, err));
		else
			assert_works(mnt_idmap_check(rows[i].map, err));
	}
}

static void as_many_ranges_as_the_kernel_takes(void **state)
{
	AUTO(buf) struct buf map = {0};

	for (int i = 0; i < 340; i++)
		buf_addf(&map, "%s%d:%d:1", i ? "," : "", 2 * i, 3 * i);
	assert_works(mnt_idmap_check(map.data, err));
	buf_adds(&map, ",5000:5000:1");
	assert_fails(EINVAL, "more than 340", mnt_idmap_check(map.data, err));
}

static void idmap_lines(void **state)
{
	AUTO_FREE char *u = mnt_idmap_lines("u:0:1000:1,1:2:3,g:0:7:1", 'u');
	AUTO_FREE char *g = mnt_idmap_lines("u:0:1000:1,1:2:3,g:0:7:1", 'g');

	assert_string_equal(u, "0 1000 1\n1 2 3\n");
	assert_string_equal(g, "1 2 3\n0 7 1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_print_as_they_came),
		cmocka_unit_test(bits),
		cmocka_unit_test(contradictions),
		cmocka_unit_test(other_words),
		cmocka_unit_test(idmaps),
		cmocka_unit_test(as_many_ranges_as_the_kernel_takes),
		cmocka_unit_test(idmap_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
