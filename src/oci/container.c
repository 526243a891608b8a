// SPDX-License-Identifier: Apache-2.0
/* Creation and destruction. What is to be made is written down first; see oci/state.h. */
#include "oci/container.h"
#include "base/io.h"
#include "base/mem.h"
#include "box/box.h"
#include "box/labels.h"
#include "box/userns.h"
#include "oci/cgroup_systemd.h"
#include "oci/hooks.h"
#include "oci/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define PATIENCE_MS 10000

void container_init(struct container *c)
{
	*c = (struct container){.state = {.dir = -1, .root = -1}, .listener = -1, .console = -1};
}

char *container_bundle(const struct args *args, struct err *err)
{
	const char *said = args->bundle ? args->bundle : ".";
	char *path = realpath(said, NULL);

	if (!path)
		err_set(err, errno, "--bundle %s", said);
	return path;
}

int container_console(const char *path, bool tty, int *ret, struct err *err)
{
	if (!path)
		return 0;
	if (!tty)
		return err_say(err, EINVAL, "--console-socket is of use only with a terminal");
	int fd = listener_connect(path);
	if (fd < 0)
		return err_set(err, -fd, "--console-socket %s", path);
	*ret = fd;
	return 0;
}

static int check_terminal(const struct container *c, const struct args *args, struct err *err)
{
	if (c->config.spec.tty && c->console < 0 && (c->listener >= 0 || args->detach))
		return err_say(err, EINVAL,
			       "process.terminal: somebody must hold the terminal of a container "
			       "that is left alone; give --console-socket");
	return 0;
}

/* By this it is told from another container of that id, whose record is elsewhere. */
static char *unit_owner(const struct state *state)
{
	return xasprintf("mntns-oci container %s of %s", state->id, state->created);
}

static int plan_cgroups(struct container *c, const char *path, struct err *err)
{
	cgroups_done(&c->cgroups);
	strv_done(&c->state.cgroups);
	if (cgroups_plan(path, c->state.id, &c->cgroups, err) < 0)
		return -err->code;
	c->cgroups.by_systemd = c->state.unit;
	cgroups_dirs(&c->cgroups, &c->state.cgroups);
	return state_save(&c->state, err);
}

/* Where it was not made nothing is removed: what is of that name is another's. */
static int start_unit(struct container *c, struct err *err)
{
	AUTO(cgroup_unit) struct cgroup_unit unit = {0};
	AUTO_FREE char *own = xasprintf("system.slice:mntns-oci:%s", c->state.id);
	const char *said = c->config.cgroups_path;
	AUTO_FREE char *owner = unit_owner(&c->state), *path = NULL;

	if (cgroup_systemd_name(said && *said ? said : own, &unit, err) < 0)
		return -err->code;
	c->state.unit = xstrdup(unit.name);
	if (plan_cgroups(c, unit.path, err) < 0)
		return -err->code;
	if (cgroup_systemd_start(&unit, owner, &c->holder, &path, err) < 0) {
		cgroups_done(&c->cgroups);
		free(c->state.unit);
		c->state.unit = NULL;
		return -err->code;
	}
	/*
	 * Its manager may itself be in a cgroup. In the one tree of v2 systemd writes the unit's
	 * limits anew whenever it reads its units, or changes one beside; nothing below what it
	 * delegates.
	 */
	AUTO_FREE char *below = xasprintf("%s/container", path);
	if (plan_cgroups(c, c->cgroups.pure_v2 ? below : path, err) < 0)
		return -err->code;
	c->cgroups.holder = c->holder;
	return 0;
}

static bool wants_systemd(const struct args *args)
{
	return args->systemd_cgroup ||
	       (args->cgroup_manager && !strcmp(args->cgroup_manager, "systemd"));
}

static int make_cgroups(struct container *c, const struct args *args, struct err *err)
{
	bool disabled = args->cgroup_manager && !strcmp(args->cgroup_manager, "disabled");
	bool confined =
		spec_has_namespace(&c->config.spec, CLONE_NEWUSER) || !userns_is_privileged();
	bool initial;

	if (userns_is_initial(&initial, err) < 0)
		return -err->code;
	confined |= !initial;

	if (disabled)
		return state_save(&c->state, err);
	if ((wants_systemd(args) ? start_unit(c, err)
				 : plan_cgroups(c, c->config.cgroups_path, err)) < 0)
		return -err->code;
	if (cgroups_make(&c->cgroups, err) < 0 ||
	    cgroups_apply(&c->cgroups, &c->config.resources, confined, err) < 0)
		return -err->code;
	cgroups_into(&c->cgroups, &c->into);
	return 0;
}

