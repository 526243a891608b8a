// SPDX-License-Identifier: Apache-2.0
/* The parent's half of a birth, as an array of steps; see box/child.c for the child's. */
#include "box/birth.h"
#include "base/mem.h"
#include "box/layers.h"
#include "box/template.h"
#include "box/userns.h"
#include "sys/calls.h"
#include "sys/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

static bool has_limits(const struct spec *spec)
{
	return spec->limits.memory || spec->limits.cpu_quota_us || spec->limits.pids;
}

bool box_waits(const struct box *box)
{
	return box->idmap || has_limits(box->spec) || box->spec->process;
}

int box_survey(struct box *box, struct err *err)
{
	if (userns_map(box->spec, box->rootless, &box->idmap, err) < 0 ||
	    userns_is_initial(&box->is_initial, err) < 0)
		return -err->code;
	/* In a user namespace what is mounted on /proc may be locked there: it cannot be shown. */
	if (box->is_initial && !box->rootless && !spec_is_host_root(box->spec))
		box->template = template_get();
	return 0;
}

static int clean_up_after_others(struct box *box, struct err *err)
{
	journal_clean();
	return 0;
}

static int take_the_name(struct box *box, struct err *err)
{
	if (!box->spec->name && !has_limits(box->spec))
		return 0;
	return journal_open(&box->journal, box->spec->name, err);
}

int step_compile(struct box *box, struct err *err)
{
	struct box_host host = {.template = box->template, .idmap = box->idmap};

	host.confined = box->idmap || !box->is_initial;
	host.closed_trees = !probe_may_try(PROBE_DETACHED) || !probe_is_since(6, 15);
	return box_compile(box->spec, &host, &box->view, err);
}

int step_check_root(struct box *box, struct err *err)
{
	struct stat st;

	/* In a mount namespace that is joined it may be something else. */
	if (spec_joined(box->spec, CLONE_NEWNS))
		return 0;
	if (stat(box->spec->root, &st) < 0) {
		err_set(err, errno, "ROOT %s", box->spec->root);
		return err_hint(err, "expected a root file system's directory, or /");
	}
	if (!S_ISDIR(st.st_mode))
		return err_say(
			err, ENOTDIR,
			"ROOT %s is not a directory; expected a root file system's directory, or /",
			box->spec->root);
	return layers_check(box->spec, err);
}

static int write_record(struct box *box, struct err *err)
{
	struct record record = {
		.pid = box->pid,
		.root = box->spec->root,
		.command = box->spec->argv,
		.cgroups = box->cgroup_dirs,
	};

	return journal_write(&box->journal, &record, err);
}

static int record_cgroups(struct box *box, struct err *err)
{
	if (!has_limits(box->spec))
		return 0;
	if (cgroup_plan(&box->spec->limits, box->journal.id, &box->cgroup_dirs, err) < 0)
		return -err->code;
	return write_record(box, err);
}

/* For those who look at what runs. */
static int record_program(struct box *box, struct err *err)
{
	return box->journal.fd >= 0 ? write_record(box, err) : 0;
}

static int make_cgroups(struct box *box, struct err *err)
{
	if (!has_limits(box->spec))
		return 0;
	return cgroup_create(&box->cgroup, &box->cgroup_dirs, &box->spec->limits, err);
}

int step_open_proc(struct box *box, struct err *err)
{
	box->procfd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return box->procfd < 0 ? err_set(err, errno, "open /proc") : 0;
}

int step_open_sources(struct box *box, struct err *err)
{
	umask(0);
	return exec_kernel(&box->exec, &box->view.ops, 0, box->view.clone, err);
}

static uint64_t clone_flags(const struct box *box)
{
	uint64_t flags = box->view.ops.v[box->view.clone].namespaces;

	/* The box's cgroup is the root of its cgroup namespace only if it is in it before. */
	if (has_limits(box->spec))
		flags &= ~(uint64_t)CLONE_NEWCGROUP;
	/*
	 * Memory is not shared: this only keeps us asleep, and the child on our warm CPU, until
	 * it executes the program or ends. What it says meanwhile stays in the socket.
	 */
	if (!box_waits(box) && !box->spec->init)
		flags |= CLONE_VFORK;
	return flags;
}

