// SPDX-License-Identifier: Apache-2.0
/* kill, delete, pause, resume. */
#include "base/mem.h"
#include "oci/cmds.h"
#include "oci/container.h"
#include "oci/matching.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* "9", "KILL", "SIGKILL", "RTMIN+3"; 0: none. */
static int parse_signal(const char *text)
{
	AUTO_FREE char *upper = xstrdup(text);
	const char *name = upper;
	uint64_t number;

	if (str_to_u64(text, 64, &number, NULL) == 0)
		return (int)number;
	for (char *at = upper; *at; at++)
		*at = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
	if (str_starts(name, "SIG"))
		name += 3;
	for (int i = 1; i < NSIG; i++)
		if (sigabbrev_np(i) && !strcmp(sigabbrev_np(i), name))
			return i;
	if (!strcmp(name, "IO") || !strcmp(name, "POLL"))
		return SIGIO;
	if (str_starts(name, "RTMIN"))
		return SIGRTMIN + atoi(name + 5);
	return str_starts(name, "RTMAX") ? SIGRTMAX + atoi(name + 5) : 0;
}

static int list(const void *cgroups, struct pids *ret, struct err *err)
{
	return cgroups_pids(cgroups, ret, err);
}

static int signal_first(const struct container *c, int sig, struct err *err)
{
	AUTO_FD int pidfd = state_pidfd(&c->state, err);

	if (pidfd < 0)
		return pidfd;
	if (syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0) < 0)
		return err_set(err, errno, "signal %d", sig);
	return 0;
}

static const char *signal_text(const struct args *args)
{
	return args->n_words > 1 ? args->words[1] : "TERM";
}

static int kill_one(struct args *args, const char *id, struct err *err)
{
	int sig = parse_signal(signal_text(args)), rc;
	struct container c;

	if (container_open(&c, args, id, false, err) < 0)
		return container_done(&c), 1;
	rc = args->all ? pids_signal(list, &c.cgroups, sig, err) : signal_first(&c, sig, err);
	container_done(&c);
	return rc < 0;
}

static int kill_containers(struct args *args, struct err *err)
{
	const char *text = signal_text(args);
	int sig = parse_signal(text);

	if (sig <= 0 || sig >= NSIG)
		return err_say(err, EINVAL, "'%s' is no signal; expected a name or a number", text),
		       1;
	return matching_each(args, kill_one, err);
}

const struct oci_command oci_kill = {
	.name = "kill",
	.usage = "kill [OPTIONS] ID [SIGNAL]",
	.summary = "send a signal to a container's first process",
	.args = (const struct arg[]){ARG_FLAG("all", 'a', all, "to all of its processes"),
				     ARG_REGEX("ID is an extended regular expression: to all "
					       "containers it matches"),
				     {0}},
	.min_words = 1,
	.max_words = 2,
	.run = kill_containers,
};

static int check_state(const struct container *c, bool force, struct err *err)
{
	if (force)
		return 0;
	int status = state_status(&c->state, err);
	if (status < 0)
		return status;
	if (status == STATUS_STOPPED || status == STATUS_CREATED)
		return 0;
	return err_say(err, EBUSY,
		       "cannot delete container %s: it is %s; kill it first, or use --force",
		       c->state.id, status_name((enum status)status));
}

static int delete_one(struct args *args, const char *id, struct err *err)
{
	struct err ignored = {0};
	struct container c;
	int rc = container_open(&c, args, id, true, err);

	if (rc == -ENOENT && args->force) {
		err_done(err);
		*err = (struct err){0};
		return 0;
	}
	if (rc < 0 || check_state(&c, args->force, err) < 0)
		return container_done(&c), 1;
	/* Without it there are only no hooks. */
	state_config(&c.state, args->root, &c.config, &ignored);
	err_done(&ignored);
	rc = container_destroy(&c, err);
	if (rc == 0)
		container_hooks(&c, HOOK_POSTSTOP, STATUS_STOPPED, NULL);
	container_done(&c);
	return rc < 0;
}

static int delete_containers(struct args *args, struct err *err)
{
	return matching_each(args, delete_one, err);
}

const struct oci_command oci_delete = {
	.name = "delete",
	.usage = "delete [OPTIONS] ID",
	.summary = "remove what is left of a container",
	.args = (const struct arg[]){ARG_FLAG("force", 'f', force,
					      "kill it first; no error if there is none"),
				     ARG_REGEX("ID is an extended regular expression: of all "
					       "containers it matches"),
				     {0}},
	.min_words = 1,
	.max_words = 1,
	.run = delete_containers,
};

static int freeze(struct args *args, bool on, struct err *err)
{
	int want = on ? STATUS_RUNNING : STATUS_PAUSED, rc;
	struct container c;

	/* Locked: a start that waits for an answer must not be frozen. */
	if (container_open(&c, args, args->words[0], true, err) < 0)
		return container_done(&c), 1;
	int status = state_status(&c.state, err);
	if (status < 0)
		rc = status;
	else if (status == want || (on && status == STATUS_CREATED))
		rc = cgroups_freeze(&c.cgroups, on, err);
	else
		rc = err_say(err, EINVAL, "cannot %s a container that is %s",
			     on ? "pause" : "resume", status_name((enum status)status));
	container_done(&c);
	return rc < 0;
}

static int pause_container(struct args *args, struct err *err)
{
	return freeze(args, true, err);
}

static int resume(struct args *args, struct err *err)
{
	return freeze(args, false, err);
}

const struct oci_command oci_pause = {
	.name = "pause",
	.usage = "pause ID",
	.summary = "freeze a container's processes",
	.args = (const struct arg[]){{0}},
	.min_words = 1,
	.max_words = 1,
	.run = pause_container,
};

const struct oci_command oci_resume = {
	.name = "resume",
	.usage = "resume ID",
	.summary = "let a paused container go on",
	.args = (const struct arg[]){{0}},
	.min_words = 1,
	.max_words = 1,
	.run = resume,
};
