/* SPDX-License-Identifier: Apache-2.0 */
/* Short words for the model's calls: each leaves a model that holds together, or the test fails. */
#ifndef UNIT_MODEL_HELP_H
#define UNIT_MODEL_HELP_H

#include "unit.h"

#include "model/model.h"

struct world {
	struct model *m;
	struct model_task *task;
	uint64_t ns_id;
};

static inline struct model_at at(const char *path)
{
	return (struct model_at){MODEL_CWD, path, NULL};
}

static inline struct model_at file_at(int fd, const char *path)
{
	return (struct model_at){fd, path, NULL};
}

static inline void make_dirs(const struct world *w, const char *const *paths)
{
	for (; *paths; paths++)
		assert_int_equal(
			model_mkdir(w->m, w->task, &(struct model_at){MODEL_CWD, *paths, NULL}), 0);
}

static inline struct world world_with(struct model_rules rules)
{
	static const char *const dirs[] = {"/a", "/b", "/c", "/a/in", "/c/in", NULL};
	struct world w = {.m = model_new(&rules, "tmpfs", 100), .ns_id = 100};

	w.task = model_first_task(w.m);
	make_dirs(&w, dirs);
	return w;
}

static inline struct world world_new(void)
{
	return world_with((struct model_rules){0});
}

/* Every call of a test leaves a model that holds together. */
static inline int checked(const struct world *w, int rc)
{
	AUTO_FREE char *broken = model_check(w->m);

	if (broken)
		fail_msg("%s", broken);
	return rc;
}

static inline int mount_fs(const struct world *w, const char *target)
{
	struct model_at name = at("t");

	return checked(w, model_mount(w->m, w->task, &name, target, "tmpfs", 0));
}

static inline int bind(const struct world *w, const char *from, const char *to, unsigned more)
{
	struct model_at source = at(from);

	return checked(w, model_mount(w->m, w->task, &source, to, NULL, MODEL_MS_BIND | more));
}

static inline int move(const struct world *w, const char *from, const char *to)
{
	struct model_at source = at(from);

	return checked(w, model_mount(w->m, w->task, &source, to, NULL, MODEL_MS_MOVE));
}

static inline int type(const struct world *w, const char *path, unsigned flags)
{
	return checked(w, model_mount(w->m, w->task, NULL, path, NULL, flags));
}

static inline int umount(const struct world *w, const char *path, unsigned flags)
{
	return checked(w, model_umount(w->m, w->task, path, flags));
}

/* A second process in a namespace of its own. */
static inline struct world unshared(struct world *w, unsigned flags)
{
	struct world other = *w;

	other.task = model_fork(w->m, w->task);
	other.ns_id = ++w->ns_id;
	assert_int_equal(model_unshare(w->m, other.task, flags, other.ns_id), 0);
	return other;
}

/* "/:shared /a:private": what the task sees. */
static inline char *seen(const struct world *w)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	AUTO(buf) struct buf out = {0};

	model_table(w->m, w->task, &table);
	for (size_t i = 0; i < table.n; i++)
		buf_addf(&out, "%s%s:%s", i ? " " : "", table.v[i].target,
			 mnt_type_word(&table.v[i]));
	return buf_take(&out);
}

#define assert_seen(world_, text_)                                                                 \
	do {                                                                                       \
		AUTO_FREE char *seen_ = seen(world_);                                              \
		assert_string_equal(seen_, text_);                                                 \
	} while (0)

#endif
