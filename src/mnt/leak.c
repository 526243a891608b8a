// SPDX-License-Identifier: Apache-2.0
/* Which owners have no process left. */
#include "mnt/leak.h"
#include "base/mem.h"

#include <string.h>

/* What processes say of who is alive. */
struct alive {
	const struct mnt_world *world;
	struct map names;  /* hash of a kind and a name -> an index of `list` */
	const char **list; /* the names, so that equal hashes can be told apart */
	uint32_t n_list;
	struct map systems; /* devices that processes use */
};

/* Pods, containers, units and users are four spaces of names. */
static void add_name(struct alive *alive, enum mnt_leak_kind kind, const char *name)
{
	if (!name)
		return;
	uint64_t key = map_hash((uint64_t)kind + 1, name, strlen(name));
	if (map_add(&alive->names, key, alive->n_list) == alive->n_list)
		VEC_PUSH(alive->list, alive->n_list, name);
}

static bool has_name(const struct alive *alive, enum mnt_leak_kind kind, const char *name)
{
	uint32_t i = map_get(&alive->names, map_hash((uint64_t)kind + 1, name, strlen(name)));

	return i != MAP_NONE && !strcmp(alive->list[i], name);
}

static uint64_t device(uint32_t major, uint32_t minor)
{
	return (uint64_t)major << 32 | minor;
}

/* A file's own device number may be another than that of its mount. */
static void add_systems(struct alive *alive)
{
	const struct mnt_world *world = alive->world;
	struct map used = {0};

	for (uint32_t i = 0; i < world->n_uses; i++) {
		map_add(&alive->systems, device(world->uses[i].major, world->uses[i].minor), 1);
		map_add(&used, world->uses[i].mount, 1);
	}
	for (uint32_t i = 0; i < world->n_ns; i++)
		for (size_t k = 0; k < world->ns[i].table.n; k++) {
			const struct mnt *mnt = &world->ns[i].table.v[k];
			if (map_get(&used, mnt->id) != MAP_NONE)
				map_add(&alive->systems, device(mnt->major, mnt->minor), 1);
		}
	map_done(&used);
}

static void ask_processes(struct alive *alive, struct arena *text)
{
	const struct mnt_world *world = alive->world;

	for (uint32_t i = 0; i < world->n_procs; i++) {
		const struct mnt_proc *proc = &world->procs[i];
		AUTO_FREE char *uid = xasprintf("%u", proc->uid);
		add_name(alive, MNT_LEAK_POD, proc->pod);
		add_name(alive, MNT_LEAK_CONTAINER, proc->container);
		add_name(alive, MNT_LEAK_UNIT, proc->unit);
		if (!has_name(alive, MNT_LEAK_USER, uid))
			add_name(alive, MNT_LEAK_USER, arena_str(text, uid));
	}
	add_systems(alive);
}

/* Another's namespace may show removed files of the host for as long as it lives: they are its. */
static bool is_anothers(const struct mnt_world *world, uint32_t ns)
{
	return ns != world->self && world->ns[ns].n_procs;
}

static const char *evidence(enum mnt_leak_kind kind)
{
	static const char *const words[] = {
		[MNT_LEAK_POD] = "no process of this pod",
		[MNT_LEAK_CONTAINER] = "no process of this container",
		[MNT_LEAK_ROOT] = "no process uses this file system",
		[MNT_LEAK_UNIT] = "no process of this unit",
		[MNT_LEAK_USER] = "no process of this user",
		[MNT_LEAK_SNAP] = "",
		[MNT_LEAK_NETNS] = "",
		[MNT_LEAK_DIRECTORY] = "the directory that it shows was removed",
		[MNT_LEAK_NAMESPACE] = "no process, pin or descriptor in sight keeps it",
	};

	return words[kind];
}

static bool is_alive(const struct alive *alive, const struct mnt *mnt, const struct mnt_leak *leak)
{
	if (leak->kind == MNT_LEAK_ROOT)
		return map_get(&alive->systems, device(mnt->major, mnt->minor)) != MAP_NONE;
	return has_name(alive, leak->kind, leak->owner);
}

static void look_at(struct mnt_leaks *leaks, const struct alive *alive, uint32_t ns, uint32_t i)
{
	const struct mnt *mnt = &alive->world->ns[ns].table.v[i];
	struct mnt_leak leak = {.ns = ns, .mount = i};

	if (alive->world->n_procs && mnt_leak_match(mnt, &leak, &leaks->text)) {
		if (is_alive(alive, mnt, &leak))
			return;
	} else if (mnt->flags & MNT_DELETED && !is_anothers(alive->world, ns)) {
		leak.kind = MNT_LEAK_DIRECTORY;
		leak.owner = mnt->root;
	} else {
		return;
	}
	leak.evidence = evidence(leak.kind);
	VEC_PUSH(leaks->v, leaks->n, leak);
}

