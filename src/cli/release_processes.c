// SPDX-License-Identifier: Apache-2.0
/* Processes are asked to end, and are waited for; killed only where that was asked for. */
#include "base/mem.h"
#include "cli/release_parts.h"
#include "exec/release.h"
#include "read/maps.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#define GRACE_MS 5000

static bool look(const char *path, struct statx *ret)
{
	return statx(AT_FDCWD, path, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_INO | STATX_MNT_ID,
		     ret) == 0;
}

static bool still_holds(const struct mnt_world *world, const struct mnt_who_row *row)
{
	const struct mnt_hold *hold = &world->ns[row->ns].holds[row->hold];
	AUTO_FREE char *path = xasprintf("/proc/%d/fd/%d", world->procs[row->proc].tid, hold->fd);
	struct statx st;

	return look(path, &st) && st.stx_ino == world->ns[row->ns].inode;
}

/* Since the table was made it may have closed its file and gone elsewhere. */
static bool still_uses(const struct mnt_world *world, const struct mnt_who_row *row)
{
	static const char *const links[] = {
		[MNT_USE_CWD] = "cwd", [MNT_USE_ROOT] = "root", [MNT_USE_EXE] = "exe"};
	const struct mnt_use *use = &world->uses[row->use];
	pid_t tid = world->procs[row->proc].tid;
	struct statx st;

	if (use->kind == MNT_USE_MAP)
		return maps_has(tid, use->major, use->minor);
	AUTO_FREE char *path = use->kind == MNT_USE_FD
				       ? xasprintf("/proc/%d/fd/%d", tid, use->fd)
				       : xasprintf("/proc/%d/%s", tid, links[use->kind]);
	if (!look(path, &st) || (use->node_major && (st.stx_rdev_major != use->node_major ||
						     st.stx_rdev_minor != use->node_minor)))
		return false;
	return use->mount ? st.stx_mnt_id == use->mount
			  : st.stx_dev_major == use->major && st.stx_dev_minor == use->minor;
}

static bool has_ended(int pidfd)
{
	struct pollfd p = {.fd = pidfd, .events = POLLIN};

	return poll(&p, 1, 0) > 0;
}

/* Rows of processes: uses, or (`holders`) descriptors of namespaces that must end. */
static bool is_wanted(const struct release *r, size_t i, bool holders)
{
	const struct mnt_who_row *row = &r->who->v[i];

	if (r->rows[i].state != RELEASE_OPEN)
		return false;
	return holders ? row->kind == MNT_WHO_DESCRIPTOR && mnt_who_must_end(r->who, row->ns)
		       : row->use != MAP_NONE;
}

static void signal_row(struct release *r, size_t i, bool force)
{
	const struct mnt_who_row *row = &r->who->v[i];
	int pidfd = r->pidfds[row->proc];
	AUTO(err) struct err err = {0};

	if (row->is_spared)
		err_say(&err, EPERM, "PID 1, and what this command came from, are not ended");
	else if (pidfd < 0 || has_ended(pidfd))
		r->rows[i].state = RELEASE_GONE;
	else if (!(row->use != MAP_NONE ? still_uses(r->world, row) : still_holds(r->world, row)))
		r->rows[i].state = RELEASE_GONE;
	else if (release_signal(pidfd, r->world->procs[row->proc].pid, force, &err) == 0)
		err_say(&err, EBUSY,
			force ? "it did not end, though it was killed"
			      : "it did not end within 5 seconds after SIGTERM; "
				"--kill kills it");
	if (err.msg)
		release_fail(r, i, &err);
}

/* A process has one row for each of its files: the first that is still true is enough. */
static void signal_all(struct release *r, bool holders, bool force)
{
	bool *asked = xcalloc(r->world->n_procs + 1, sizeof(*asked));

	for (size_t i = 0; i < r->who->n; i++) {
		uint32_t proc = r->who->v[i].proc;
		if (!is_wanted(r, i, holders))
			continue;
		if (asked[proc]) {
			free(r->rows[i].why);
			r->rows[i].why = xstrdup("its process did not end");
			continue;
		}
		signal_row(r, i, force);
		asked[proc] = r->rows[i].state == RELEASE_OPEN;
	}
	free(asked);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void wait_all(struct release *r, bool holders)
{
	int64_t end = now_ms() + GRACE_MS;

	for (size_t i = 0; i < r->who->n; i++) {
		const struct mnt_who_row *row = &r->who->v[i];
		if (!is_wanted(r, i, holders) || row->is_spared)
			continue;
		struct pollfd p = {.fd = r->pidfds[row->proc], .events = POLLIN};
		int64_t left = end - now_ms();
		if (poll(&p, 1, left > 0 ? (int)left : 0) > 0)
			r->rows[i].state = RELEASE_DONE;
	}
}

void release_processes(struct release *r, bool holders)
{
	signal_all(r, holders, false);
	wait_all(r, holders);
	if (!r->kill)
		return;
	signal_all(r, holders, true);
	wait_all(r, holders);
}