static int clone_child(struct box *box, struct err *err)
{
	sigset_t all;

	if (sync_pair(&box->sync, &box->child_sync, err) < 0)
		return -err->code;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &box->mask);
	box->pid = sys_clone3(clone_flags(box), -1);
	if (box->pid == 0)
		box_child(box);
	if (box->pid < 0 && errno == EPERM)
		return err_say(
			err, EPERM,
			"new namespaces are refused: without privilege user namespaces must be "
			"allowed (/proc/sys/user/max_user_namespaces) and the caller not be in a "
			"chroot");
	if (box->pid < 0)
		return err_set(err, errno, "new namespaces");
	close(TAKE_FD(box->child_sync));
	return 0;
}

static int write_id_maps(struct box *box, struct err *err)
{
	return box->idmap ? userns_write_map(box->procfd, box->pid, box->idmap, err) : 0;
}

static int join_cgroups(struct box *box, struct err *err)
{
	return has_limits(box->spec) ? cgroup_add(&box->cgroup, box->pid, err) : 0;
}

int box_tell_child(struct box *box, const struct sync_message *message, struct err *err)
{
	int rc = sync_send(box->sync, message, -1);

	box->is_gone |= rc == -EPIPE || rc == -ECONNRESET;
	return rc < 0 && !box->is_gone ? err_set(err, -rc, "release the child") : 0;
}

static int release_child(struct box *box, struct err *err)
{
	if (!box_waits(box))
		return 0;
	return box_tell_child(box, &(struct sync_message){.kind = SYNC_GO}, err);
}

/* The child has its own; a descriptor of ours would keep what it unmounts busy. */
static int close_sources(struct box *box, struct err *err)
{
	exec_done(&box->exec);
	return 0;
}

static const struct box_step steps[] = {
	{"clean up after killed boxes", clean_up_after_others},
	{"root", step_check_root},
	{"name", take_the_name},
	{"survey", box_survey},
	{"compile", step_compile},
	{"record cgroups", record_cgroups},
	{"make cgroups", make_cgroups},
	{"open /proc", step_open_proc},
	{"open sources", step_open_sources},
	{"clone", clone_child},
	{"write id maps", write_id_maps},
	{"join cgroups", join_cgroups},
	{"record the program", record_program},
	{"release", release_child},
	{"close sources", close_sources},
};

void box_init(struct box *box, const struct spec *spec)
{
	*box = (struct box){
		.spec = spec,
		.rootless = !userns_is_privileged(),
		.procfd = -1,
		.sync = -1,
		.child_sync = -1,
		.master = -1,
		.report = -1,
		.listener = -1,
		.console = -1,
		.old_root = -1,
		.v1_made = UINT32_MAX,
		.userns = -1,
		.status = BOX_EXIT_FAILED,
		.journal = {.fd = -1, .dirfd = -1},
	};
	exec_init(&box->exec);
	sigprocmask(SIG_SETMASK, NULL, &box->mask);
	box->umask = umask(022);
	umask(box->umask);
}

int box_walk(struct box *box, const struct box_step *walk, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (walk[i].run(box, err) < 0)
			return err->msg ? -err->code
					: err_say(err, err->code, "%s failed", walk[i].name);
	return 0;
}

int box_birth(struct box *box, struct err *err)
{
	return box_walk(box, steps, ARRAY_SIZE(steps), err);
}

void box_done(struct box *box)
{
	if (box->pid > 0) {
		kill(box->pid, SIGKILL);
		while (waitpid(box->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	exec_undo_made(&box->exec);
	exec_done(&box->exec);
	/* What will not go is left in the record, for the next mntns. */
	if (cgroup_remove(&box->cgroup) < 0)
		journal_leave(&box->journal);
	cgroup_done(&box->cgroup);
	journal_close(&box->journal);
	strv_done(&box->cgroup_dirs);
	identity_done(&box->identity);
	box_view_done(&box->view);
	free(box->template);
	free(box->idmap);
	auto_close(&box->procfd);
	auto_close(&box->sync);
	auto_close(&box->child_sync);
	auto_close(&box->master);
	auto_close(&box->userns);
	auto_close(&box->old_root);
	sigprocmask(SIG_SETMASK, &box->mask, NULL);
	umask(box->umask);
}
