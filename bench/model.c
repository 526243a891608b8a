// SPDX-License-Identifier: Apache-2.0
/*
 * model scale copies|containers NAMESPACES PER OPS: a world of so many namespaces of PER mounts
 * becomes a model, and OPS calls are made in random ones of them.
 * model slaves N GROUPS ROUNDS: mounts into groups that have N slaves in all, and takes them off
 * again. With one group and with ten it is the same memory, so that the times compare how much is
 * done, not what fits into the processor's caches.
 *
 * Prints "NAME VALUE" lines. bench/race.c has the race with the kernel.
 */
#include <err.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "model/model.h"

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t allocated(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static uint32_t random_below(uint32_t n)
{
	static uint64_t state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 33) % n;
}

static void require(int rc, const char *what)
{
	if (rc < 0)
		errx(1, "%s: %s", what, strerror(-rc));
}

/* Namespace `ns` and its mount `i`; what all have in common is the host's. */
static struct mnt line(uint32_t ns, uint32_t i, uint32_t per, bool copies, char *const *targets)
{
	struct mnt mnt = {
		.unique = (uint64_t)ns * per + i + 2,
		.id = ns * per + i + 2,
		.parent = i ? ns * per + 2 : 1,
		.major = 0,
		.root = "/",
		.target = targets[i],
		.fstype = "ext4",
		.source = "volume",
		.options = "rw",
		.extra = "",
	};

	if (copies) { /* the host's mounts, of which the others are slaves */
		mnt.minor = i + 10;
		mnt.group = ns ? 0 : i + 1;
		mnt.master = ns ? i + 1 : 0;
	} else { /* eight file systems of its own, and volumes of the host's */
		mnt.minor = i < 8 ? 100000 + 8 * ns + i : i + 10;
		mnt.root = i < 8 ? "/" : "/srv/volumes/data";
	}
	return mnt;
}

static struct mnt_world world_new(uint32_t n_ns, uint32_t per, bool copies, char *const *targets)
{
	struct mnt_world world = {.n_ns = n_ns, .mount_max = 100000};

	world.ns = xcalloc(n_ns, sizeof(*world.ns));
	for (uint32_t ns = 0; ns < n_ns; ns++) {
		struct mnt_table *table = &world.ns[ns].table;
		world.ns[ns].inode = 4026532000 + ns;
		world.ns[ns].has_table = true;
		table->v = xcalloc(per, sizeof(*table->v));
		table->n = per;
		for (uint32_t i = 0; i < per; i++)
			table->v[i] = line(ns, i, per, copies, targets);
	}
	return world;
}

static void world_free(struct mnt_world *world)
{
	for (uint32_t ns = 0; ns < world->n_ns; ns++)
		free(world->ns[ns].table.v);
	free(world->ns);
}

/* Two calls that leave all as it was, in one namespace. */
static void call_twice(struct model *m, struct model_task *task, const char *target)
{
	struct model_at source = {.fd = MODEL_CWD, .path = target};

	switch (random_below(3)) {
	case 0:
		require(model_mount(m, task, &source, "/mnt", NULL, MODEL_MS_BIND), "bind");
		require(model_umount(m, task, "/mnt", 0), "umount");
		break;
	case 1:
		require(model_mount(m, task, NULL, target, NULL,
				    MODEL_MS_REMOUNT | MODEL_MS_BIND | MODEL_MS_RDONLY),
			"remount");
		require(model_mount(m, task, NULL, target, NULL, MODEL_MS_REMOUNT | MODEL_MS_BIND),
			"remount");
		break;
	default:
		require(model_mount(m, task, &source, "/mnt", NULL, MODEL_MS_BIND), "bind");
		require(model_umount(m, task, "/mnt", MODEL_UMOUNT_DETACH), "umount -l");
	}
}

