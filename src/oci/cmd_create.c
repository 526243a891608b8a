// SPDX-License-Identifier: Apache-2.0
/* create, run, start. */
#include "base/mem.h"
#include "box/ahead.h"
#include "box/box.h"
#include "box/contain.h"
#include "oci/cmds.h"
#include "oci/container.h"
#include "oci/hooks.h"
#include "oci/log.h"
#include "op/op.h"

#include <errno.h>
#include <string.h>

#define ARGS_OF_CREATION                                                                           \
	ARG_TEXT("bundle", 'b', bundle, "directory with config.json; default: this one"),          \
		ARG_TEXT("config", 'f', config, "another file than BUNDLE/config.json"),           \
		ARG_TEXT("console-socket", 0, console_socket, "gets the terminal's master end"),   \
		ARG_TEXT("pid-file", 0, pid_file, "gets the PID of the container's process"),      \
		ARG_TEXT("preserve-fds", 0, preserve_fds, "so many descriptors from 3 on stay"),   \
		ARG_FLAG("no-pivot", 0, no_pivot, "refused: a root is always switched"),           \
		ARG_FLAG("no-new-keyring", 0, no_new_keyring,                                      \
			 "the caller's session key ring stays"),                                   \
		ARG_FLAG("no-subreaper", 0, no_subreaper, "accepted: there is none")

static int check(const struct args *args, struct err *err)
{
	if (args->no_pivot)
		return err_say(err, ENOTSUP,
			       "--no-pivot: this runtime always switches the root; it can, on "
			       "every file system");
	return 0;
}

/* The operations that are to come; a failure is left to them. */
static void tell_plan(const struct log *log, const struct spec *spec)
{
	AUTO(err) struct err ignored = {0};
	AUTO(ops) struct ops ops = {0};

	if (box_plan(spec, &ops, &ignored) < 0)
		return;
	for (size_t i = 0; i < ops.n; i++) {
		AUTO(buf) struct buf line = {0};
		op_print(&ops.v[i], &line);
		line.data[strcspn(line.data, "\n")] = 0;
		log_line(log, "debug", line.data);
	}
}

static int prepare(struct container *c, struct args *args, bool waits, struct err *err)
{
	container_init(c);
	c->pid_file = args->pid_file;
	if (check(args, err) < 0 || container_prepare(c, args, waits, err) < 0)
		return -err->code;
	if (args->debug)
		tell_plan(c->log, &c->config.spec);
	return 0;
}

/* What failed leaves nothing; the first error is the one that is told. */
static int give_up(struct container *c, int status)
{
	container_destroy(c, NULL);
	container_done(c);
	return status;
}

/* Of a container that is prepared. */
static struct contain order_for(struct container *c)
{
	return (struct contain){
		.spec = &c->config.spec,
		.into = &c->into,
		.listener = c->listener,
		.console = c->console,
		.notify = {container_notify, c},
		.inside = container_inside,
		.starting = container_starting,
		.cgroups = c->cgroups.begun ? container_await_cgroups : NULL,
		.limit = container_limit,
		.settle = container_settle,
		.settles_early = container_settles_early(c),
		.arg = c,
	};
}

static int create(struct args *args, struct err *err)
{
	struct container c;
	int status = 1;
	pid_t pid;

	if (prepare(&c, args, true, err) < 0)
		return give_up(&c, 1);
	struct contain order = order_for(&c);
	if (box_create(&order, &pid, &status, err) < 0) {
		container_say_failure(&c.config.spec, status, err);
		return give_up(&c, 1);
	}
	if (container_write_pid(args->pid_file, pid, err) < 0)
		return give_up(&c, 1);
	state_made(&c.state);
	log_warnings(c.log, &c.config.warnings);
	container_done(&c);
	return 0;
}

const struct oci_command oci_create = {
	.name = "create",
	.usage = "create [OPTIONS] ID",
	.summary = "make a container whose process waits for start",
	.args = (const struct arg[]){ARGS_OF_CREATION, {0}},
	.min_words = 1,
	.max_words = 1,
	.run = create,
};

