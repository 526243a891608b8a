// SPDX-License-Identifier: Apache-2.0
/* --release, from the question to the report. */
#include "cli/release.h"
#include "base/io.h"
#include "base/mem.h"
#include "cli/release_parts.h"
#include "read/open_ns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>

int release_check(const struct release_args *args, struct err *err)
{
	const char *needless = args->kill ? "kill" : args->yes ? "yes" : NULL;

	if (args->release && args->see.from)
		return err_say(err, EINVAL,
			       "--release: what a file shows cannot be released; look at the live "
			       "machine, without --from");
	if (!args->release && needless)
		return err_say(err, EINVAL, "--%s: only together with --release", needless);
	return 0;
}

int release_ask(const struct release_args *args, struct err *err)
{
	char answer[16];

	if (args->yes)
		return 1;
	if (!isatty(STDIN_FILENO))
		return err_say(err, EPERM,
			       "--release: nothing was released: there is no terminal to ask on; "
			       "give --yes, or look first with --dry-run");
	fputs("Release all of this? [y/N] ", stderr);
	if (!fgets(answer, sizeof(answer), stdin))
		return 0;
	return *answer == 'y' || *answer == 'Y';
}

/* Field 4 of proc_pid_stat(5); 0: there is none, or it is out of sight. */
static pid_t parent_of(pid_t pid)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/stat", pid);
	AUTO(buf) struct buf text = {0};
	int parent;

	if (io_read_file(AT_FDCWD, path, 4096, &text, NULL) < 0)
		return 0;
	const char *end = strrchr(text.data, ')');
	return end && sscanf(end + 1, " %*c %d", &parent) == 1 ? parent : 0;
}

void release_spare(const struct mnt_world *world, struct mnt_who *who)
{
	struct map spared = {0};

	map_add(&spared, 1, 1);
	for (pid_t pid = getpid(); pid > 0; pid = parent_of(pid))
		map_add(&spared, (uint64_t)pid, 1);
	for (size_t i = 0; i < who->n; i++) {
		struct mnt_who_row *row = &who->v[i];
		if (row->proc != MAP_NONE)
			row->is_spared =
				map_get(&spared, (uint64_t)world->procs[row->proc].pid) != MAP_NONE;
	}
	map_done(&spared);
}

void release_fail(struct release *r, size_t row, struct err *err)
{
	free(r->rows[row].why);
	r->rows[row].why = TAKE_PTR(err->msg);
}

static void open_ns(struct release *r, size_t row, uint32_t ns)
{
	AUTO(err) struct err err = {0};

	if (ns == MAP_NONE || r->ns_fds[ns] >= 0)
		return;
	r->ns_fds[ns] = read_open_ns(r->world, ns, &err);
	if (r->ns_fds[ns] < 0)
		release_fail(r, row, &err);
}

/* From here on neither a PID nor an inode can come to mean something else. */
static void open_all(struct release *r)
{
	for (size_t i = 0; i < r->who->n; i++) {
		const struct mnt_who_row *row = &r->who->v[i];
		bool ends = row->kind == MNT_WHO_DESCRIPTOR && mnt_who_must_end(r->who, row->ns);
		if (row->mount != MAP_NONE)
			open_ns(r, i, row->ns);
		if (row->kind == MNT_WHO_PIN && mnt_who_must_end(r->who, row->ns))
			open_ns(r, i, r->world->ns[row->ns].holds[row->hold].in);
		if ((row->use != MAP_NONE || ends) && !row->is_spared && r->pidfds[row->proc] < 0)
			r->pidfds[row->proc] = pidfd_open(r->world->procs[row->proc].pid, 0);
	}
}

static void print_name(const struct release *r, const struct mnt_who_row *row, struct buf *out)
{
	AUTO(buf) struct buf text = {0};

	mnt_who_print_release(r->world, row, &text);
	if (!text.len)
		mnt_who_print_path(r->world, r->who, row, &text);
	if (row->proc != MAP_NONE && row->mount == MAP_NONE)
		buf_addf(&text, " (%s)", r->world->procs[row->proc].comm);
	buf_add(&text, "", 0);
	buf_add_printable(out, text.data);
}

/* A process is told once, however many files it has open. */
static bool is_told(const struct release *r, size_t i)
{
	const struct mnt_who_row *row = &r->who->v[i];

	for (size_t k = i; row->use != MAP_NONE && k-- > 0;) {
		const struct mnt_who_row *before = &r->who->v[k];
		if (before->use != MAP_NONE && before->proc == row->proc &&
		    r->rows[k].state == r->rows[i].state)
			return true;
		if (before->proc != row->proc)
			return false;
	}
	return false;
}

static size_t report(const struct release *r)
{
	static const char *const words[] = {[RELEASE_OPEN] = "not released",
					    [RELEASE_DONE] = "released",
					    [RELEASE_GONE] = "gone by itself"};
	size_t kept = 0;

	for (size_t i = 0; i < r->who->n; i++) {
		const struct release_row *row = &r->rows[i];
		AUTO(buf) struct buf name = {0};
		kept += row->state == RELEASE_OPEN;
		if (row->state == RELEASE_NEEDLESS || is_told(r, i))
			continue;
		print_name(r, &r->who->v[i], &name);
		fprintf(stderr, "%s: %s", words[row->state], name.data);
		if (row->state == RELEASE_OPEN) {
			AUTO_FREE char *why = str_printable(row->why ? row->why : "not tried");
			fprintf(stderr, ": %s", why);
		}
		putc('\n', stderr);
	}
	return kept;
}

static int *no_fds(uint32_t n)
{
	int *fds = xcalloc(n + 1, sizeof(*fds));

	for (uint32_t i = 0; i <= n; i++)
		fds[i] = -1;
	return fds;
}

static void close_all(int *fds, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(fds);
}

size_t release_rows(const struct mnt_world *world, const struct mnt_who *who, bool kill)
{
	struct release r = {.world = world,
			    .who = who,
			    .kill = kill,
			    .rows = xcalloc(who->n + 1, sizeof(*r.rows)),
			    .ns_fds = no_fds(world->n_ns),
			    .pidfds = no_fds(world->n_procs)};

	open_all(&r);
	release_processes(&r, false);
	release_things(&r);
	release_namespaces(&r);
	size_t kept = report(&r);
	for (size_t i = 0; i < who->n; i++)
		free(r.rows[i].why);
	free(r.rows);
	close_all(r.ns_fds, world->n_ns);
	close_all(r.pidfds, world->n_procs);
	return kept;
}
