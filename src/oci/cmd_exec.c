// SPDX-License-Identifier: Apache-2.0
/* exec: one more process in a container that runs. */
#include "base/io.h"
#include "base/mem.h"
#include "box/box.h"
#include "box/contain.h"
#include "box/identity.h"
#include "box/labels.h"
#include "oci/cmds.h"
#include "oci/container.h"
#include "oci/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>

struct joining {
	struct container *container;
	const char *pid_file;
};

static int settle(void *arg, pid_t pid, struct err *err)
{
	struct joining *j = arg;

	return container_write_pid(j->pid_file, pid, err);
}

/* "process" from a file of its own. */
static json_t *read_process(const char *path, struct err *err)
{
	AUTO(buf) struct buf text = {0};
	json_error_t why;

	if (io_read_file(AT_FDCWD, path, 16 << 20, &text, err) < 0) {
		err_add(err, "--process");
		return NULL;
	}
	json_t *json = place_load(text.data ? text.data : "", text.len, &why);
	if (!json)
		err_say(err, EINVAL, "--process %s: line %d, column %d: %s", path, why.line,
			why.column, why.text);
	return json;
}

/* "5", "5:7"; names are for the container's own login programs. */
static int set_user(json_t *process, const char *text, struct err *err)
{
	const char *colon = strchr(text, ':');
	AUTO_FREE char *user = xstrndup(text, colon ? (size_t)(colon - text) : strlen(text));
	uint64_t uid, gid = 0;

	if (str_to_u64(user, UINT32_MAX - 1, &uid, err) < 0 ||
	    (colon && str_to_u64(colon + 1, UINT32_MAX - 1, &gid, err) < 0))
		return err_add(err, "--user %s (expected UID or UID:GID)", text);
	json_object_set_new(process, "user",
			    json_pack("{s:I s:I}", "uid", (json_int_t)uid, "gid", (json_int_t)gid));
	return 0;
}

static void append(json_t *process, const char *key, const struct strv *words)
{
	json_t *array = json_object_get(process, key);

	if (!json_is_array(array)) {
		array = json_array();
		json_object_set_new(process, key, array);
	}
	for (size_t i = 0; i < words->n; i++)
		json_array_append_new(array, json_string(words->v[i]));
}

static void add_caps(json_t *process, const struct strv *caps)
{
	static const char *const sets[] = {"bounding", "effective", "permitted", "inheritable",
					   "ambient"};
	json_t *all = json_object_get(process, "capabilities");

	if (!json_is_object(all)) {
		all = json_object();
		json_object_set_new(process, "capabilities", all);
	}
	for (size_t i = 0; caps->n && i < ARRAY_SIZE(sets); i++)
		append(all, sets[i], caps);
}

static int add_groups(json_t *process, const struct strv *groups, struct err *err)
{
	json_t *user = json_object_get(process, "user"), *array = json_array();

	for (size_t i = 0; i < groups->n; i++) {
		uint64_t gid;
		if (str_to_u64(groups->v[i], UINT32_MAX - 1, &gid, err) < 0) {
			json_decref(array);
			return err_add(err, "--additional-gids");
		}
		json_array_append_new(array, json_integer((json_int_t)gid));
	}
	json_object_set_new(user, "additionalGids", array);
	return 0;
}

/* The container's own process, with the program and what else was said. */
static json_t *make_process(const struct args *args, const struct config *config, struct err *err)
{
	json_t *process = json_deep_copy(json_object_get(config->json, "process"));
	json_t *words = json_array();

	for (int i = 1; i < args->n_words; i++)
		json_array_append_new(words, json_string(args->words[i]));
	json_object_set_new(process, "args", words);
	json_object_set_new(process, "terminal", json_boolean(args->tty));
	json_object_del(process, "oomScoreAdj");
	if (args->cwd)
		json_object_set_new(process, "cwd", json_string(args->cwd));
	if (args->no_new_privs)
		json_object_set_new(process, "noNewPrivileges", json_true());
	append(process, "env", &args->env);
	add_caps(process, &args->caps);
	if ((args->user && set_user(process, args->user, err) < 0) ||
	    (args->groups.n && add_groups(process, &args->groups, err) < 0)) {
		json_decref(process);
		return NULL;
	}
	return process;
}

static int read_spec(const struct args *args, const struct config *config, struct spec *spec,
		     struct strv *warnings, struct err *err)
{
	json_t *json =
		args->process ? read_process(args->process, err) : make_process(args, config, err);
	struct place place = {.key = "process", .v = json};
	int rc;

	if (!json)
		return -err->code;
	if (args->apparmor)
		json_object_set_new(json, "apparmorProfile", json_string(args->apparmor));
	if (args->label)
		json_object_set_new(json, "selinuxLabel", json_string(args->label));
	rc = json_is_object(json) ? config_process(&place, spec, warnings, err)
				  : place_refuse(&place, err, "expected an object");
	json_decref(json);
	if (rc < 0)
		return rc;
	if (args_preserved(args, &spec->preserve_fds, err) < 0)
		return -err->code;
	/* conmon says it on the command line, and not always in the file. */
	spec->tty |= args->tty;
	config_confine_alike(config->spec.process, spec->process);
	return labels_check(spec, err);
}

static uint64_t namespaces(const struct spec *spec)
{
	uint64_t all = spec->unshare | CLONE_NEWNS;

	for (size_t i = 0; i < spec->n_joins; i++)
		all |= spec->joins[i].kind;
	/* A process enters a time namespace alone, at its birth; setns(2) of a pidfd does both. */
	return all;
}

