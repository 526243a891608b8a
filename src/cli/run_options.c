// SPDX-License-Identifier: Apache-2.0
/* The options of run: a row each. Where docker, podman or bubblewrap have a word, it is theirs. */
#include "base/mem.h"
#include "box/journal.h"
#include "cli/run.h"
#include "cli/run_values.h"

#include <errno.h>
#include <string.h>

#define ARGS struct run_args *args = ctx
/* The two ends of a row: where in struct run_args the value goes. */
#define AT(member)   offsetof(struct run_args, member)
#define SPEC(member) offsetof(struct run_args, spec.member)

static void *field(void *ctx, const struct option *o)
{
	return (char *)ctx + o->field;
}

/* --- setting a field --- */

static int set_string(void *ctx, const struct option *o, const char *value, struct err *err)
{
	char **string = field(ctx, o);

	if (!*value)
		return err_say(err, EINVAL, "the argument is empty");
	free(*string);
	*string = xstrdup(value);
	return 0;
}

static int set_path(void *ctx, const struct option *o, const char *value, struct err *err)
{
	char *path;

	if (run_absolute(value, &path, err) < 0)
		return -EINVAL;
	char **string = field(ctx, o);
	free(*string);
	*string = path;
	return 0;
}

static int set_tristate(void *ctx, const struct option *o, const char *value, struct err *err)
{
	enum tristate *t = field(ctx, o);

	*t = value ? YES : NO;
	return 0;
}

static int add_names(void *ctx, const struct option *o, const char *value, struct err *err)
{
	AUTO(strv) struct strv names = {0};

	strv_split(&names, value, ',');
	if (!names.n || strv_has(&names, ""))
		return err_say(err, EINVAL, "expected names with commas between them");
	for (size_t i = 0; i < names.n; i++)
		strv_add(field(ctx, o), names.v[i]);
	return 0;
}

/* --- the mounts --- */

static int apply_bind(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	return run_add_bind(&args->spec, o->name, o->name, value, err);
}

static int apply_volume(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	return run_add_volume(&args->spec, value, err);
}

static int apply_mount(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	return run_add_mount(&args->spec, value, err);
}

static int apply_tmpfs(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	return run_add_tmpfs(&args->spec, value, err);
}

static int apply_private_tmp(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	return run_add_private_tmp(&args->spec, err);
}

static int apply_layer(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	AUTO_FREE char *path = NULL;

	if (run_absolute(value, &path, err) < 0)
		return -EINVAL;
	strv_add(&args->spec.layers, path);
	return 0;
}

static int apply_propagation(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	return run_parse_propagation(value, &args->spec.propagation, err);
}

/* --- namespaces, program, limits --- */

static int apply_unshare(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	bool share = !strcmp(o->name, "share");
	uint64_t set;

	if (run_parse_namespaces(value, &set, err) < 0)
		return -EINVAL;
	args->unshare = share ? args->unshare & ~set : args->unshare | set;
	args->share = share ? args->share | set : args->share & ~set;
	return 0;
}

/* "uidmap" and "gidmap" begin with the letter that the map wants. */
static int apply_idmap(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	AUTO_FREE char *both = xasprintf("u:%s,g:%s", value, value);

	if (strpbrk(value, ",ug") || mnt_idmap_check(both, NULL) < 0)
		return err_say(err, EINVAL,
			       "expected INSIDE:OUTSIDE:LENGTH, three numbers like 0:100000:65536");
	buf_addf(&args->idmap, "%s%c:%s", args->idmap.len ? "," : "", *o->name, value);
	return 0;
}

static int apply_hostname(void *ctx, const struct option *o, const char *value, struct err *err)
{
	if (strlen(value) > 64)
		return err_say(err, EINVAL, "a host name has at most 64 bytes");
	return set_string(ctx, o, value, err);
}

static int apply_user(void *ctx, const struct option *o, const char *value, struct err *err)
{
	return run_check_user(value, err) < 0 ? -EINVAL : set_string(ctx, o, value, err);
}

static int apply_env(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	return run_set_variable(&args->spec.env, value, err);
}

static int apply_clear_env(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	args->keep_env = NO;
	return 0;
}

