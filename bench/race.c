// SPDX-License-Identifier: Apache-2.0
/*
 * race DIR MOUNTS NAMESPACES OPS: the same tree in the kernel and in the model, and then the same
 * calls on both, each of which must succeed on both: MOUNTS mounts in all, in NAMESPACES
 * namespaces that are peers of each other (with one: private). It runs in a mount namespace of its
 * own. Prints "NAME VALUE" lines: calls per second of each kind on both sides; for
 * `build` mounts per second.
 */
#include <err.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/model.h"

/* The bits of both sides are the same. */
struct side {
	const char *name;
	int (*mkdir)(const char *path);
	int (*mount)(const char *source, const char *target, const char *fstype, unsigned flags);
	int (*umount)(const char *target, unsigned flags);
	int (*copy)(void); /* one more process in a copy of the namespace */
	size_t (*count)(void);
};

/* --- the kernel --- */
static int kernel_mkdir(const char *path)
{
	return mkdir(path, 0755) ? -errno : 0;
}

static int kernel_mount(const char *source, const char *target, const char *fstype, unsigned flags)
{
	return mount(source, target, fstype, flags, NULL) ? -errno : 0;
}

static int kernel_umount(const char *target, unsigned flags)
{
	return umount2(target, (int)flags) ? -errno : 0;
}

static int kernel_copy(void)
{
	int ready[2];
	char byte;

	if (pipe(ready))
		return -errno;
	pid_t pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNS) || write(ready[1], "", 1) != 1)
			err(1, "a copy of the namespace");
		for (;;)
			pause();
	}
	close(ready[1]);
	int rc = read(ready[0], &byte, 1) == 1 ? 0 : -EIO;
	close(ready[0]);
	return rc;
}

static size_t kernel_count(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	size_t n = 0;

	if (!file)
		err(1, "/proc/self/mountinfo");
	for (int c; (c = getc_unlocked(file)) != EOF;)
		n += c == '\n';
	fclose(file);
	return n;
}

static const struct side kernel = {"kernel",	  kernel_mkdir, kernel_mount,
				   kernel_umount, kernel_copy,	kernel_count};

/* --- the model: of a machine with this one task --- */
static struct model *model;
static struct model_task *task;

static int in_model_mkdir(const char *path)
{
	return model_mkdir(model, task, &(struct model_at){.fd = MODEL_CWD, .path = path});
}

static int in_model_mount(const char *source, const char *target, const char *fstype,
			  unsigned flags)
{
	struct model_at from = {.fd = MODEL_CWD, .path = source};

	return model_mount(model, task, source ? &from : NULL, target, fstype, flags);
}

static int in_model_umount(const char *target, unsigned flags)
{
	return model_umount(model, task, target, flags);
}

static int in_model_copy(void)
{
	return model_unshare(model, model_fork(model, task), MODEL_NEWNS, 0);
}

/* Without the one below "/", and "/" itself. */
static size_t in_model_count(void)
{
	return model_count(task) - 2;
}

static const struct side in_model = {"model",	      in_model_mkdir, in_model_mount,
				     in_model_umount, in_model_copy,  in_model_count};

/* --- the race --- */
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void require(const struct side *side, int rc, const char *what)
{
	if (rc < 0)
		errx(1, "%s: %s: %s", side->name, what, strerror(-rc));
}

struct tree {
	const char *dir;
	uint32_t n; /* volumes: in directories of a hundred */
	bool shared;
};

static void volume(const struct tree *tree, uint32_t i, char out[static 512])
{
	snprintf(out, 512, "%s/pod-%u/volume-%u", tree->dir, i / 100, i);
}

static void build(const struct side *side, const struct tree *tree, uint32_t copies)
{
	char path[512], source[512];

	snprintf(source, sizeof(source), "%s/source", tree->dir);
	require(side, side->mount("tmpfs", tree->dir, "tmpfs", 0), tree->dir);
	require(side, side->mount(NULL, tree->dir, NULL, tree->shared ? MS_SHARED : MS_PRIVATE),
		tree->dir);
	require(side, side->mkdir(source), source);
	/* Private: what is bound from a shared mount is a peer of it, and all volumes were peers.
	 */
	require(side, side->mount("tmpfs", source, "tmpfs", 0), source);
	require(side, side->mount(NULL, source, NULL, MS_PRIVATE), source);
	for (uint32_t i = 0; i < tree->n; i++) {
		if (i % 100 == 0) {
			snprintf(path, sizeof(path), "%s/pod-%u", tree->dir, i / 100);
			require(side, side->mkdir(path), path);
		}
		volume(tree, i, path);
		require(side, side->mkdir(path), path);
		require(side, side->mount(source, path, NULL, MS_BIND), path);
	}
	snprintf(path, sizeof(path), "%s/spare", tree->dir);
	require(side, side->mkdir(path), path);
	for (uint32_t i = 0; i < copies; i++)
		require(side, side->copy(), "a copy of the namespace");
}

enum kind {
	REMOUNT,
	TYPE,
	BIND,
	UMOUNT,
	MOVE,
	N_KINDS
};
static const char *const kinds[] = {"remount", "type", "bind", "umount", "move"};

