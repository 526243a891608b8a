// SPDX-License-Identifier: Apache-2.0
/* The tables of all namespaces as a model, with the locks that can be told. */
#include "base/mem.h"
#include "plan/explain_trial.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

static struct model_rules rules(const struct mnt_world *world)
{
	struct utsname uts;

	if (world->kernel)
		return model_rules_of(world->kernel);
	return uname(&uts) == 0 ? model_rules_of(uts.release) : (struct model_rules){0};
}

/* So that each mount can be found again; the ids of one machine are one space, too. */
static void name_mounts(struct mnt_world *world)
{
	for (uint32_t k = 0; k < world->n_ns; k++)
		for (uint32_t i = 0; i < world->ns[k].table.n; i++)
			world->ns[k].table.v[i].unique = world->ns[k].table.v[i].id;
}

static int load(struct trial *t, struct err *err)
{
	const struct model_rules how = rules(t->ask->world);
	const struct mnt_ns *ns = &t->ask->world->ns[t->ask->ns];
	int rc = model_load(&how, t->ask->world, &t->m, t->tasks, err);

	if (rc == -EINVAL && t->ask->is_live)
		return err ? err_say(err, EAGAIN, "mounts changed while they were read: %s",
				     err->msg)
			   : -EAGAIN;
	if (rc == 0 && !t->tasks[t->ask->ns])
		rc = err_say(err, EACCES, "%s", ns->gap ? ns->gap : "the namespace has no table");
	return rc;
}

int trial_init(struct trial *t, const struct explain_ask *ask, struct err *err)
{
	uint32_t n = ask->world->n_ns;
	struct map locked = {0};

	*t = (struct trial){.ask = ask,
			    .tasks = xcalloc(n + 1, sizeof(*t->tasks)),
			    .before = xcalloc(n + 1, sizeof(*t->before))};
	explain_find_locked(ask, &locked);
	name_mounts(ask->world);
	int rc = load(t, err);
	if (rc == 0)
		model_lock(t->tasks[ask->ns], &locked);
	for (uint32_t i = 0; i < n && rc == 0; i++)
		t->before[i] = t->tasks[i] ? model_count(t->tasks[i]) : 0;
	map_done(&locked);
	return rc;
}

/* From the root down, until something is no directory. */
static void know(const struct trial *t, const char *path, struct strv *links)
{
	struct model_task *task = t->tasks[t->ask->ns];
	AUTO_FREE char *prefix = path ? xstrdup(path) : NULL;
	enum explain_there there = EXPLAIN_DIR;

	if (!path || *path != '/')
		return;
	for (char *end = prefix; there == EXPLAIN_DIR && end[strspn(end, "/")];) {
		end += strspn(end, "/");
		end += strcspn(end, "/");
		char saved = *end;
		*end = 0;
		there = explain_look(t->ask, t->ask->ns, prefix);
		if (there == EXPLAIN_DIR || there == EXPLAIN_FILE)
			model_know(t->m, task, prefix, there == EXPLAIN_DIR);
		if (there == EXPLAIN_MISSING)
			model_know_missing(t->m, task, prefix);
		if (there == EXPLAIN_LINK && !strv_has(links, prefix))
			strv_add(links, prefix);
		*end = saved;
	}
}

void trial_know(const struct trial *t, const struct ops *ops, struct strv *links)
{
	for (size_t i = 0; i < ops->n && t->ask->is_live; i++) {
		const struct op *op = &ops->v[i];
		if (!op->from.handle)
			know(t, op->from.path, links);
		if (!op->to.handle)
			know(t, op->to.path, links);
		if (op->kind == OP_PIVOT_ROOT)
			know(t, op->text, links);
	}
}

void trial_done(struct trial *t)
{
	model_free(t->m);
	free(t->tasks);
	free(t->before);
}

static void known_mounts(const struct mnt_world *world, struct map *ret)
{
	for (uint32_t k = 0; k < world->n_ns; k++)
		for (uint32_t i = 0; i < world->ns[k].table.n; i++)
			map_set(ret, world->ns[k].table.v[i].unique, i);
}

void trial_find_new(const struct trial *t, struct explain_places *ret)
{
	struct map known = {0};

	known_mounts(t->ask->world, &known);
	for (uint32_t k = 0; k < t->ask->world->n_ns; k++) {
		AUTO(mnt_table) struct mnt_table now = {0};
		if (!t->tasks[k] || model_count(t->tasks[k]) <= t->before[k])
			continue;
		model_table(t->m, t->tasks[k], &now);
		for (uint32_t i = 0; i < now.n; i++)
			if (map_get(&known, now.v[i].unique) == MAP_NONE)
				VEC_PUSH(ret->v, ret->n,
					 (struct explain_place){k, now.v[i].group,
								xstrdup(now.v[i].target)});
	}
	map_done(&known);
}