static int apply_workdir(void *ctx, const struct option *o, const char *value, struct err *err)
{
	if (*value != '/')
		return err_say(err, EINVAL, "expected an absolute path inside the box");
	return set_string(ctx, o, value, err);
}

static int apply_memory(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	return run_parse_memory(value, &args->spec.limits.memory, err);
}

static int apply_cpus(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	return run_parse_cpus(value, &args->spec.limits.cpu_quota_us, err);
}

static int apply_pids(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	return run_parse_pids(value, &args->spec.limits.pids, err);
}

static int apply_name(void *ctx, const struct option *o, const char *value, struct err *err)
{
	return journal_check_name(value, err) < 0 ? -EINVAL : set_string(ctx, o, value, err);
}

static int apply_file(void *ctx, const struct option *o, const char *value, struct err *err)
{
	ARGS;
	return profile_apply(args, value, err);
}

#define NAMESPACES "pid net ipc uts cgroup user time"

const struct option run_options[] = {
	{"bind", 0, NULL, "SRC:DST[:OPTIONS]", OPTION_REPEATS, "file", "File system",
	 "bind SRC of the host on DST of the box, without what is mounted below SRC; OPTIONS, with "
	 "commas: ro rw nosuid nodev noexec noatime nosymfollow ... (with r in front for the whole "
	 "tree: rro rnosuid ...), private slave shared unbindable, idmap[=MAP]",
	 apply_bind, 0},
	{"rbind", 0, NULL, "SRC:DST[:OPTIONS]", OPTION_REPEATS, "file", NULL,
	 "the same with everything that is mounted below SRC", apply_bind, 0},
	{"volume", 'v', NULL, "SRC:DST[:OPTIONS]", OPTION_REPEATS, "file", NULL,
	 "docker's word for --rbind; SRC is a path and starts with / or ./", apply_volume, 0},
	{"mount", 0, NULL, "type=TYPE,src=SRC,dst=DST,...", OPTION_REPEATS, NULL, NULL,
	 "docker's long form: type bind, tmpfs, overlay, proc or any other, and its options",
	 apply_mount, 0},
	{"tmpfs", 0, NULL, "DST[:size=N,mode=N,...]", OPTION_REPEATS, NULL, NULL,
	 "an empty file system in memory", apply_tmpfs, 0},
	{"private-tmp", 0, NULL, NULL, 0, NULL, NULL,
	 "a /tmp of the box's own, and a /var/tmp where ROOT has one", apply_private_tmp, 0},
	{"overlay", 0, NULL, NULL, 0, NULL, NULL, "writes to the root go to a throw-away layer",
	 option_set_flag, SPEC(overlay)},
	{"layer", 0, NULL, "DIR", OPTION_REPEATS, "dir", NULL,
	 "put the read-only layer DIR on ROOT; the first one given is on top", apply_layer, 0},
	{"upper", 0, NULL, "DIR", 0, "dir", NULL, "writes to the root are kept in DIR", set_path,
	 SPEC(upper)},
	{"work", 0, NULL, "DIR", 0, "dir", NULL,
	 "overlay's work directory, on the file system of --upper; UPPER.work if not given",
	 set_path, SPEC(work)},
	{"read-only", 0, NULL, NULL, 0, NULL, NULL, "the root cannot be written", option_set_flag,
	 SPEC(read_only)},
	{"propagation", 0, NULL, "TYPE", 0, "private slave shared unchanged", NULL,
	 "of the root and of binds that do not say theirs: private (default), slave, shared, "
	 "unchanged",
	 apply_propagation, 0},
	{"proc", 0, NULL, NULL, OPTION_NEGATABLE, NULL, NULL,
	 "mount /proc; default for a directory, and with --unshare pid", set_tristate, AT(proc)},
	{"dev", 0, NULL, NULL, OPTION_NEGATABLE, NULL, NULL,
	 "mount a minimal /dev; default for a directory", set_tristate, AT(dev)},
	{"sys", 0, NULL, NULL, OPTION_NEGATABLE, NULL, NULL,
	 "mount /sys read-only; default for a directory", set_tristate, AT(sys)},
	{"mask", 0, NULL, NULL, OPTION_NEGATABLE, NULL, NULL,
	 "hide and protect the paths below /proc and /sys that other engines do; default for a "
	 "directory",
	 set_tristate, AT(mask)},

	{"unshare", 0, NULL, "NS,...", OPTION_REPEATS, NAMESPACES, "Namespaces",
	 "new namespaces: " NAMESPACES "; default for a directory: pid ipc uts cgroup",
	 apply_unshare, 0},
	{"share", 0, NULL, "NS,...", OPTION_REPEATS, NAMESPACES, NULL,
	 "keep the caller's namespaces", apply_unshare, 0},
	{"uidmap", 0, NULL, "INSIDE:OUTSIDE:LENGTH", OPTION_REPEATS, NULL, NULL,
	 "users of the user namespace", apply_idmap, 0},
	{"gidmap", 0, NULL, "INSIDE:OUTSIDE:LENGTH", OPTION_REPEATS, NULL, NULL,
	 "groups of the user namespace", apply_idmap, 0},
	{"hostname", 0, NULL, "NAME", 0, NULL, NULL, "the box's host name", apply_hostname,
	 SPEC(hostname)},

	{"user", 'u', NULL, "UID[:GID]|NAME", 0, NULL, "Program",
	 "run as this user of the box's /etc/passwd; default: root", apply_user, SPEC(user)},
	{"env", 'e', NULL, "NAME[=VALUE]", OPTION_REPEATS, NULL, NULL,
	 "set a variable, or copy the caller's", apply_env, 0},
	{"clear-env", 0, "clearenv", NULL, 0, NULL, NULL,
	 "only PATH, HOME, with -t TERM, and what --env sets; default for a directory",
	 apply_clear_env, 0},
	{"keep-env", 0, NULL, NULL, 0, NULL, NULL, "the caller's environment; default for /",
	 set_tristate, AT(keep_env)},
	{"workdir", 'w', "chdir", "DIR", 0, NULL, NULL, "working directory inside the box",
	 apply_workdir, SPEC(workdir)},
	{"cap-add", 0, NULL, "CAP,...", OPTION_REPEATS, NULL, NULL,
	 "add capabilities to the default set, which is docker's; ALL for all", add_names,
	 SPEC(cap_add)},
	{"cap-drop", 0, NULL, "CAP,...", OPTION_REPEATS, NULL, NULL, "drop capabilities", add_names,
	 SPEC(cap_drop)},
	{"no-new-privileges", 0, NULL, NULL, 0, NULL, NULL,
	 "the program cannot gain privileges, by setuid files for example", option_set_flag,
	 SPEC(no_new_privs)},
	{"init", 0, NULL, NULL, 0, NULL, NULL,
	 "a small PID 1 in front of the program, that reaps orphans and forwards signals",
	 option_set_flag, SPEC(init)},
	{"tty", 't', NULL, NULL, 0, NULL, NULL, "a new terminal for the program", option_set_flag,
	 SPEC(tty)},
	{"interactive", 'i', NULL, NULL, 0, NULL, NULL,
	 "accepted for docker's sake: standard input is always passed through", option_set_flag,
	 AT(interactive)},
	{"detach", 'd', NULL, NULL, 0, NULL, NULL,
	 "run in the background with /dev/null as standard streams, and print the program's "
	 "PID",
	 option_set_flag, SPEC(detach)},
	{"name", 0, NULL, "NAME", 0, NULL, NULL, "a name that only one running box has", apply_name,
	 SPEC(name)},

	{"memory", 'm', NULL, "SIZE", 0, NULL, "Limits", "memory, like 512m or 2g", apply_memory,
	 0},
	{"cpus", 0, NULL, "N", 0, NULL, NULL, "processors, like 2 or 0.5", apply_cpus, 0},
	{"pids", 0, "pids-limit", "N", 0, NULL, NULL, "processes and threads", apply_pids, 0},

	{"file", 'f', NULL, "PROFILE", OPTION_NO_PROFILE, "file", "Other",
	 "read options from a JSON file, see mntns-run.json(5); - is standard input", apply_file,
	 0},
	{"dry-run", 0, NULL, NULL, OPTION_NO_PROFILE, NULL, NULL,
	 "print the mount operations, run nothing", option_set_flag, AT(dry_run)},
	{"json", 'J', NULL, NULL, OPTION_NO_PROFILE, NULL, NULL, "print them as JSON",
	 option_set_flag, AT(json)},
	{0},
};
