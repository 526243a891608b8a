// SPDX-License-Identifier: Apache-2.0
/*
 * config.json: the ops it becomes (NAME.json and NAME.ops in the directory given; --update writes
 * the latter anew), and what is refused. Then every node of good configurations is damaged in many
 * ways: each result is read, or refused with a sentence; the sanitizers look on.
 */
#include "unit.h"

#include "base/io.h"
#include "box/compile.h"
#include "oci/cgroup_systemd.h"
#include "oci/cgroups.h"
#include "oci/config.h"
#include "oci/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>

static bool update;
static glob_t cases;

static json_t *load(const char *path)
{
	json_t *json = json_load_file(path, 0, NULL);

	assert_non_null(json);
	return json;
}

/* A hybrid machine, where one v1 hierarchy has two controllers. */
static void add_hierarchy(struct cgroups *cg, bool v2, const char *controllers, const char *name)
{
	struct hierarchy h = {.v2 = v2, .made = true};

	strv_split(&h.controllers, controllers, ',');
	h.mount = xasprintf("/sys/fs/cgroup/%s", name);
	h.dir = xasprintf("%s/box", h.mount);
	VEC_PUSH(cg->v, cg->n, h);
}

static struct cgroups machine(void)
{
	struct cgroups cg = {0};

	add_hierarchy(&cg, false, "name=systemd", "systemd");
	add_hierarchy(&cg, false, "cpu,cpuacct", "cpu,cpuacct");
	add_hierarchy(&cg, false, "memory", "memory");
	add_hierarchy(&cg, true, "hugetlb", "unified");
	return cg;
}

static void compile(const struct spec *spec, const struct box_host *host, const char *title,
		    struct buf *out)
{
	__attribute__((cleanup(box_view_done))) struct box_view view = {0};
	AUTO(ops) struct ops back = {0};
	size_t start;

	assert_works(box_compile(spec, host, &view, err));
	assert_works(ops_check(&view.ops, err));
	buf_addf(out, "%s# %s\n", out->len ? "\n" : "", title);
	start = out->len;
	ops_print(&view.ops, out);
	assert_works(ops_parse(&back, title, out->data + start, err));
	assert_int_equal(back.n, view.ops.n);
}