static int read_preserve(const struct args *args, struct spec *spec, struct err *err)
{
	uint64_t n = 0;

	if (args->preserve_fds && str_to_u64(args->preserve_fds, 1024, &n, err) < 0)
		return err_add(err, "--preserve-fds");
	spec->preserve_fds = (unsigned)n;
	return 0;
}

int container_prepare(struct container *c, const struct args *args, bool listen, struct err *err)
{
	const char *id = args->words[0], *file = args->config ? args->config : "config.json";
	AUTO_FREE char *bundle = container_bundle(args, err);

	if (!bundle || state_check_id(id, err) < 0)
		return -err->code;
	AUTO_FREE char *path = *file == '/' ? xstrdup(file) : xasprintf("%s/%s", bundle, file);
	if (args->config && *file != '/') {
		free(path);
		path = xstrdup(file);
	}
	if (config_read(bundle, path, args->root, &c->config, err) < 0)
		return -err->code;
	c->log = args->to;
	c->config.spec.process->keep_keyring = args->no_new_keyring;
	if (labels_check(&c->config.spec, err) < 0 ||
	    read_preserve(args, &c->config.spec, err) < 0 ||
	    container_console(args->console_socket, c->config.spec.tty, &c->console, err) < 0 ||
	    state_new(args->root, id, bundle, &c->config, &c->state, err) < 0)
		return -err->code;
	c->config.bundle = c->state.bundle;
	if (make_cgroups(c, args, err) < 0)
		return -err->code;
	cgroups_give(&c->cgroups, &c->config.spec);
	cgroups_expand_mounts(&c->cgroups, &c->config.spec);
	if (listen)
		c->listener = state_listen(&c->state, err);
	if (listen && c->listener < 0)
		return -err->code;
	return check_terminal(c, args, err);
}

int container_hooks(struct container *c, enum hook_kind kind, enum status status, struct err *err)
{
	if (!hooks_has(&c->config, kind))
		return 0;
	json_t *json = state_json(&c->state, status);
	AUTO_FREE char *text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return hooks_run(&c->config, kind, text, -1, err);
}

/* By the container's process, which knows its PID as the container does. */
static int hooks_within(struct container *c, enum hook_kind kind, enum status status, int root,
			struct err *err)
{
	if (!hooks_has(&c->config, kind))
		return 0;
	struct state state = c->state;
	state.pid = getpid();
	json_t *json = state_json(&state, status);
	AUTO_FREE char *text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return hooks_run(&c->config, kind, text, root, err);
}

int container_notify(void *container, pid_t pid, int listener, struct err *err)
{
	struct container *c = container;
	enum status is = pid == c->state.pid ? STATUS_CREATED : STATUS_RUNNING;

	return listener_send(&c->config, &c->state, is, pid, listener, err);
}

int container_inside(void *container, int root, struct err *err)
{
	return hooks_within(container, HOOK_CREATE_CONTAINER, STATUS_CREATING, root, err);
}

int container_starting(void *container, struct err *err)
{
	return hooks_within(container, HOOK_START_CONTAINER, STATUS_CREATED, -1, err);
}

bool container_settles_early(const struct container *c)
{
	return !c->holder && !hooks_has(&c->config, HOOK_PRESTART) &&
	       !hooks_has(&c->config, HOOK_CREATE_RUNTIME) &&
	       !hooks_has(&c->config, HOOK_CREATE_CONTAINER) &&
	       !hooks_has(&c->config, HOOK_START_CONTAINER);
}

int container_settle(void *container, pid_t pid, struct err *err)
{
	struct container *c = container;

	cgroup_systemd_let_go(&c->holder);
	c->state.pid = pid;
	if (process_born(pid, &c->state.born, err) < 0)
		return -err->code;
	if (!c->state.born)
		return err_say(err, ESRCH, "the container's process %d cannot be looked at", pid);
	if (state_save(&c->state, err) < 0 ||
	    container_hooks(c, HOOK_PRESTART, STATUS_CREATING, err) < 0 ||
	    container_hooks(c, HOOK_CREATE_RUNTIME, STATUS_CREATING, err) < 0)
		return -err->code;
	return c->started_by_birth ? container_write_pid(c->pid_file, pid, err) : 0;
}

/* Only a file is replaced: not the machine's /dev/null, nor a pipe that somebody reads. */
static int write_in_place(const char *path, const char *text)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	return fd < 0 || io_write_all(fd, text, strlen(text)) < 0 ? -errno : 0;
}

