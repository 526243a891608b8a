// SPDX-License-Identifier: Apache-2.0
/* exec: one more process in a container that runs. */
#include "box/box.h"
#include "box/contain.h"
#include "oci/cgroup_systemd.h"
#include "oci/cmds.h"
#include "oci/container.h"
#include "oci/exec_parts.h"
#include "oci/log.h"

#include <errno.h>
#include <sched.h>

static int settle(void *arg, pid_t pid, struct err *err)
{
	const struct args *args = arg;

	return container_write_pid(args->pid_file, pid, err);
}

static uint64_t namespaces(const struct spec *spec)
{
	uint64_t all = spec->unshare | CLONE_NEWNS;

	for (size_t i = 0; i < spec->n_joins; i++)
		all |= spec->joins[i].kind;
	/* A process enters a time namespace alone, at its birth; setns(2) of a pidfd does both. */
	return all;
}

static int join(struct container *c, struct args *args, const struct spec *spec, struct err *err)
{
	AUTO_FD int pidfd = state_pidfd(&c->state, err);
	struct box_join order = {
		.spec = spec,
		.into = &c->into,
		.pid = c->state.pid,
		.pidfd = pidfd,
		.namespaces = namespaces(&c->config.spec),
		.own_root = c->config.spec.shared_mounts,
		.console = c->console,
		.foreground = !args->detach,
		.settle = settle,
		.notify = {container_notify, c},
		.arg = args,
	};
	int status = BOX_EXIT_FAILED;
	pid_t pid;

	if (pidfd < 0)
		return 255;
	if (spec->tty && c->console < 0 && args->detach)
		err_say(err, EINVAL, "--tty with --detach: give --console-socket");
	else
		status = box_join(&order, &pid, err);
	if (!err->msg)
		return status;
	container_say_failure(spec, status, err);
	return status == BOX_EXIT_FAILED ? 255 : status;
}

static int prepare_and_join(struct container *c, struct args *args, struct err *err)
{
	struct spec spec = {0};
	AUTO(strv) struct strv warnings = {0};
	int status = 255;

	if (exec_choose_cgroups(&c->cgroups, &args->cgroups, err) < 0)
		return status;
	if (!args->cgroups.n)
		cgroups_follow(&c->cgroups, c->state.pid);
	cgroups_into(&c->cgroups, &c->into);
	if (c->state.unit && cgroup_systemd_come(&c->cgroups, err) < 0)
		return status;
	if (exec_read_spec(args, &c->config, &spec, &warnings, err) == 0 &&
	    container_console(args->console_socket, spec.tty, &c->console, err) == 0)
		status = join(c, args, &spec, err);
	if (!err->msg)
		log_warnings(args->to, &warnings);
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
			status = prepare_and_join(&c, args, err);
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
