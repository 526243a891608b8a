// SPDX-License-Identifier: Apache-2.0
/* What a picture shows, whatever its format. */
#include "view/graph.h"
#include "base/mem.h"

#include <string.h>

/* Of what is wanted, by (namespace, mount). */
static uint64_t key_of(struct mnt_ref ref)
{
	return ((uint64_t)ref.ns << 32) | ref.mount;
}

static void add_node(struct graph *graph, const struct mnt_tree *tree, struct mnt_ref ref,
		     uint32_t *shown)
{
	uint32_t above = tree->v[ref.mount].parent;
	uint32_t parent = above == MAP_NONE ? MAP_NONE : shown[above];
	const struct mnt *mnt = mnt_ref_get(graph->world, ref);
	uint32_t group = mnt_groups_of(graph->groups, mnt);

	shown[ref.mount] = graph->n_nodes;
	VEC_PUSH(graph->nodes, graph->n_nodes,
		 (struct graph_node){
			 .ref = ref,
			 .parent = parent,
			 .depth = parent == MAP_NONE ? 0 : graph->nodes[parent].depth + 1,
			 .group = mnt->group ? group : MAP_NONE,
			 .master = mnt->group ? MAP_NONE : group,
			 .hidden = tree->v[ref.mount].hidden != MAP_NONE,
		 });
}

static char *label_of(const struct mnt_world *world, uint32_t ns)
{
	const struct mnt_ns *n = &world->ns[ns];
	bool is_known = n->inode || n->name || n->n_procs;

	return is_known ? mnt_ns_label(world, ns) : xstrdup("a mountinfo file");
}

/* A mount that is not shown hands its children to what is shown above it. */
static int add_ns(struct graph *graph, uint32_t ns, const struct map *only, struct err *err)
{
	const struct mnt_table *table = &graph->world->ns[ns].table;
	struct graph_ns column = {ns, label_of(graph->world, ns), graph->n_nodes, 0};
	struct mnt_tree tree;
	int rc = mnt_tree_init(&tree, table, err);

	if (rc < 0) {
		free(column.label);
		return rc;
	}
	uint32_t *shown = xcalloc(table->n + 1, sizeof(*shown));
	for (uint32_t i = tree.first; i != MAP_NONE; i = mnt_tree_next(&tree, i)) {
		uint32_t above = tree.v[i].parent;
		struct mnt_ref ref = {ns, i};
		shown[i] = above == MAP_NONE ? MAP_NONE : shown[above];
		if (!only || map_get(only, key_of(ref)) != MAP_NONE)
			add_node(graph, &tree, ref, shown);
	}
	free(shown);
	mnt_tree_done(&tree);
	column.n = graph->n_nodes - column.first;
	if (column.n)
		VEC_PUSH(graph->ns, graph->n_ns, column);
	else
		free(column.label);
	return 0;
}

/* What stands for a group: its first node, or a hub that is made for it. */
static uint32_t stand_in(struct graph *graph, uint32_t *first, uint32_t group)
{
	if (first[group] == MAP_NONE) {
		first[group] = graph->n_nodes + graph->n_hubs;
		VEC_PUSH(graph->hubs, graph->n_hubs, (struct graph_hub){group});
	}
	return first[group];
}

static void add_edge(struct graph *graph, uint32_t from, uint32_t to, uint32_t group)
{
	VEC_PUSH(graph->edges, graph->n_edges, (struct graph_edge){from, to, group});
}

/* Up from a group to the first one that was reached before. */
static void add_masters(struct graph *graph, uint32_t *first, bool *done, uint32_t group)
{
	while (group != MAP_NONE && !done[group]) {
		uint32_t master = graph->groups->v[group].master;
		done[group] = true;
		uint32_t to = stand_in(graph, first, group);
		if (master != MAP_NONE)
			add_edge(graph, stand_in(graph, first, master), to, master);
		group = master;
	}
}

