// SPDX-License-Identifier: Apache-2.0
/* For Graphviz: a cluster for each namespace. */
#include "base/mem.h"
#include "view/graph.h"

/* In a quoted string a backslash begins an escape and an ampersand an entity. */
static void put(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '&')
			fputs("&amp;", out);
		else
			fprintf(out, "%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
	}
}

static void print_node(const struct graph *graph, uint32_t i, FILE *out)
{
	const struct graph_node *node = &graph->nodes[i];
	AUTO_FREE char *name = graph_name(graph, node);
	AUTO_FREE char *about = graph_about(graph, node);
	AUTO(buf) struct buf type = {0};
	uint32_t group = node->group != MAP_NONE ? node->group : node->master;
	char color[8] = "#808080";

	if (group != MAP_NONE)
		graph_color(group, color);
	mnt_type_print(graph_mnt(graph, node), &type);
	fprintf(out, "\t\tn%u [label=\"", i);
	put(name, out);
	fprintf(out, "\\n%s\", tooltip=\"", type.data);
	put(about, out);
	fprintf(out, "\", color=\"%s\"", color);
	if (node->group != MAP_NONE)
		fprintf(out, ", style=\"filled,rounded\", fillcolor=\"%s30\"", color);
	fputs("];\n", out);
	if (node->parent != MAP_NONE)
		fprintf(out, "\t\tn%u -> n%u [arrowhead=none, color=\"#a0a0a0\"];\n", node->parent,
			i);
}

void graph_print_dot(const struct graph *graph, FILE *out)
{
	fputs("digraph mounts {\n\trankdir=LR;\n\tnode [shape=box, style=rounded, "
	      "fontname=\"sans-serif\", fontsize=10];\n",
	      out);
	for (uint32_t k = 0; k < graph->n_ns; k++) {
		const struct graph_ns *ns = &graph->ns[k];
		AUTO_FREE char *label = str_printable(ns->label);
		fprintf(out, "\tsubgraph cluster_%u {\n\t\tcolor=\"#c0c0c0\";\n\t\tlabel=\"", k);
		put(label, out);
		fputs("\";\n", out);
		for (uint32_t i = 0; i < ns->n; i++)
			print_node(graph, ns->first + i, out);
		fputs("\t}\n", out);
	}
	for (uint32_t i = 0; i < graph->n_hubs; i++) {
		AUTO_FREE char *name = graph_hub_name(graph, &graph->hubs[i]);
		fprintf(out, "\tn%u [label=\"%s\", shape=ellipse, style=dashed];\n",
			graph->n_nodes + i, name);
	}
	for (uint32_t i = 0; i < graph->n_edges; i++) {
		const struct graph_edge *edge = &graph->edges[i];
		char color[8];
		graph_color(edge->group, color);
		fprintf(out, "\tn%u -> n%u [color=\"%s\", penwidth=2, constraint=false];\n",
			edge->from, edge->to, color);
	}
	fputs("}\n", out);
}