static void scale(bool copies, uint32_t n_ns, uint32_t per, uint32_t ops)
{
	char **targets = xcalloc(per, sizeof(*targets));
	struct model_task **tasks = xcalloc(n_ns, sizeof(*tasks));
	struct model *m;
	AUTO(err) struct err why = {0};

	for (uint32_t i = 0; i < per; i++)
		targets[i] = i ? xasprintf("/volumes/volume-%u", i) : xstrdup("/");
	struct mnt_world world = world_new(n_ns, per, copies, targets);
	size_t before = allocated();
	double start = now();
	if (model_load(&(struct model_rules){0}, &world, &m, tasks, &why) < 0)
		errx(1, "%s", why.msg);
	double loaded = now();
	printf("load_s %.3f\n", loaded - start);
	printf("bytes_per_mount %.1f\n", (double)(allocated() - before) / n_ns / per);
	world_free(&world);
	start = now();
	/* Not in the host's: its mounts arrive in all others. */
	for (uint32_t i = 0; i < ops / 2; i++)
		call_twice(m, tasks[1 + random_below(n_ns - 1)], targets[random_below(per)]);
	printf("ops_per_s %.0f\n", ops / (now() - start));
	AUTO_FREE char *broken = model_check(m);
	if (broken)
		errx(1, "%s", broken);
	model_free(m);
	for (uint32_t i = 0; i < per; i++)
		free(targets[i]);
	free(targets);
	free(tasks);
}

static struct model *group_new(uint32_t n)
{
	struct model *m = model_new(&(struct model_rules){0}, "ext4", 1);
	struct model_task *host = model_first_task(m);

	require(model_mkdir(m, host, &(struct model_at){.fd = MODEL_CWD, .path = "/mnt"}), "mkdir");
	require(model_mount(m, host, NULL, "/", NULL, MODEL_MS_SHARED), "make-shared");
	for (uint32_t i = 0; i < n; i++) {
		struct model_task *task = model_fork(m, host);
		require(model_unshare(m, task, MODEL_NEWNS, 0), "unshare");
		require(model_mount(m, task, NULL, "/", NULL, MODEL_MS_SLAVE), "make-slave");
	}
	return m;
}

struct times {
	double mount, umount;
};

static void mount_once(struct model *m, struct times *sum)
{
	const struct model_at name = {.fd = MODEL_CWD, .path = "volume"};
	struct model_task *host = model_first_task(m);
	double start = now();

	require(model_mount(m, host, &name, "/mnt", "tmpfs", 0), "mount");
	double mounted = now();
	require(model_umount(m, host, "/mnt", 0), "umount");
	sum->mount += mounted - start;
	sum->umount += now() - mounted;
}

/* The best of the rounds: what others do on the machine only makes it longer. */
static void slaves(uint32_t n, uint32_t n_groups, uint32_t rounds)
{
	struct model **models = xcalloc(n_groups, sizeof(*models));
	struct times best = {1e9, 1e9};

	for (uint32_t i = 0; i < n_groups; i++)
		models[i] = group_new(n / n_groups);
	for (uint32_t round = 0; round < rounds; round++) {
		struct times sum = {0};
		for (uint32_t i = 0; i < n_groups; i++)
			mount_once(models[i], &sum);
		best.mount = sum.mount < best.mount ? sum.mount : best.mount;
		best.umount = sum.umount < best.umount ? sum.umount : best.umount;
	}
	printf("mount_ns_per_slave %.1f\n", best.mount * 1e9 / n);
	printf("umount_ns_per_slave %.1f\n", best.umount * 1e9 / n);
	for (uint32_t i = 0; i < n_groups; i++)
		model_free(models[i]);
	free(models);
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[1], "scale"))
		scale(!strcmp(argv[2], "copies"), (uint32_t)atoi(argv[3]), (uint32_t)atoi(argv[4]),
		      (uint32_t)atoi(argv[5]));
	else if (argc == 5 && !strcmp(argv[1], "slaves"))
		slaves((uint32_t)atoi(argv[2]), (uint32_t)atoi(argv[3]), (uint32_t)atoi(argv[4]));
	else
		errx(2, "usage: model scale copies|containers NAMESPACES PER OPS | "
			"model slaves N GROUPS ROUNDS");
	return 0;
}