/* Engines read a log of one line if something fails: warnings are for what went well. */
static int started(void *arg, struct err *err)
{
	struct container *c = arg;

	state_made(&c->state);
	log_warnings(c->log, &c->config.warnings);
	if (container_hooks(c, HOOK_POSTSTART, STATUS_RUNNING, err) < 0)
		return -err->code;
	/* Who runs it in the foreground must not keep pause, update and delete waiting for its end.
	 */
	state_unlock(&c->state);
	return 0;
}

static int finish(struct container *c, int status, const struct args *args, struct err *err)
{
	if (!state_lock_again(&c->state))
		auto_close(&c->state.dir), c->state.dir = -1;
	if (err->msg && status >= BOX_EXIT_FAILED && status <= BOX_EXIT_NOT_FOUND) {
		container_say_failure(&c->config.spec, status, err);
		return give_up(c, status == BOX_EXIT_FAILED ? 1 : status);
	}
	if (!args->detach && !args->keep && c->state.dir >= 0) {
		if (hooks_has(&c->config, HOOK_POSTSTOP))
			ahead_let_network_go();
		container_destroy(c, err);
		container_hooks(c, HOOK_POSTSTOP, STATUS_STOPPED, NULL);
	}
	container_done(c);
	return status;
}

static int run_detached(struct container *c, const struct contain *order, struct err *err)
{
	int status = 1;
	pid_t pid;

	if (box_create(order, &pid, &status, err) < 0)
		return status;
	return started(c, err) < 0 ? BOX_EXIT_FAILED : 0;
}

static int run(struct args *args, struct err *err)
{
	struct container c;

	if (prepare(&c, args, false, err) < 0)
		return give_up(&c, 1);
	c.started_by_birth = true;
	struct contain order = order_for(&c);
	order.started = started;
	int status = args->detach ? run_detached(&c, &order, err) : box_contain(&order, err);
	return finish(&c, status, args, err);
}

const struct oci_command oci_run = {
	.name = "run",
	.usage = "run [OPTIONS] ID",
	.summary = "create and start a container, and wait for its end",
	.args =
		(const struct arg[]){
			ARGS_OF_CREATION,
			ARG_FLAG("detach", 'd', detach, "do not wait"),
			ARG_FLAG("keep", 0, keep, "leave the stopped container"),
			{0},
		},
	.min_words = 1,
	.max_words = 1,
	.run = run,
};

static int start(struct args *args, struct err *err)
{
	struct container c;
	int status = 1, fd;

	if (container_open(&c, args, args->words[0], true, err) < 0 ||
	    state_config(&c.state, args->root, &c.config, err) < 0)
		return container_done(&c), 1;
	int is = state_status(&c.state, err);
	if (is < 0)
		return container_done(&c), 1;
	/* One that waits may be frozen as well, and would not answer. */
	int frozen = is == STATUS_CREATED ? cgroups_is_frozen(&c.cgroups, err) : 0;
	if (frozen < 0)
		return container_done(&c), 1;
	if (frozen)
		is = STATUS_PAUSED;
	if (is != STATUS_CREATED) {
		err_say(err, EINVAL, "cannot start a container that is %s",
			status_name((enum status)is));
		return container_done(&c), 1;
	}
	fd = state_connect(&c.state);
	if (fd < 0)
		err_set(err, -fd, "start container %s", c.state.id);
	else if (box_start(fd, c.state.pid, &(struct box_notify){container_notify, &c}, &status,
			   err) < 0)
		container_say_failure(&c.config.spec, status, err);
	else
		status = container_hooks(&c, HOOK_POSTSTART, STATUS_RUNNING, err) < 0;
	auto_close(&fd);
	container_done(&c);
	return err->msg ? 1 : 0;
}

const struct oci_command oci_start = {
	.name = "start",
	.usage = "start ID",
	.summary = "execute the program of a created container",
	.args = (const struct arg[]){{0}},
	.min_words = 1,
	.max_words = 1,
	.run = start,
};