static void look_at_namespace(struct mnt_leaks *leaks, const struct mnt_world *world, uint32_t ns)
{
	const struct mnt_ns *n = &world->ns[ns];

	if (n->n_procs == 0 && n->n_holds == 1 && n->holds[0].kind == MNT_HOLD_KERNEL)
		VEC_PUSH(leaks->v, leaks->n,
			 (struct mnt_leak){MNT_LEAK_NAMESPACE, ns, MAP_NONE, NULL, NULL,
					   evidence(MNT_LEAK_NAMESPACE)});
}

void mnt_leaks_find(const struct mnt_world *world, struct mnt_leaks *ret)
{
	struct alive alive = {.world = world};

	*ret = (struct mnt_leaks){0};
	ask_processes(&alive, &ret->text);
	for (uint32_t ns = 0; ns < world->n_ns; ns++) {
		look_at_namespace(ret, world, ns);
		for (uint32_t i = 0; i < world->ns[ns].table.n; i++)
			look_at(ret, &alive, ns, i);
	}
	map_done(&alive.names);
	map_done(&alive.systems);
	free(alive.list);
}

void mnt_leaks_filter(struct mnt_leaks *leaks,
		      bool (*alive)(void *ctx, const struct mnt_leak *leak,
				    const char **ret_evidence),
		      void *ctx)
{
	size_t n = 0;

	for (size_t i = 0; i < leaks->n; i++) {
		struct mnt_leak leak = leaks->v[i];
		const char *more = NULL;
		if (alive(ctx, &leak, &more))
			continue;
		if (more) {
			AUTO_FREE char *joined = xasprintf("%s%s%s", leak.evidence,
							   *leak.evidence ? ", " : "", more);
			leak.evidence = arena_str(&leaks->text, joined);
		}
		leaks->v[n++] = leak;
	}
	leaks->n = n;
}

void mnt_leaks_done(struct mnt_leaks *leaks)
{
	free(leaks->v);
	arena_done(&leaks->text);
	*leaks = (struct mnt_leaks){0};
}

static void add_row(struct mnt_who *who, uint32_t ns, uint32_t i, enum mnt_who_kind kind,
		    bool is_root)
{
	VEC_PUSH(who->v, who->n,
		 (struct mnt_who_row){.kind = kind,
				      .proc = MAP_NONE,
				      .ns = ns,
				      .mount = i,
				      .hold = MAP_NONE,
				      .use = MAP_NONE,
				      .block = MAP_NONE,
				      .is_root = is_root});
}

static void add_rows(struct mnt_who *who, const struct mnt_world *world, uint32_t ns,
		     const bool *leaked)
{
	const struct mnt_table *table = &world->ns[ns].table;
	struct mnt_tree tree;

	if (mnt_tree_init(&tree, table, NULL) < 0)
		return;
	bool *goes = xcalloc(table->n + 1, sizeof(*goes));
	for (uint32_t i = tree.first; i != MAP_NONE; i = mnt_tree_next(&tree, i)) {
		uint32_t parent = tree.v[i].parent;
		goes[i] = leaked[i] || (parent != MAP_NONE && goes[parent]);
		if (goes[i])
			add_row(who, ns, i, leaked[i] ? MNT_WHO_MOUNT : MNT_WHO_ABOVE,
				i == tree.first);
	}
	free(goes);
	mnt_tree_done(&tree);
}

void mnt_leaks_rows(const struct mnt_world *world, const struct mnt_leaks *leaks,
		    struct mnt_who *ret)
{
	*ret = (struct mnt_who){.subject = {.block = MAP_NONE, .ns = MAP_NONE, .mount = MAP_NONE}};
	VEC_PUSH(ret->fs, ret->n_fs, (struct mnt_who_fs){.on = MAP_NONE, .block = MAP_NONE});
	for (size_t i = 0; i < leaks->n;) {
		uint32_t ns = leaks->v[i].ns;
		bool *leaked = xcalloc(world->ns[ns].table.n + 1, sizeof(*leaked));
		for (; i < leaks->n && leaks->v[i].ns == ns; i++)
			if (leaks->v[i].mount != MAP_NONE)
				leaked[leaks->v[i].mount] = true;
		add_rows(ret, world, ns, leaked);
		free(leaked);
	}
}
