// SPDX-License-Identifier: Apache-2.0
/* Options by rows: every way to write one, and the sentence for every way to get one wrong. */
#include "unit.h"

#include "cli/option.h"
#include "cli/run.h"

struct said {
	bool init;
	struct buf log; /* "name=value;" of each one applied */
};

static int note(void *ctx, const struct option *o, const char *value, struct err *err)
{
	struct said *said = ctx;

	if (value && !strcmp(value, "bad"))
		return err_say(err, EINVAL, "expected something better");
	buf_addf(&said->log, "%s=%s;", o->name, value ? value : "(no)");
	return 0;
}

static const struct option rows[] = {
	{.name = "bind", .letter = 'b', .arg = "SRC", .apply = note},
	{.name = "volume", .letter = 'v', .arg = "SRC", .alias = "vol", .apply = note},
	{.name = "init",
	 .letter = 'i',
	 .apply = option_set_flag,
	 .field = offsetof(struct said, init)},
	{.name = "tty", .letter = 't', .apply = note},
	{.name = "proc", .flags = OPTION_NEGATABLE, .apply = note},
	{0},
};

/* The words, split at blanks, applied; the number taken. */
static int parse(const char *text, struct said *said, struct err *err)
{
	AUTO(strv) struct strv argv = {0};

	strv_add(&argv, "");
	strv_split(&argv, text, ' ');
	return options_parse(rows, said, argv.v + 1, err);
}

static void right(void **state)
{
	static const struct {
		const char *text, *log;
		int used;
	} cases[] = {
		{"/root --bind x", "", 0},
		{"--bind x /root", "bind=x;", 2},
		{"--bind=x --bind= y", "bind=x;bind=;", 2},
		{"--bind -- y", "bind=--;", 2},
		{"-b x -bx -b=x", "bind=x;bind=x;bind==x;", 4},
		{"-tb x", "tty=;bind=x;", 2},
		{"-tbx -ttv y", "tty=;bind=x;tty=;tty=;volume=y;", 3},
		{"--vol a --volume b", "volume=a;volume=b;", 4},
		{"--proc --no-proc", "proc=;proc=(no);", 2},
		{"--tty -- --tty", "tty=;", 1},
		{"- --tty", "", 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct said said = {0};
		int used = -1;
		assert_works(used = parse(cases[i].text, &said, err));
		assert_int_equal(used, cases[i].used);
		assert_string_equal(said.log.data ? said.log.data : "", cases[i].log);
		buf_done(&said.log);
	}
}

static void wrong(void **state)
{
	static const struct {
		const char *text, *sentence;
	} cases[] = {
		{"--bnd x", "unknown option --bnd; did you mean --bind?"},
		{"--no-pro", "unknown option --no-pro; did you mean --no-proc?"},
		{"--vols", "did you mean --vol?"},
		{"--xyzzy", "unknown option --xyzzy; --help lists them"},
		{"--no-tty", "unknown option --no-tty"},
		{"-x", "unknown option -x; --help lists them"},
		{"-tx", "unknown option -x"},
		{"--bind", "--bind needs an argument: SRC"},
		{"-tb", "-b needs an argument: SRC"},
		{"--tty=1", "--tty takes no argument"},
		{"--no-proc=1", "--no-proc takes no argument"},
		{"--bind bad", "--bind bad: expected something better"},
		{"-v bad", "--volume bad: expected something better"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct said said = {0};
		assert_fails(EINVAL, cases[i].sentence, parse(cases[i].text, &said, err));
		assert_int_equal(parse(cases[i].text, &said, NULL), -EINVAL);
		buf_done(&said.log);
	}
}

static void help_is_asked_for(void **state)
{
	char *const yes[][4] = {{"--help"}, {"-h"}, {"--tty", "-h"}, {"--bind", "--x", "--help"}};
	char *const no[][4] = {{NULL}, {"/root", "--help"}, {"--", "--help"}, {"--bind", "--help"}};

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		assert_true(options_ask_help(rows, yes[i]));
		assert_false(options_ask_help(rows, no[i]));
	}
}

/* A row that nobody can use, or that --help cannot show, is a mistake of ours. */
static void rows_of_run(void **state)
{
	AUTO(buf) struct buf help = {0};

	options_print_help(run_options, &help);
	for (const struct option *o = run_options; o->name; o++) {
		AUTO_FREE char *dashed = xasprintf("--%s", o->name);
		assert_non_null(o->help);
		assert_non_null(o->apply);
		if (!(o->flags & OPTION_NEGATABLE))
			assert_contains(help.data, dashed);
		for (const struct option *p = o + 1; p->name; p++) {
			assert_string_not_equal(o->name, p->name);
			assert_true(!o->letter || o->letter != p->letter);
			assert_true(!o->alias || strcmp(o->alias, p->name));
			assert_true(!p->alias || strcmp(p->alias, o->name));
		}
	}
	for (const char *line = help.data; *line; line += strcspn(line, "\n") + 1)
		if (strcspn(line, "\n") > 80)
			fail_msg("longer than 80 columns: %.*s", (int)strcspn(line, "\n"), line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(right),
		cmocka_unit_test(wrong),
		cmocka_unit_test(help_is_asked_for),
		cmocka_unit_test(rows_of_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
