// SPDX-License-Identifier: Apache-2.0
/*
 * reasons FILE.why…: each file is a scenario, mntns-scenario(5), whose last call is refused for the
 * reason that the file is called by. The calls are made on the kernel and on the model; both must
 * say the errno, and the model that reason, about the mount of the line "# at PATH". Lines "#+
 * CALL" are what helps: with them in front of the last call, or with the line "#! CALL" in its
 * place, nothing is refused. Prints TAP; the last tests are about the reasons that no file is
 * called by.
 */
#include "base/io.h"
#include "base/mem.h"
#include "model/why.h"
#include "scenario/script.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define BELOW_ALL "only who is in an initramfs can name the mount that is below all"
/* What no file can show, and why. */
static const struct {
	enum model_why why;
	const char *because;
} without[] = {
	{MODEL_WHY_NO_SOURCE, "a call of a scenario always has a source"},
	{MODEL_WHY_NO_FSTYPE, "a call of a scenario always mounts a tmpfs"},
	{MODEL_WHY_NS_FULL, "fs.mount-max is the machine's; see mount_max in unit/model.c"},
	{MODEL_WHY_RECEIVER_FULL, "fs.mount-max is the machine's; see mount_max in unit/model.c"},
	{MODEL_WHY_CHROOT_MAY_NOT, "all tasks of the model are root in their user namespace"},
	{MODEL_WHY_UNSHARE_MAY_NOT, "all tasks of the model are root in their user namespace"},
	{MODEL_WHY_SETNS_MAY_NOT_SELF, "all tasks of the model are root in their user namespace"},
	{MODEL_WHY_MOVE_ROOT, BELOW_ALL},
	{MODEL_WHY_UMOUNT_NS_ROOT, BELOW_ALL},
	{MODEL_WHY_PIVOT_ROOTFS, BELOW_ALL},
	{MODEL_WHY_PIVOT_NEW_NS_ROOT, BELOW_ALL},
	{MODEL_WHY_PASSES_UNBINDABLE, "binds and moves of what is unbindable are refused before"},
	{MODEL_WHY_RECONFIGURE_NOT_ROOT, "no call of a scenario is fspick(2)"},
	{MODEL_WHY_RENAME_TOO_LONG, "a path of a scenario is shorter"},
	{MODEL_WHY_SOURCE_CLOSED, "kernels before 6.15 only; see unit/model_rules.c"},
	{MODEL_WHY_MOVE_TARGET_CLOSED, "kernels before 6.15 only; see unit/model_rules.c"},
	{MODEL_WHY_TYPE_OTHER_NS, "kernels before 6.17 only; see unit/model_rules.c"},
};

static int count, failed;
static bool shown[MODEL_WHY_MAX];

static void tell(bool is_ok, const char *name, const char *why, const char *details)
{
	printf("%sok %d - %s: %s\n", is_ok ? "" : "not ", ++count, name, why);
	for (const char *line = details; line && *line;) {
		const char *end = strchrnul(line, '\n');
		printf("# %.*s\n", (int)(end - line), line);
		line = end + (*end == '\n');
	}
	failed += !is_ok;
}

/* Only the last call is refused. */
static bool is_refused_for(struct pair *pair, const struct script *script, enum model_why why,
			   const char *at, struct buf *out)
{
	AUTO(err) struct err err = {0};

	for (size_t i = 0; i < script->n; i++) {
		bool is_last = i + 1 == script->n;
		const struct line *line = &script->v[i];
		int rc = 0;
		buf_addf(out, "%s\n", line->text);
		int same = pair_call(pair, &line->call, &rc, out, &err);
		if (same < 0)
			return buf_addf(out, "%s\n", err.msg), false;
		if (!same)
			return false;
		if ((rc < 0) != is_last || -rc != line->call.want)
			return buf_addf(out, "%s\n", rc ? strerror(-rc) : "it was done"), false;
	}
	const struct model_reason *said = model_reason(model_world_why(pair->model));
	AUTO_FREE char *path = model_world_why_path(pair->model);
	if (said != model_reason(why))
		buf_addf(out, "the model says %s: %s\n", said->name, said->what);
	if (strcmp(path ? path : "", at) != 0)
		buf_addf(out, "it is about %s\n", path ? path : "no mount");
	return said == model_reason(why) && !strcmp(path ? path : "", at);
}

static bool check(const struct script *script, enum model_why why, const char *at, struct buf *out)
{
	AUTO(err) struct err err = {0};
	struct pair pair;

	if (pair_start(&pair, SCENARIO_ON_BOTH, &err) < 0)
		return buf_addf(out, "%s\n", err.msg), false;
	bool is_ok = is_refused_for(&pair, script, why, at, out);
	pair_done(&pair);
	return is_ok;
}

