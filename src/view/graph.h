/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A picture of mount namespaces: their trees side by side, each peer group in a color of its own,
 * and arrows from masters to slaves. The model is the same for all formats; each of them writes it
 * in one file graph_<format>.c. Names are any bytes: no format may be broken by them.
 */
#ifndef VIEW_GRAPH_H
#define VIEW_GRAPH_H

#include <stdio.h>

#include "mnt/group_rows.h"

struct graph_node {
	struct mnt_ref ref;
	uint32_t parent; /* a node, the nearest above it that is shown; MAP_NONE: none is */
	uint32_t depth;	 /* below shown ones */
	uint32_t group;	 /* index in groups; MAP_NONE: in none */
	uint32_t master; /* the same, of a mount that is in no group */
	bool hidden;	 /* no path leads to it: others lie above */
};
struct graph_ns {
	uint32_t ns;
	char *label;
	uint32_t first, n; /* its nodes, in preorder */
};
/* A group that nodes receive from, of which none is shown. */
struct graph_hub {
	uint32_t group;
};
/* From a master to a slave: numbers of nodes, and behind those of hubs. */
struct graph_edge {
	uint32_t from, to, group;
};

struct graph {
	const struct mnt_world *world;
	const struct mnt_groups *groups;
	struct graph_ns *ns;
	uint32_t n_ns;
	struct graph_node *nodes;
	uint32_t n_nodes;
	struct graph_hub *hubs;
	uint32_t n_hubs;
	/* One for each slave group and for each slave in none, from the first that is shown of the
	 * master group to the first of the slave group: the others are known by their color. */
	struct graph_edge *edges;
	uint32_t n_edges;
};

/* only: NULL, or nothing but these mounts is shown. EINVAL: a table that is no tree. */
int graph_init(struct graph *graph, const struct mnt_world *world, const struct mnt_groups *groups,
	       const uint32_t *ns, uint32_t n, const struct mnt_group_rows *only, struct err *err);
void graph_done(struct graph *graph);

static inline const struct mnt *graph_mnt(const struct graph *graph, const struct graph_node *node)
{
	return mnt_ref_get(graph->world, node->ref);
}
/* What is behind its parent's path: fit for a terminal, but nothing more is escaped. */
char *graph_name(const struct graph *graph, const struct graph_node *node);
/* "shared:3 master:1" with the mount's path and file system: what a pointer over it shows. */
char *graph_about(const struct graph *graph, const struct graph_node *node);
char *graph_hub_name(const struct graph *graph, const struct graph_hub *hub);
/* "#rrggbb", as different as can be. */
void graph_color(uint32_t group, char ret[8]);

typedef void graph_print(const struct graph *graph, FILE *out);
graph_print graph_print_dot, graph_print_html, graph_print_mermaid, graph_print_svg;
/* By its name; NULL: there is no such format. */
graph_print *graph_format(const char *name);

#endif
