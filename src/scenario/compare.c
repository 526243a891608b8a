// SPDX-License-Identifier: Apache-2.0
/*
 * Two outcomes are the same if they differ in numbers only: ids of mounts must have the same order,
 * groups and devices the same order of first appearance. Of the groups that one call makes the
 * numbers must have the same order, too: each gets the lowest number that no mount of the machine
 * has, and nobody else gets one in between. Between calls others may take or free some.
 */
#include "base/mem.h"
#include "scenario/call.h"

#include <stdlib.h>
#include <string.h>

struct names {
	struct map uniques, groups, devices;
};

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void rank_uniques(const struct outcome *o, struct map *ranks)
{
	uint64_t *v = NULL;
	size_t n = 0;

	for (size_t t = 0; t < SCENARIO_TASKS; t++)
		for (size_t i = 0; i < o->tables[t].n; i++)
			VEC_PUSH(v, n, o->tables[t].v[i].unique);
	if (n)
		qsort(v, n, sizeof(*v), by_value);
	for (size_t i = 0; i < n; i++)
		map_add(ranks, v[i], (uint32_t)ranks->n);
	free(v);
}

static uint32_t named(struct map *map, uint64_t key)
{
	return key ? map_add(map, key, (uint32_t)map->n) + 1 : 0;
}

/* What of a mount is compared, numbers replaced. */
struct same {
	uint32_t rank, parent, device, group, master, from, attr, flags;
	bool ro;
};

static struct same reduce(struct names *names, const struct mnt_table *table, const struct map *ids,
			  const struct mnt *mnt)
{
	uint32_t parent = mnt->parent == mnt->id ? MAP_NONE : map_get(ids, mnt->parent);

	return (struct same){
		.rank = map_get(&names->uniques, mnt->unique),
		.parent = parent == MAP_NONE
				  ? 0
				  : map_get(&names->uniques, table->v[parent].unique) + 1,
		.device = named(&names->devices, (uint64_t)mnt->major << 32 | mnt->minor),
		.group = named(&names->groups, mnt->group),
		.master = named(&names->groups, mnt->master),
		.from = named(&names->groups, mnt->from),
		.attr = mnt->attr,
		.flags = mnt->flags,
		/* That of nsfs is the machine's. */
		.ro = str_starts(mnt->options, "ro") && !str_starts(mnt->root, "mnt:["),
	};
}

/* A namespace's file is called by a number that the model has not. */
static bool is_same_root(const char *a, const char *b)
{
	return !strcmp(a, b) || (str_starts(a, "mnt:[") && str_starts(b, "mnt:["));
}

static bool is_same_table(const struct mnt_table *a, const struct mnt_table *b, struct names *na,
			  struct names *nb)
{
	struct map ids_a = {0}, ids_b = {0};
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++) {
		map_set(&ids_a, a->v[i].id, (uint32_t)i);
		map_set(&ids_b, b->v[i].id, (uint32_t)i);
	}
	for (size_t i = 0; same && i < a->n; i++) {
		struct same x = reduce(na, a, &ids_a, &a->v[i]),
			    y = reduce(nb, b, &ids_b, &b->v[i]);
		same = x.rank == y.rank && x.parent == y.parent && x.device == y.device &&
		       x.group == y.group && x.master == y.master && x.from == y.from &&
		       x.attr == y.attr && x.flags == y.flags && x.ro == y.ro &&
		       is_same_root(a->v[i].root, b->v[i].root) &&
		       !strcmp(a->v[i].target, b->v[i].target);
	}
	map_done(&ids_a);
	map_done(&ids_b);
	return same;
}

struct number {
	uint32_t kernel, model;
};

static int by_kernel(const void *a, const void *b)
{
	uint32_t x = ((const struct number *)a)->kernel, y = ((const struct number *)b)->kernel;

	return (x > y) - (x < y);
}