static void add_edges(struct graph *graph)
{
	uint32_t n = graph->groups->n;
	uint32_t *first = xrealloc(NULL, n + 1, sizeof(*first));
	bool *done = xcalloc(n + 1, sizeof(*done));

	memset(first, 0xff, (n + 1) * sizeof(*first)); /* MAP_NONE everywhere */
	for (uint32_t i = graph->n_nodes; i-- > 0;)
		if (graph->nodes[i].group != MAP_NONE)
			first[graph->nodes[i].group] = i;
	for (uint32_t i = 0; i < graph->n_nodes; i++) {
		const struct graph_node *node = &graph->nodes[i];
		if (node->master != MAP_NONE)
			add_edge(graph, stand_in(graph, first, node->master), i, node->master);
		add_masters(graph, first, done, node->master);
		add_masters(graph, first, done, node->group);
	}
	free(first);
	free(done);
}

int graph_init(struct graph *graph, const struct mnt_world *world, const struct mnt_groups *groups,
	       const uint32_t *ns, uint32_t n, const struct mnt_group_rows *only, struct err *err)
{
	AUTO(map) struct map set = {0};
	int rc = 0;

	*graph = (struct graph){.world = world, .groups = groups};
	for (size_t i = 0; only && i < only->n; i++)
		if (only->v[i].kind != MNT_ROW_GROUP)
			map_add(&set, key_of(only->v[i].ref), 0);
	for (uint32_t i = 0; rc == 0 && i < n; i++)
		if (world->ns[ns[i]].has_table)
			rc = add_ns(graph, ns[i], only ? &set : NULL, err);
	if (rc == 0)
		add_edges(graph);
	else
		graph_done(graph);
	return rc;
}

void graph_done(struct graph *graph)
{
	for (uint32_t i = 0; i < graph->n_ns; i++)
		free(graph->ns[i].label);
	free(graph->ns);
	free(graph->nodes);
	free(graph->hubs);
	free(graph->edges);
	*graph = (struct graph){0};
}

char *graph_name(const struct graph *graph, const struct graph_node *node)
{
	const char *target = graph_mnt(graph, node)->target;

	if (node->parent == MAP_NONE)
		return str_printable(target);
	const char *above = graph_mnt(graph, &graph->nodes[node->parent])->target;
	size_t len = strcmp(above, "/") ? strlen(above) : 0;
	if (strncmp(target, above, len) || target[len] != '/' || !target[len + 1])
		return str_printable(target);
	return str_printable(target + len + 1);
}

char *graph_about(const struct graph *graph, const struct graph_node *node)
{
	const struct mnt *mnt = graph_mnt(graph, node);
	AUTO(buf) struct buf out = {0};

	buf_addf(&out, "%s: ", mnt->target);
	mnt_type_print(mnt, &out);
	buf_addf(&out, ", %s of %s %s, id %u%s", mnt->root, mnt->fstype, mnt->source, mnt->id,
		 node->hidden ? ", covered" : "");
	return str_printable(out.data);
}

char *graph_hub_name(const struct graph *graph, const struct graph_hub *hub)
{
	const struct mnt_group *group = &graph->groups->v[hub->group];

	return xasprintf("shared:%u, %s", group->id,
			 group->n_members ? "not shown" : "no visible member");
}

/* Hues a golden angle apart never come close to each other soon. */
void graph_color(uint32_t group, char ret[8])
{
	unsigned hue = (unsigned)((uint64_t)group * 137508 / 1000 % 360), rgb[3];
	int high = 176 - (int)(group % 3) * 28, low = 40;

	for (unsigned c = 0; c < 3; c++) {
		int at = (int)((hue + 360 - c * 120) % 360);
		int far = at > 180 ? 360 - at : at; /* from this primary's own hue */
		int share = far <= 60 ? 60 : far >= 120 ? 0 : 120 - far;
		rgb[c] = (unsigned)(low + (high - low) * share / 60);
	}
	snprintf(ret, 8, "#%02x%02x%02x", rgb[0] & 255, rgb[1] & 255, rgb[2] & 255);
}

graph_print *graph_format(const char *name)
{
	static const struct {
		const char *name;
		graph_print *print;
	} formats[] = {{"dot", graph_print_dot},
		       {"html", graph_print_html},
		       {"mermaid", graph_print_mermaid},
		       {"svg", graph_print_svg}};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(formats[i].name, name))
			return formats[i].print;
	return NULL;
}