int container_write_pid(const char *path, pid_t pid, struct err *err)
{
	AUTO_FREE char *fresh = NULL;
	AUTO_FREE char *text = xasprintf("%d", pid);
	const char *slash = path ? strrchr(path, '/') : NULL;
	struct stat st;

	if (!path)
		return 0;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		int rc = write_in_place(path, text);
		return rc < 0 ? err_set(err, -rc, "--pid-file %s", path) : 0;
	}
	fresh = xasprintf("%.*s.%s.tmp", slash ? (int)(slash - path + 1) : 0, path,
			  slash ? slash + 1 : path);
	AUTO_FD int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || io_write_all(fd, text, strlen(text)) < 0 || rename(fresh, path) < 0)
		return err_set(err, errno, "--pid-file %s", path);
	return 0;
}

/* Without a record: where it was asked for, or where it is by default. */
static void guess_cgroups(struct container *c)
{
	AUTO(buf) struct buf text = {0};
	struct err ignored = {0};
	json_t *json = NULL;

	if (io_read_file(c->state.dir, "config.json", 16 << 20, &text, NULL) == 0)
		json = json_loadb(text.data, text.len, 0, NULL);
	json_t *said = json_object_get(json_object_get(json, "linux"), "cgroupsPath");
	const char *path = json_string_value(said);
	AUTO(cgroup_unit) struct cgroup_unit unit = {0};
	if (path && strchr(path, ':') && cgroup_systemd_name(path, &unit, NULL) == 0)
		path = unit.path;
	/* A path that is damaged too: the place of those that are told none. */
	if (cgroups_plan(path, c->state.id, &c->cgroups, &ignored) < 0)
		cgroups_plan(NULL, c->state.id, &c->cgroups, &ignored);
	err_done(&ignored);
	for (size_t i = 0; i < c->cgroups.n; i++)
		c->cgroups.v[i].made = true;
	json_decref(json);
}

int container_open(struct container *c, const struct args *args, const char *id, bool lock,
		   struct err *err)
{
	container_init(c);
	if (state_open(args->root, id, lock, &c->state, err) < 0)
		return -err->code;
	cgroups_recall(&c->state.cgroups, &c->cgroups);
	if (c->state.pid <= 0 && !c->cgroups.n)
		guess_cgroups(c);
	return 0;
}

/* Killed, and gone: its cgroups can be removed only then. */
static int end_process(const struct container *c, struct err *err)
{
	struct err why = {0};
	AUTO_FD int pidfd = state_pidfd(&c->state, &why);
	struct pollfd end = {pidfd, POLLIN, 0};

	if (pidfd == -ESRCH)
		return err_done(&why), 0;
	if (pidfd < 0) {
		err_say(err, why.code, "container %s: %s", c->state.id, why.msg);
		err_done(&why);
		return pidfd;
	}
	if (cgroups_is_frozen(&c->cgroups))
		cgroups_freeze(&c->cgroups, false, NULL);
	syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	if (poll(&end, 1, PATIENCE_MS) == 1)
		return 0;
	return err_say(err, EBUSY, "container %s: its process %d does not end", c->state.id,
		       c->state.pid);
}

int container_destroy(struct container *c, struct err *err)
{
	if (c->state.dir < 0)
		return 0;
	cgroup_systemd_let_go(&c->holder);
	int rc = end_process(c, err);
	if (rc < 0)
		return rc;
	if (cgroups_remove(&c->cgroups) < 0)
		return err_say(err, EBUSY, "container %s: its cgroup cannot be removed yet",
			       c->state.id);
	AUTO_FREE char *owner = unit_owner(&c->state);
	if (c->state.unit && cgroup_systemd_stop(c->state.unit, owner, err) < 0)
		return -EIO;
	rc = state_remove(&c->state);
	return rc < 0 ? err_set(err, -rc, "remove the state of container %s", c->state.id) : 0;
}

void container_done(struct container *c)
{
	config_done(&c->config);
	state_done(&c->state);
	strv_done(&c->into.v1);
	free(c->into.v2);
	cgroups_done(&c->cgroups);
	auto_close(&c->listener);
	auto_close(&c->console);
	c->listener = c->console = -1;
}

int container_say_failure(const struct spec *spec, int status, struct err *err)
{
	if (status == BOX_EXIT_NOT_FOUND)
		return err_say(err, ENOENT,
			       "exec: \"%s\": executable file not found in $PATH: no such file or "
			       "directory",
			       spec->argv.v[0]);
	if (status == BOX_EXIT_NOT_EXECUTABLE)
		return err_add(err, "exec: \"%s\": permission denied", spec->argv.v[0]);
	return -err->code;
}