/* "memory:/a" or "/a", which is of every hierarchy: those are no longer the container's own. */
static int choose_cgroup(struct cgroups *cg, const char *said, struct err *err)
{
	const char *colon = strchr(said, ':'), *path = colon ? colon + 1 : said;
	AUTO_FREE char *name = colon ? xstrndup(said, (size_t)(colon - said)) : NULL;
	AUTO(strv) struct strv parts = {0};
	size_t chosen = 0;

	strv_split(&parts, path, '/');
	if (strv_has(&parts, ".."))
		return err_say(err, EINVAL, "--cgroup %s: may not contain ..", said);
	for (size_t i = 0; i < cg->n; i++) {
		struct hierarchy *h = &cg->v[i];
		if (name && (*name ? !strv_has(&h->controllers, name) || h->v2 : !h->v2))
			continue;
		AUTO_FREE char *dir = xasprintf("%s/%s", h->dir, path + strspn(path, "/"));
		if (access(dir, F_OK) < 0)
			return err_set(err, errno,
				       "--cgroup %s: expected a cgroup below the container's: %s",
				       said, dir);
		free(h->dir);
		h->dir = TAKE_PTR(dir);
		chosen++;
	}
	return chosen ? 0
		      : err_say(err, EINVAL, "--cgroup %s: the container has no %s hierarchy", said,
				name && *name ? name : "such");
}

static int choose_cgroups(struct cgroups *cg, const struct strv *said, struct err *err)
{
	for (size_t i = 0; i < said->n; i++)
		if (choose_cgroup(cg, said->v[i], err) < 0)
			return -err->code;
	return 0;
}

static int join(struct container *c, struct args *args, struct err *err)
{
	struct spec spec = {0};
	struct joining joining = {c, args->pid_file};
	AUTO(strv) struct strv warnings = {0};
	int status = BOX_EXIT_FAILED;
	pid_t pid;

	if (choose_cgroups(&c->cgroups, &args->cgroups, err) < 0)
		return 255;
	cgroups_into(&c->cgroups, &c->into);
	if (read_spec(args, &c->config, &spec, &warnings, err) < 0 ||
	    container_console(args->console_socket, spec.tty, &c->console, err) < 0) {
		spec_done(&spec);
		return 255;
	}
	struct box_join order = {
		.spec = &spec,
		.into = &c->into,
		.pid = c->state.pid,
		.namespaces = namespaces(&c->config.spec),
		.own_root = c->config.spec.shared_mounts,
		.console = c->console,
		.foreground = !args->detach,
		.settle = settle,
		.notify = {container_notify, c},
		.arg = &joining,
	};
	if (spec.tty && c->console < 0 && args->detach)
		err_say(err, EINVAL, "--tty with --detach: give --console-socket");
	else
		status = box_join(&order, &pid, err);
	if (err->msg) {
		container_say_failure(&spec, status, err);
		status = status == BOX_EXIT_FAILED ? 255 : status;
	} else {
		log_warnings(args->to, &warnings);
	}
	spec_done(&spec);
	return status;
}

static int refuse_missing(const struct args *args, struct err *err)
{
	if (!args->process && args->n_words < 2)
		return err_say(err, EINVAL, "expected a program, or --process");
	return 0;
}

static int exec(struct args *args, struct err *err)
{
	struct container c;
	int status = 255;

	if (refuse_missing(args, err) < 0)
		return 255;
	if (container_open(&c, args, args->words[0], false, err) == 0) {
		int is = state_status(&c.state, err);
		if (is < 0)
			;
		else if (is != STATUS_RUNNING && !(is == STATUS_PAUSED && args->ignore_paused))
			err_say(err, EINVAL, "cannot exec in a container that is %s",
				status_name((enum status)is));
		else if (state_config(&c.state, args->root, &c.config, err) == 0)
			status = join(&c, args, err);
	}
	container_done(&c);
	return status;
}

const struct oci_command oci_exec = {
	.name = "exec",
	.usage = "exec [OPTIONS] ID PROGRAM [ARGUMENT...]",
	.summary = "execute one more program in a running container",
	.args =
		(const struct arg[]){
			ARG_TEXT("process", 'p', process, "file with the process as JSON"),
			ARG_TEXT("console-socket", 0, console_socket, "gets the terminal"),
			ARG_TEXT("pid-file", 0, pid_file, "gets the PID"),
			ARG_FLAG("detach", 'd', detach, "do not wait for its end"),
			ARG_FLAG("tty", 't', tty, "with a terminal"),
			ARG_TEXT("user", 'u', user, "UID[:GID]"),
			ARG_LIST("additional-gids", 'g', groups, "one more group"),
			ARG_TEXT("cwd", 0, cwd, "working directory"),
			ARG_LIST("env", 'e', env, "NAME=VALUE"),
			ARG_LIST("cap", 'c', caps, "one more capability"),
			ARG_FLAG("no-new-privs", 0, no_new_privs, "no gain of privilege by execve"),
			ARG_TEXT("preserve-fds", 0, preserve_fds,
				 "so many descriptors from 3 on stay"),
			ARG_LIST("cgroup", 0, cgroups,
				 "[CONTROLLER:]PATH below the container's cgroup"),
			ARG_FLAG("ignore-paused", 0, ignore_paused,
				 "also where it is paused: it waits until that ends"),
			ARG_TEXT("apparmor", 0, apparmor, "another AppArmor profile"),
			ARG_TEXT("process-label", 0, label, "another SELinux label"),
			{0},
		},
	.in_front = true,
	.min_words = 1,
	.max_words = -1,
	.run = exec,
};