static void golden(void **state)
{
	const char *path = *state;
	AUTO_FREE char *ops_path = xasprintf("%.*s.ops", (int)(strrchr(path, '.') - path), path);
	AUTO(buf) struct buf expected = {0};
	AUTO(buf) struct buf got = {0};
	struct config config;
	struct cgroups cg = machine();

	assert_works(config_parse(load(path), "/bundle", NULL, &config, err));
	cgroups_expand_mounts(&cg, &config.spec);
	const char *map = config.spec.idmap;
	compile(&config.spec, &(struct box_host){"/run/mntns/template", map, map},
		"with a template", &got);
	compile(&config.spec, &(struct box_host){NULL, map, map}, "the classic way", &got);
	if (update) {
		AUTO_FD int fd = open(ops_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		assert_int_equal(io_write_all(fd, got.data, got.len), 0);
	}
	assert_works(io_read_file(AT_FDCWD, ops_path, 1 << 20, &expected, err));
	assert_string_equal(got.data, expected.data);
	cgroups_done(&cg);
	config_done(&config);
}

/* --- damage --- */

#define KINDS 16

static json_t *damaged(json_t *was, int kind)
{
	static const char long_text[70000] = {[0 ... 69998] = 'x'};

	switch (kind) {
	case 0:
		return json_null();
	case 1:
		return json_integer(-1);
	case 2:
		return json_integer(INT64_MAX);
	case 3:
		return json_integer(INT64_MIN);
	case 4:
		return json_real(1.8446744073709552e19);
	case 5:
		return json_real(-0.5);
	case 6:
		return json_string("");
	case 7:
		return json_string(long_text);
	case 8:
		return json_string("a\nb");
	case 9:
		return json_stringn("a\0b", 3);
	case 10:
		return json_string("/../../x");
	case 11:
		return json_true();
	case 12:
		return json_array();
	case 13:
		return json_object();
	case 14:
		return json_pack("[O, O]", was, was);
	default:
		return json_pack("{s:O}", "x", was);
	}
}

static size_t tried, refused;

static void try_one(json_t *top)
{
	AUTO(err) struct err why = {0};
	struct config config;
	int rc = config_parse(json_deep_copy(top), "/bundle", NULL, &config, &why);

	tried++;
	if (rc == 0) {
		__attribute__((cleanup(box_view_done))) struct box_view view = {0};
		AUTO(err) struct err compiled = {0};
		struct box_host host = {NULL, config.spec.idmap, config.spec.idmap};
		if (box_compile(&config.spec, &host, &view, &compiled) < 0)
			assert_non_null(compiled.msg);
		config_done(&config);
		return;
	}
	refused++;
	assert_non_null(why.msg);
	assert_true(strlen(why.msg) > 10 && why.code > 0);
}

static void damage_all(json_t *top, json_t *at)
{
	AUTO(strv) struct strv keys = {0};
	const char *key;
	json_t *v;
	size_t i;

	json_object_foreach (at, key, v)
		strv_add(&keys, key);
	for (i = 0; i < keys.n; i++) {
		const char *name = keys.v[i];
		v = json_incref(json_object_get(at, name));
		damage_all(top, v);
		for (int kind = 0; kind < KINDS; kind++) {
			json_object_set_new(at, name, damaged(v, kind));
			try_one(top);
		}
		json_object_del(at, name);
		try_one(top);
		json_object_set_new(at, name, v);
	}
	json_array_foreach (at, i, v) {
		json_incref(v);
		damage_all(top, v);
		for (int kind = 0; kind < KINDS; kind++) {
			json_array_set_new(at, i, damaged(v, kind));
			try_one(top);
		}
		json_array_set_new(at, i, v);
	}
}

static void damage(void **state)
{
	json_t *top = load(*state);

	tried = refused = 0;
	damage_all(top, top);
	assert_true(tried > 1000);
	assert_true(refused > tried / 3 && refused < tried);
	json_decref(top);
}

static void weights(void **state)
{
	static const int64_t known[][2] = {
		{0, 1},	     {2, 1},	     {3, 2},	      {1024, 100},     {1025, 101},
		{2048, 174}, {100000, 4340}, {262143, 10000}, {262144, 10000}, {INT64_MAX, 10000}};
	static const char *const bfq[][2] = {{"10", "1"},
					     {"1000", "10000"},
					     {"100", "910"},
					     {"1", "1"},
					     {"7:0 500", "7:0 4950"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		assert_int_equal(weight_of_shares(known[i][0]), known[i][1]);
	for (int64_t shares = 3; shares <= 262144; shares += 97)
		assert_true(weight_of_shares(shares) >= weight_of_shares(shares - 1));
	for (size_t i = 0; i < ARRAY_SIZE(bfq); i++) {
		AUTO_FREE char *io = weight_for_io(bfq[i][0]);
		assert_string_equal(io, bfq[i][1]);
	}
}

static void systemd_names(void **state)
{
	static const char *const bad[] = {
		"a--b.slice:p:n", "foo:p:n",	".slice:p:n",	"a-.slice:p:n",
		"a.slice:p",	  "a.slice:p:", "a.slice:p:n/m"};
	struct cgroup_unit unit = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(cgroup_systemd_name(bad[i], false, &unit, NULL), -EINVAL);
	assert_null(unit.name);
	assert_int_equal(cgroup_systemd_name("a-b.slice:p:n", false, &unit, NULL), 0);
	assert_string_equal(unit.slice, "a-b.slice");
	assert_string_equal(unit.name, "p-n.scope");
	assert_string_equal(unit.path, "/a.slice/a-b.slice/p-n.scope");
	cgroup_unit_done(&unit);
	assert_int_equal(cgroup_systemd_name(":p:n", true, &unit, NULL), 0);
	assert_string_equal(unit.slice, "user.slice");
	cgroup_unit_done(&unit);
	assert_int_equal(cgroup_systemd_name(":p:n", false, &unit, NULL), 0);
	assert_string_equal(unit.slice, "system.slice");
	cgroup_unit_done(&unit);
}

int main(int argc, char **argv)
{
	struct CMUnitTest *tests = NULL;
	size_t n = 0;

	if (argc < 2)
		return 2;
	update = argc > 2 && !strcmp(argv[2], "--update");
	AUTO_FREE char *pattern = xasprintf("%s/*.json", argv[1]);
	if (glob(pattern, 0, NULL, &cases))
		return 2;
	for (size_t i = 0; i < cases.gl_pathc; i++) {
		const char *name = strrchr(cases.gl_pathv[i], '/') + 1;
		VEC_PUSH(tests, n,
			 (struct CMUnitTest){.name = name,
					     .test_func = golden,
					     .initial_state = cases.gl_pathv[i]});
		VEC_PUSH(tests, n,
			 (struct CMUnitTest){.name = xasprintf("%s damaged", name),
					     .test_func = damage,
					     .initial_state = cases.gl_pathv[i]});
	}
	VEC_PUSH(tests, n, (struct CMUnitTest){.name = "weights", .test_func = weights});
	VEC_PUSH(tests, n,
		 (struct CMUnitTest){.name = "names of systemd", .test_func = systemd_names});
	int failed = _cmocka_run_group_tests("oci", tests, n, NULL, NULL);
	for (size_t i = 1; i < 2 * cases.gl_pathc; i += 2)
		free((char *)tests[i].name);
	free(tests);
	globfree(&cases);
	return failed;
}
