// SPDX-License-Identifier: Apache-2.0
/* A plan as JSON. */
#include "base/json.h"
#include "base/mem.h"
#include "view/plan.h"

static json_t *number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *mount(const struct mnt *mnt, bool is_new)
{
	AUTO(buf) struct buf type = {0}, options = {0};

	mnt_type_print(mnt, &type);
	mnt_options_print(mnt, &options);
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "id",
			 is_new ? json_null() : number(mnt->id), "target", json_bytes(mnt->target),
			 "root", json_bytes(mnt->root), "fstype", json_bytes(mnt->fstype), "source",
			 json_bytes(mnt->source), "options", json_bytes(options.data),
			 "propagation", json_bytes(type.data));
}

static json_t *line_json(const struct plan *plan, const struct plan_ns *ns,
			 const struct plan_line *line)
{
	const struct mnt_table *table = &plan->world->ns[ns->ns].table;
	json_t *ret = json_pack("{s:s}", "what", plan_kind_words[line->kind]);

	if (line->before != MAP_NONE)
		json_object_set_new(ret, "before", mount(&table->v[line->before], false));
	if (line->after != MAP_NONE)
		json_object_set_new(ret, "after",
				    mount(&ns->after.v[line->after], line->before == MAP_NONE));
	if (line->by != MAP_NONE)
		json_object_set_new(ret, "covered-by", json_bytes(ns->after.v[line->by].target));
	if (line->kind == PLAN_MOVES)
		json_object_set_new(ret, "along", number(line->along));
	return ret;
}

static json_t *namespace_json(const struct plan *plan, const struct plan_ns *ns)
{
	AUTO_FREE char *label = mnt_ns_label(plan->world, ns->ns);
	json_t *lines = json_array(), *counts = json_object();

	for (size_t i = 0; i < ns->n; i++)
		json_array_append_new(lines, line_json(plan, ns, &ns->v[i]));
	for (size_t k = 0; k < PLAN_KIND_MAX; k++)
		json_object_set_new(counts, plan_kind_words[k], number(ns->count[k]));
	return json_pack("{s:o,s:o,s:b,s:o,s:o,s:o,s:o}", "inode",
			 number(plan->world->ns[ns->ns].inode), "label", json_bytes(label), "in",
			 ns->ns == plan->in, "mounts-before", number(ns->mounts_before),
			 "mounts-after", number(ns->mounts_after), "counts", counts, "mounts",
			 lines);
}

static json_t *unknown(const struct mnt_world *world)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < world->n_ns; i++) {
		const struct mnt_ns *ns = &world->ns[i];
		if (ns->has_table && ns->table.n)
			continue;
		AUTO_FREE char *label = mnt_ns_label(world, i);
		json_array_append_new(list, json_pack("{s:o,s:o,s:o}", "inode", number(ns->inode),
						      "label", json_bytes(label), "why",
						      ns->gap ? json_bytes(ns->gap) : json_null()));
	}
	return list;
}

static json_t *op_json(const struct plan *plan, size_t op)
{
	AUTO(buf) struct buf text = {0};

	plan_print_op(plan, op, &text);
	return json_pack("{s:o,s:o}", "number", number(op + 1), "text", json_bytes(text.data));
}

static json_t *refusal(const struct plan *plan)
{
	if (!plan->refused)
		return json_null();
	return json_pack("{s:o,s:i,s:o}", "op", op_json(plan, plan->refused_op), "errno",
			 plan->refused_code, "why", json_bytes(plan->refused));
}

static json_t *repeat_json(const struct plan *plan)
{
	const struct plan_repeat *repeat = &plan->repeat;

	if (!repeat->tried)
		return json_null();
	return json_pack("{s:b,s:o,s:o,s:o,s:o,s:o}", "multiplies", repeat->multiplies, "op",
			 repeat->multiplies ? op_json(plan, repeat->op) : json_null(), "first",
			 number(repeat->first), "second", number(repeat->second), "full-at",
			 repeat->full_at ? number(repeat->full_at) : json_null(), "refused",
			 repeat->refused ? json_bytes(repeat->refused) : json_null());
}

json_t *view_plan_json(const struct plan *plan)
{
	json_t *namespaces = json_array(), *ops = json_array();

	for (uint32_t i = 0; i < plan->n_ns; i++)
		json_array_append_new(namespaces, namespace_json(plan, &plan->ns[i]));
	for (size_t i = 0; i < plan->ops->n; i++) {
		AUTO(buf) struct buf text = {0};
		op_print(&plan->ops->v[i], &text);
		text.data[--text.len] = 0;
		json_array_append_new(ops, json_bytes(text.data));
	}
	return json_pack("{s:o,s:b,s:o,s:b,s:o,s:o,s:o,s:o,s:o,s:o}", "ops", ops, "succeeds",
			 !plan->refused, "refusal", refusal(plan), "at-least",
			 plan->n_unknown || plan->n_unread, "mount-max",
			 plan->world->mount_max ? number(plan->world->mount_max) : json_null(),
			 "namespaces", namespaces, "unknown", unknown(plan->world),
			 "unknown-processes", number(plan->n_unread), "repeat", repeat_json(plan),
			 "assumed", json_strv(&plan->assumed));
}