bool outcome_orders_groups(const struct model_world *world, const struct outcome *kernel,
			   const struct outcome *model)
{
	struct number *v = NULL;
	size_t n = 0, i;

	for (size_t t = 0; t < SCENARIO_TASKS; t++)
		for (i = 0; i < kernel->tables[t].n; i++) {
			const struct mnt *a = &kernel->tables[t].v[i], *b = &model->tables[t].v[i];
			if (model_world_made_group(world, b->group))
				VEC_PUSH(v, n, (struct number){a->group, b->group});
			if (model_world_made_group(world, b->master))
				VEC_PUSH(v, n, (struct number){a->master, b->master});
		}
	if (n)
		qsort(v, n, sizeof(*v), by_kernel);
	for (i = 1; i < n && v[i - 1].model <= v[i].model;)
		i++;
	free(v);
	return i >= n;
}

static void names_done(struct names *names)
{
	map_done(&names->uniques);
	map_done(&names->groups);
	map_done(&names->devices);
}

static void print_mount(struct names *names, const struct mnt_table *table, const struct map *ids,
			const struct mnt *mnt, struct buf *out)
{
	struct same s = reduce(names, table, ids, mnt);

	buf_addf(out, "%u on %u dev %u %s at %s attr 0x%x", s.rank + 1, s.parent, s.device,
		 str_starts(mnt->root, "mnt:[") ? "mnt:" : mnt->root, mnt->target, s.attr);
	if (s.group)
		buf_addf(out, " shared:%u", s.group);
	if (s.master)
		buf_addf(out, " master:%u", s.master);
	if (s.from)
		buf_addf(out, " from:%u", s.from);
	buf_addf(out, "%s%s", s.flags & MNT_UNBINDABLE ? " unbindable" : "", s.ro ? " fs-ro" : "");
}

static void print_tables(const struct outcome *o, struct strv *out)
{
	struct names names = {0};

	rank_uniques(o, &names.uniques);
	for (size_t t = 0; t < SCENARIO_TASKS; t++) {
		const struct mnt_table *table = &o->tables[t];
		struct map ids = {0};
		for (size_t i = 0; i < table->n; i++)
			map_set(&ids, table->v[i].id, (uint32_t)i);
		for (size_t i = 0; i < table->n; i++) {
			AUTO(buf) struct buf line = {0};
			print_mount(&names, table, &ids, &table->v[i], &line);
			strv_addf(out, "%zu: %s", t, line.data);
		}
		map_done(&ids);
	}
	names_done(&names);
}

static void print_missing(const struct strv *a, const struct strv *b, char sign, struct buf *out)
{
	for (size_t i = 0; i < a->n; i++)
		if (!strv_has(b, a->v[i]))
			buf_addf(out, "%c %s\n", sign, a->v[i]);
}

static void print_difference(const struct outcome *kernel, const struct outcome *model,
			     struct buf *out)
{
	AUTO(strv) struct strv a = {0}, b = {0};

	if (kernel->rc != model->rc)
		buf_addf(out, "result: kernel %s, model %s\n",
			 kernel->rc ? strerror(-kernel->rc) : "done",
			 model->rc ? strerror(-model->rc) : "done");
	print_tables(kernel, &a);
	print_tables(model, &b);
	buf_adds(out, "tables (+ only in the kernel, - only in the model):\n");
	for (size_t i = 0; i < a.n; i++)
		buf_addf(out, "%c %s\n", strv_has(&b, a.v[i]) ? ' ' : '+', a.v[i]);
	print_missing(&b, &a, '-', out);
}

bool outcome_is_same(const struct outcome *kernel, const struct outcome *model, struct buf *out)
{
	struct names a = {0}, b = {0};
	bool same = kernel->rc == model->rc;

	rank_uniques(kernel, &a.uniques);
	rank_uniques(model, &b.uniques);
	for (size_t t = 0; same && t < SCENARIO_TASKS; t++)
		same = is_same_table(&kernel->tables[t], &model->tables[t], &a, &b);
	names_done(&a);
	names_done(&b);
	if (!same && out)
		print_difference(kernel, model, out);
	return same;
}
