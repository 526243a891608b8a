// SPDX-License-Identifier: Apache-2.0
/*
 * Any tables: they are refused with a sentence, or they become a model, in which calls are then
 * made, given as ops; after each one all invariants hold, and what is exported can be loaded again.
 * A libFuzzer target; fuzz/replay.c runs it on given files. One line is one input:
 *
 *     1 0 5 1 0 0 / /; 2 1 6 0 3 0 / /a | 9 8 5 1 0 0 / / ! 0 bind /a /b; umount /a ! 1 umount /a
 *
 * Mounts are ID PARENT DEVICE GROUP MASTER FLAGS ROOT TARGET; `|` begins the next namespace, and
 * `!` ops in the namespace with that index.
 */
#include "base/mem.h"
#include "exec/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NAMESPACES 4
#define OPS	   40

static void require(bool holds)
{
	if (!holds)
		abort();
}

static uint32_t number(const char *word)
{
	return (uint32_t)strtoul(word, NULL, 10);
}

/* New mounts get ids above, which must fit too. */
static uint32_t mount_id(const char *word)
{
	return number(word) & 0x3fffffff;
}

static void read_mount(const char *text, struct mnt_table *table)
{
	AUTO(strv) struct strv words = {0};

	strv_split(&words, text + strspn(text, " "), ' ');
	if (words.n < 8)
		return;
	char *const *w = words.v;
	mnt_table_add(table, &(struct mnt){
				     .id = mount_id(w[0]),
				     .unique = mount_id(w[0]),
				     .parent = mount_id(w[1]),
				     .minor = number(w[2]),
				     .root = w[6],
				     .target = w[7],
				     .fstype = number(w[2]) == 3 ? "nsfs" : "tmpfs",
				     .source = "source",
				     .options = "rw,inode64",
				     .extra = "",
				     .group = number(w[3]),
				     .master = number(w[4]),
				     .flags = number(w[5]) & 7,
				     .attr = number(w[5]) >> 3 & 15,
			     });
}

/* No more mounts than a fuzzer has patience for. */
static struct mnt_world read_world(const char *text)
{
	struct mnt_world world = {.mount_max = 100};
	AUTO(strv) struct strv spaces = {0};

	strv_split(&spaces, text, '|');
	world.ns = xcalloc(NAMESPACES, sizeof(*world.ns));
	for (size_t i = 0; i < spaces.n && i < NAMESPACES; i++) {
		AUTO(strv) struct strv lines = {0};
		strv_split(&lines, spaces.v[i], ';');
		world.ns[world.n_ns++] = (struct mnt_ns){.inode = 100 + i, .has_table = true};
		for (size_t k = 0; k < lines.n; k++)
			read_mount(lines.v[k], &world.ns[i].table);
	}
	return world;
}

static void free_world(struct mnt_world *world)
{
	for (uint32_t i = 0; i < world->n_ns; i++)
		mnt_table_done(&world->ns[i].table);
	free(world->ns);
}

static void require_whole(const struct model *m)
{
	require(!model_check(m));
}

/* One by one, so that all holds in between; a refusal has a sentence, and ends the list. */
static void run(struct model *m, struct model_task *task, char *text)
{
	AUTO(ops) struct ops ops = {0};
	AUTO(err) struct err err = {0};
	struct exec_model ex;

	for (char *end = text; (end = strchr(end, ';'));)
		*end = '\n';
	if (ops_parse(&ops, "f", text, &err) < 0 || ops_check(&ops, NULL) < 0)
		return;
	exec_model_init(&ex, m, task);
	for (size_t i = 0; i < ops.n && i < OPS; i++) {
		int rc = exec_model(&ex, &ops, i, i + 1, NULL, &err);
		require_whole(m);
		require(rc == 0 || (rc == -err.code && err.msg && *err.msg));
		if (rc < 0)
			break;
	}
	exec_model_done(&ex);
	require_whole(m);
}

/* What the tasks see is a world again. */
static void export_and_load(const struct model *m, struct model_task *const *tasks, uint32_t n)
{
	struct mnt_world world = {.ns = xcalloc(NAMESPACES, sizeof(*world.ns)), .n_ns = n};
	struct model_task *again[NAMESPACES];
	AUTO(err) struct err err = {0};
	struct model *copy;

	for (uint32_t i = 0; i < n; i++) {
		world.ns[i] = (struct mnt_ns){.inode = 100 + i, .has_table = true};
		if (tasks[i])
			model_table(m, tasks[i], &world.ns[i].table);
	}
	require(model_load(&(struct model_rules){0}, &world, &copy, again, &err) == 0);
	require_whole(copy);
	model_free(copy);
	free_world(&world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = xstrndup((const char *)data, size);
	AUTO(strv) struct strv parts = {0};
	AUTO(err) struct err err = {0};
	struct model_task *tasks[NAMESPACES];
	struct model *m;

	strv_split(&parts, text, '!');
	struct mnt_world world = read_world(parts.n ? parts.v[0] : "");
	if (model_load(&(struct model_rules){0}, &world, &m, tasks, &err) < 0) {
		require(err.code == EINVAL && err.msg && *err.msg);
		free_world(&world);
		return 0;
	}
	require_whole(m);
	for (size_t i = 1; i < parts.n; i++) {
		char *ops;
		unsigned long at = strtoul(parts.v[i], &ops, 10);
		if (at < world.n_ns && tasks[at])
			run(m, tasks[at], ops);
	}
	export_and_load(m, tasks, world.n_ns);
	model_free(m);
	free_world(&world);
	return 0;
}