/* Nothing is refused. */
static bool all_works(struct pair *pair, const struct script *script, struct buf *out)
{
	AUTO(err) struct err err = {0};

	for (size_t i = 0; i < script->n; i++) {
		int rc = 0;
		buf_addf(out, "%s\n", script->v[i].text);
		int same = pair_call(pair, &script->v[i].call, &rc, out, &err);
		if (same != 1 || rc < 0)
			return buf_addf(out, "%s\n",
					rc	  ? strerror(-rc)
					: err.msg ? err.msg
						  : ""),
			       false;
	}
	return true;
}

/* The text with what helps; false: it has nothing of that kind. */
static bool helped(const char *text, struct buf *out)
{
	AUTO(strv) struct strv lines = {0};
	const char *last = "# With what helps.", *instead = NULL;
	bool helps = false;

	strv_split(&lines, text, '\n');
	for (size_t i = 0; i < lines.n; i++) {
		const char *line = lines.v[i];
		if (*line && *line != '#') {
			buf_addf(out, "%s\n", last);
			last = line;
		}
	}
	for (size_t i = 0; i < lines.n; i++) {
		if (str_starts(lines.v[i], "#+ "))
			buf_addf(out, "%s\n", lines.v[i] + 3);
		if (str_starts(lines.v[i], "#! "))
			instead = lines.v[i] + 3;
		helps |= str_starts(lines.v[i], "#+ ") || str_starts(lines.v[i], "#! ");
	}
	const char *end = strstr(last, " -> ");
	buf_add(out, instead ? instead : last,
		instead ? strlen(instead)
		: end	? (size_t)(end - last)
			: strlen(last));
	buf_addc(out, '\n');
	return helps;
}

static void check_help(const char *name, enum model_why why, const char *text)
{
	AUTO(buf) struct buf calls = {0}, out = {0};
	AUTO(script) struct script script = {0};
	AUTO(err) struct err err = {0};
	struct pair pair;

	if (!helped(text, &calls))
		return;
	if (script_parse(&script, name, calls.data, &err) < 0 ||
	    pair_start(&pair, SCENARIO_ON_BOTH, &err) < 0)
		return tell(false, name, err.msg, calls.data);
	bool is_ok = all_works(&pair, &script, &out);
	pair_done(&pair);
	tell(is_ok, name, model_reason(why)->fix, is_ok ? NULL : out.data);
}

/* What is behind "# at "; "": about no mount. */
static char *place_of(const char *text)
{
	const char *at = strstr(text, "\n# at ");

	return at ? xstrndup(at + 6, strcspn(at + 6, "\n")) : xstrdup("");
}

static void check_file(const char *file)
{
	const char *base = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	AUTO_FREE char *name = xstrndup(base, strcspn(base, "."));
	enum model_why why = model_why_named(name);
	AUTO(buf) struct buf text = {0};
	AUTO(buf) struct buf out = {0};
	AUTO(script) struct script script = {0};
	AUTO(err) struct err err = {0};

	if (why == MODEL_WHY_NONE)
		return tell(false, name, "there is no such reason", NULL);
	shown[why] = true;
	if (io_read_file(AT_FDCWD, file, 1 << 20, &text, &err) < 0 ||
	    script_parse(&script, file, text.data ? text.data : "", &err) < 0)
		return tell(false, name, err.msg, NULL);
	AUTO_FREE char *at = place_of(text.data);
	bool is_ok = script.n && check(&script, why, at, &out);
	tell(is_ok, name, model_reason(why)->what, is_ok ? NULL : out.data);
	check_help(name, why, text.data);
}

static const char *excuse(enum model_why why)
{
	for (size_t i = 0; i < ARRAY_SIZE(without); i++)
		if (without[i].why == why)
			return without[i].because;
	return NULL;
}

int main(int argc, char **argv)
{
	size_t n = 0;

	for (int i = 1; i < argc; i++)
		check_file(argv[i]);
	for (int why = MODEL_WHY_NONE + 1; why < MODEL_WHY_MAX; why++) {
		const char *because = excuse((enum model_why)why);
		n += shown[why];
		if (shown[why] == !because)
			continue;
		tell(false, model_reason((enum model_why)why)->name,
		     because ? "it is shown, and listed as if it could not be" : "no file shows it",
		     NULL);
	}
	tell(n >= 60, "all", "at least 60 reasons are shown", NULL);
	printf("1..%d\n", count);
	return failed != 0;
}