/* One call in `ret`, of an endless list that leaves the tree as it was. */
struct call {
	enum kind kind;
	char source[512], target[512];
	unsigned flags;
};

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 33;
}

/* Pairs of calls; a move off a shared mount is refused, so there is none. */
static void make_pair(const struct tree *tree, uint64_t *state, struct call pair[static 2])
{
	char at[512], spare[512];

	volume(tree, (uint32_t)(next_random(state) % tree->n), at);
	snprintf(spare, sizeof(spare), "%s/spare", tree->dir);
	for (int i = 0; i < 2; i++) {
		pair[i] = (struct call){0};
		snprintf(pair[i].target, sizeof(pair[i].target), "%s", at);
	}
	switch (next_random(state) % (tree->shared ? 3 : 4)) {
	case 0:
		pair[0].kind = pair[1].kind = REMOUNT;
		pair[0].flags = MS_REMOUNT | MS_BIND | MS_RDONLY;
		pair[1].flags = MS_REMOUNT | MS_BIND;
		break;
	case 1:
		pair[0].kind = pair[1].kind = TYPE;
		pair[0].flags = tree->shared ? MS_SLAVE : MS_SHARED;
		pair[1].flags = tree->shared ? MS_SHARED : MS_PRIVATE;
		break;
	case 2:
		pair[0].kind = UMOUNT;
		pair[0].flags = 0;
		pair[1].kind = BIND;
		pair[1].flags = MS_BIND;
		snprintf(pair[1].source, sizeof(pair[1].source), "%s/source", tree->dir);
		break;
	default:
		pair[0].kind = pair[1].kind = MOVE;
		pair[0].flags = pair[1].flags = MS_MOVE;
		snprintf(pair[0].source, sizeof(at), "%s", at);
		snprintf(pair[0].target, sizeof(at), "%s", spare);
		snprintf(pair[1].source, sizeof(at), "%s", spare);
	}
}

static double seconds[2][N_KINDS];
static uint32_t calls[N_KINDS];

static int timed(const struct side *side, int which, const struct call *call)
{
	double start = now();
	int rc = call->kind == UMOUNT ? side->umount(call->target, call->flags)
				      : side->mount(*call->source ? call->source : NULL,
						    call->target, NULL, call->flags);

	seconds[which][call->kind] += now() - start;
	return rc;
}

static void require_same(const struct call *call, int in_kernel, int rc)
{
	if (rc != in_kernel || rc < 0)
		errx(1, "%s of %s: %d in the kernel, %d in the model", kinds[call->kind],
		     call->target, in_kernel, rc);
}

/* One after the other: each has the processor's caches for itself. */
static void race(const struct tree *tree, uint32_t ops)
{
	int *results = xcalloc(ops, sizeof(*results));

	for (int which = 0; which < 2; which++) {
		uint64_t state = 88172645463325252ULL;
		for (uint32_t i = 0; i < ops; i++) {
			static struct call pair[2];
			if (i % 2 == 0)
				make_pair(tree, &state, pair);
			int rc = timed(which ? &in_model : &kernel, which, &pair[i % 2]);
			if (which)
				require_same(&pair[i % 2], results[i], rc);
			results[i] = rc;
			calls[pair[i % 2].kind] += !which;
		}
	}
	free(results);
}

static void say(void)
{
	double total[2] = {0};
	uint32_t n = 0;

	for (int k = 0; k < N_KINDS; k++) {
		if (!calls[k])
			continue;
		printf("%s kernel %.0f model %.0f\n", kinds[k], calls[k] / seconds[0][k],
		       calls[k] / seconds[1][k]);
		total[0] += seconds[0][k];
		total[1] += seconds[1][k];
		n += calls[k];
	}
	printf("all kernel %.0f model %.0f\n", n / total[0], n / total[1]);
}

/* The directories that lead to it, as they are here. */
static void make_way(const char *dir)
{
	AUTO_FREE char *path = xstrdup(dir);

	for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
		*slash = 0;
		in_model_mkdir(path);
		*slash = '/';
	}
	in_model_mkdir(path);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		errx(2, "usage: race DIR MOUNTS NAMESPACES OPS");
	uint32_t n_ns = (uint32_t)atoi(argv[3]);
	/* Two file systems are among the mounts. */
	struct tree tree = {argv[1], (uint32_t)atoi(argv[2]) / n_ns - 2, n_ns > 1};
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		err(1, "a mount namespace");
	model = model_new(&(struct model_rules){0}, "ext4", 1);
	task = model_first_task(model);
	make_way(tree.dir);
	size_t others = kernel_count();
	double start = now();
	build(&kernel, &tree, n_ns - 1);
	double built = now();
	build(&in_model, &tree, n_ns - 1);
	printf("build kernel %.0f model %.0f\n", n_ns * tree.n / (built - start),
	       n_ns * tree.n / (now() - built));
	race(&tree, (uint32_t)atoi(argv[4]));
	if (kernel_count() - others != in_model_count() || in_model_count() != tree.n + 2)
		errx(1, "%zu mounts in the kernel, %zu in the model", kernel_count() - others,
		     in_model_count());
	say();
	AUTO_FREE char *broken = model_check(model);
	if (broken)
		errx(1, "%s", broken);
	model_free(model);
	return 0;
}
