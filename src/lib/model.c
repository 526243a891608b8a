// SPDX-License-Identifier: Apache-2.0
/* The model of a machine: made of a snapshot, and shown as one again. */
#include "base/mem.h"
#include "lib/model_parts.h"

#include <errno.h>

/* What of a namespace is not mounts: it outlives the snapshot. */
static void keep(struct mntns_model *model, const struct mnt_world *from)
{
	struct mnt_world *to = &model->shell;

	to->ns = xcalloc(from->n_ns + 1, sizeof(*to->ns));
	to->n_ns = from->n_ns;
	to->self = from->self;
	to->mount_max = from->mount_max;
	to->time = from->time;
	to->host = arena_str(&to->text, from->host);
	to->kernel = arena_str(&to->text, from->kernel);
	for (uint32_t i = 0; i < from->n_ns; i++) {
		const struct mnt_ns *ns = &from->ns[i];
		to->ns[i] = (struct mnt_ns){
			.inode = ns->inode,
			.id = ns->id,
			.owner = ns->owner,
			.n_mounts = ns->n_mounts,
			.gap = arena_str(&to->text, ns->gap),
			.name = arena_str(&to->text, ns->name),
		};
		if (ns->inode > model->last_inode)
			model->last_inode = ns->inode;
	}
}

int mntns_model_new(const struct mntns_snapshot *snapshot, struct mntns_model **ret,
		    struct mntns_error **ret_error)
{
	const struct mnt_world *world = &snapshot->world;
	struct mntns_model *model = xcalloc(1, sizeof(*model));
	struct model_rules rules = {0};
	struct err err = {0};

	if (world->kernel)
		rules = model_rules_of(world->kernel);
	model->tasks = xcalloc(world->n_ns + 1, sizeof(struct model_task *));
	if (model_load(&rules, world, &model->model, model->tasks, &err) < 0) {
		free(model->tasks);
		free(model);
		return lib_fail(&err, ret_error);
	}
	keep(model, world);
	*ret = model;
	return 0;
}

void mntns_model_free(struct mntns_model *model)
{
	if (!model)
		return;
	for (struct mntns_process *p = model->processes, *next; p; p = next) {
		next = p->next;
		free(p);
	}
	model_free(model->model);
	mnt_world_done(&model->shell);
	free(model->tasks);
	free(model->born);
	free(model);
}

uint32_t lib_model_find(const struct mntns_model *model, uint64_t id)
{
	for (uint32_t i = 0; i < model->shell.n_ns; i++)
		if (model->tasks[i] && model_ns_id(model->tasks[i]) == id)
			return i;
	return MAP_NONE;
}

/* The number of a namespace that was made here: the same as long as the model lives. */
uint64_t lib_model_born(struct mntns_model *model, uint64_t id)
{
	for (size_t i = 0; i < model->n_born; i++)
		if (model->born[i].id == id)
			return model->born[i].inode;
	return VEC_PUSH(model->born, model->n_born, (struct born){id, ++model->last_inode})->inode;
}

static struct mnt_ns *add_ns(struct mnt_world *world)
{
	return VEC_PUSH(world->ns, world->n_ns, (struct mnt_ns){0});
}

static void show(const struct model *m, const struct model_task *task, struct mnt_ns *ns)
{
	ns->has_table = true;
	model_table(m, task, &ns->table);
	ns->n_mounts = (uint32_t)ns->table.n;
}

/* Those that processes have made, in the order of their numbers, each once. */
static void show_born(const struct mntns_model *model, struct mnt_world *world)
{
	for (size_t i = 0; i < model->n_born; i++) {
		const struct mntns_process *p = model->processes;
		while (p && model_ns_id(p->task) != model->born[i].id)
			p = p->next;
		if (!p)
			continue;
		struct mnt_ns *ns = add_ns(world);
		ns->inode = model->born[i].inode;
		ns->id = model->born[i].id;
		show(model->model, p->task, ns);
	}
}

int mntns_model_export(const struct mntns_model *model, struct mntns_snapshot **ret,
		       struct mntns_error **ret_error)
{
	const struct mnt_world *shell = &model->shell;
	struct mnt_world world = {
		.self = shell->self, .mount_max = shell->mount_max, .time = shell->time};

	world.host = arena_str(&world.text, shell->host);
	world.kernel = arena_str(&world.text, shell->kernel);
	for (uint32_t i = 0; i < shell->n_ns; i++) {
		struct mnt_ns *ns = add_ns(&world);
		*ns = shell->ns[i];
		ns->gap = arena_str(&world.text, ns->gap);
		ns->name = arena_str(&world.text, ns->name);
		if (model->tasks[i])
			show(model->model, model->tasks[i], ns);
	}
	show_born(model, &world);
	return lib_snapshot_new(&world, ret, ret_error);
}
