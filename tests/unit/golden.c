// SPDX-License-Identifier: Apache-2.0
/*
 * What is said, and the ops it becomes: for each NAME.words (a script in comfortable words) and
 * NAME.run (the words behind `mntns run`) in the directory given, NAME.ops is what is expected.
 * --update writes it anew, to be read before it is committed.
 */
#include "unit.h"

#include "base/io.h"
#include "box/compile.h"
#include "cli/run.h"
#include "op/op.h"

#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <stdio.h>

static bool update;
static glob_t cases;

static void compile_script(const char *text, struct buf *out)
{
	AUTO(ops) struct ops ops = {0};

	assert_works(ops_parse(&ops, "script", text, err));
	assert_works(ops_check(&ops, err));
	ops_print(&ops, out);
}

static void compile_for(const struct spec *spec, const struct box_host *host, const char *title,
			struct buf *out)
{
	__attribute__((cleanup(box_view_done))) struct box_view view = {0};
	AUTO(ops) struct ops back = {0};
	size_t start = out->len;

	assert_works(box_compile(spec, host, &view, err));
	assert_works(ops_check(&view.ops, err));
	assert_int_equal(view.ops.v[view.clone].kind, OP_UNSHARE);
	buf_addf(out, "%s# %s\n", start ? "\n" : "", title);
	start = out->len;
	ops_print(&view.ops, out);
	assert_works(ops_parse(&back, title, out->data + start, err));
	assert_int_equal(back.n, view.ops.n);
}

static void compile_run(const char *text, struct buf *out)
{
	static char *const environment[] = {NULL};
	struct run_args args = {.spec = {.propagation = mnt_propagation_parse("private")}};
	AUTO(strv) struct strv words = {0};
	AUTO(strv) struct strv warnings = {0};
	int used = -1;

	strv_split(&words, text, ' ');
	assert_works(used = options_parse(run_options, &args, words.v, err));
	assert_int_equal(used + 1, words.n);
	assert_works(run_absolute(words.v[used], &args.spec.root, err));
	strv_add(&args.spec.argv, "true");
	run_finish(&args, environment);
	assert_works(spec_check(&args.spec, &warnings, err));
	const char *map = args.spec.unshare & CLONE_NEWUSER ? args.spec.idmap : NULL;
	compile_for(&args.spec, &(struct box_host){"/run/mntns/template", map, map},
		    "with a template", out);
	compile_for(&args.spec, &(struct box_host){NULL, map, map}, "the classic way", out);
	if (!map)
		compile_for(&args.spec, &(struct box_host){NULL, "0:1000:1", true},
			    "without privilege", out);
	run_args_done(&args);
}

/* PATH.words -> PATH.ops */
static char *expectation(const char *path)
{
	return xasprintf("%.*s.ops", (int)(strrchr(path, '.') - path), path);
}

static void write_text(const char *path, const struct buf *text)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_int_equal(io_write_all(fd, text->data, text->len), 0);
}

static void one_case(void **state)
{
	const char *path = *state;
	AUTO_FREE char *ops_path = expectation(path);
	AUTO(buf) struct buf text = {0};
	AUTO(buf) struct buf expected = {0};
	AUTO(buf) struct buf got = {0};

	assert_works(io_read_file(AT_FDCWD, path, 1 << 20, &text, err));
	if (strstr(path, ".words")) {
		compile_script(text.data, &got);
	} else {
		text.data[strcspn(text.data, "\n")] = 0;
		compile_run(text.data, &got);
	}
	if (update)
		write_text(ops_path, &got);
	assert_works(io_read_file(AT_FDCWD, ops_path, 1 << 20, &expected, err));
	assert_string_equal(got.data, expected.data);
}

int main(int argc, char **argv)
{
	struct CMUnitTest *tests = NULL;
	size_t n = 0;

	if (argc < 2)
		return 2;
	update = argc > 2 && !strcmp(argv[2], "--update");
	AUTO_FREE char *words = xasprintf("%s/*.words", argv[1]);
	AUTO_FREE char *run = xasprintf("%s/*.run", argv[1]);
	if (glob(words, 0, NULL, &cases) || glob(run, GLOB_APPEND, NULL, &cases))
		return 2;
	for (size_t i = 0; i < cases.gl_pathc; i++)
		VEC_PUSH(tests, n,
			 (struct CMUnitTest){.name = strrchr(cases.gl_pathv[i], '/') + 1,
					     .test_func = one_case,
					     .initial_state = cases.gl_pathv[i]});
	int failed = _cmocka_run_group_tests("golden", tests, n, NULL, NULL);
	free(tests);
	globfree(&cases);
	return failed;
}
