// SPDX-License-Identifier: Apache-2.0
/*
 * A container's process becomes what was said: here the limits and the ids, after which it may
 * still wait to be started. Its powers go just before the program, in box/process_confine.c.
 */
#include "box/process.h"
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/keyctl.h>

static int limit(const struct spec_rlimit *want, pid_t pid, struct err *err)
{
	struct rlimit64 value = {want->soft, want->hard};

	if (prlimit64(pid, want->resource, &value, NULL) < 0)
		return err_set(err, errno,
			       "process.rlimits: limit number %d cannot be %llu:%llu; raising a "
			       "hard limit needs CAP_SYS_RESOURCE",
			       want->resource, (unsigned long long)want->soft,
			       (unsigned long long)want->hard);
	return 0;
}

int process_limit(const struct spec_process *process, pid_t pid, struct err *err)
{
	for (size_t i = 0; i < process->n_rlimits; i++)
		if (limit(&process->rlimits[i], pid, err) < 0)
			return -err->code;
	return 0;
}

int process_oom_score(const struct spec_process *process, pid_t pid, struct err *err)
{
	if (!process->has_oom_score_adj)
		return 0;
	AUTO_FREE char *path = xasprintf("/proc/%d/oom_score_adj", pid);
	AUTO_FREE char *text = xasprintf("%d", process->oom_score_adj);
	AUTO_FREE char *said = xasprintf("process.oomScoreAdj: %d", process->oom_score_adj);
	if (io_write_file(AT_FDCWD, path, text, err) < 0)
		return err_add(err, "%s", said);
	return 0;
}

/* A user namespace of a single id denies it, and then there is nothing that could be dropped. */
static bool is_denied(void)
{
	AUTO(buf) struct buf verdict = {0};

	return io_read_file(AT_FDCWD, "/proc/self/setgroups", 16, &verdict, NULL) == 0 &&
	       str_starts(verdict.data, "deny");
}

static int compare_gids(const void *a, const void *b)
{
	gid_t x = *(const gid_t *)a, y = *(const gid_t *)b;

	return (x > y) - (x < y);
}

bool process_has_groups(size_t n, const gid_t *groups)
{
	if (getgroups(0, NULL) != (int)n)
		return false;
	if (!n)
		return true;
	AUTO_FREE gid_t *got = xcalloc(n + 1, sizeof(*got));
	AUTO_FREE gid_t *want = xcalloc(n + 1, sizeof(*want));
	memcpy(want, groups, n * sizeof(*want));
	if (getgroups((int)n, got) != (int)n)
		return false;
	qsort(got, n, sizeof(*got), compare_gids);
	qsort(want, n, sizeof(*want), compare_gids);
	return memcmp(got, want, n * sizeof(*got)) == 0;
}

static int set_groups(const struct spec_process *process, struct err *err)
{
	if (setgroups(process->n_groups, process->groups) == 0) {
		if (process_has_groups(process->n_groups, process->groups))
			return 0;
		return err_say(err, EPERM, "process.user.additionalGids: they are not the groups");
	}
	int code = errno;
	if (!process->n_groups && code == EPERM && (getgroups(0, NULL) == 0 || is_denied()))
		return 0;
	return err_set(err, code, "process.user.additionalGids");
}

int process_become(const struct spec_process *process, struct err *err)
{
	uid_t r, e, s;

	/* A key ring of its own; where keyctl(2) is denied to us it is so to the program. */
	if (!process->keep_keyring && syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 &&
	    errno != ENOSYS && errno != EPERM && errno != EACCES)
		return err_set(err, errno, "a session key ring of its own");
	if (prctl(PR_SET_KEEPCAPS, 1) < 0)
		return err_set(err, errno, "keep capabilities");
	if (set_groups(process, err) < 0)
		return -err->code;
	if (setresgid(process->gid, process->gid, process->gid) < 0)
		return err_set(err, errno, "process.user.gid: %u", process->gid);
	if (getresgid(&r, &e, &s) < 0 || r != process->gid || e != r || s != r)
		return err_say(err, EPERM, "process.user.gid: the group id did not become %u",
			       process->gid);
	if (setresuid(process->uid, process->uid, process->uid) < 0)
		return err_set(err, errno, "process.user.uid: %u", process->uid);
	if (getresuid(&r, &e, &s) < 0 || r != process->uid || e != r || s != r)
		return err_say(err, EPERM, "process.user.uid: the user id did not become %u",
			       process->uid);
	return 0;
}
