// SPDX-License-Identifier: Apache-2.0
/*
 * A process that is in a list may have ended, and its number be another's. So descriptors are
 * opened first, and the list is read again: whose number is in it still, and who has not ended,
 * is the process that was meant.
 */
#include "box/pids.h"
#include "base/mem.h"
#include "sys/calls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define AT_ONCE 256 /* descriptors */

void pids_parse(const char *text, struct pids *pids)
{
	for (const char *line = text; line && *line; line = strchrnul(line, '\n')) {
		line += *line == '\n';
		long pid = strtol(line, NULL, 10);
		if (pid > 0)
			VEC_PUSH(pids->v, pids->n, (pid_t)pid);
	}
}

static int compare(const void *a, const void *b)
{
	const pid_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void pids_sort(struct pids *pids)
{
	size_t n = 0;

	if (pids->n)
		qsort(pids->v, pids->n, sizeof(*pids->v), compare);
	for (size_t i = 0; i < pids->n; i++)
		if (!i || pids->v[i] != pids->v[i - 1])
			pids->v[n++] = pids->v[i];
	pids->n = n;
}

static int signal_one(pid_t pid, int pidfd, int sig, struct err *err)
{
	if (syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0) < 0 && errno != ESRCH)
		return err_set(err, errno, "signal %d to process %d", sig, pid);
	return 0;
}

/* None is signaled if one could not be opened: there may be room for fewer. */
static int open_all(const pid_t *v, size_t n, int *ret_fds, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		ret_fds[i] = rc < 0 ? -1 : sys_pidfd_open(v[i]);
		/* EINVAL: a thread has the number now. */
		if (rc == 0 && ret_fds[i] < 0 && errno != ESRCH && errno != EINVAL)
			rc = err_set(err, errno, "process %d", v[i]);
	}
	return rc;
}

static int signal_some(pids_list *list, const void *arg, const pid_t *v, size_t n, int sig,
		       struct err *err)
{
	struct pids now = {0};
	int fds[AT_ONCE], rc = open_all(v, n, fds, err);

	if (rc == 0)
		rc = list(arg, &now, err);
	size_t listed = rc < 0 ? 0 : now.n;
	for (size_t i = 0; i < n; i++) {
		if (fds[i] < 0)
			continue;
		if (listed && bsearch(&v[i], now.v, listed, sizeof(*now.v), compare)) {
			int sent = signal_one(v[i], fds[i], sig, err);
			rc = sent < 0 ? sent : rc;
		}
		close(fds[i]);
	}
	free(now.v);
	return rc;
}

int pids_signal(pids_list *list, const void *arg, int sig, struct err *err)
{
	struct pids pids = {0};
	size_t room = AT_ONCE, n;
	int rc = list(arg, &pids, err);

	for (size_t i = 0; i < pids.n; i += n) {
		n = pids.n - i < room ? pids.n - i : room;
		int some = signal_some(list, arg, pids.v + i, n, sig, err);
		if (some == -EMFILE && room > 1) {
			if (err) {
				err_done(err);
				*err = (struct err){0};
			}
			room /= 2;
			n = 0;
		} else if (some < 0) {
			rc = some;
		}
	}
	free(pids.v);
	return rc;
}
