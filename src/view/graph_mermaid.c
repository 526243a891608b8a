// SPDX-License-Identifier: Apache-2.0
/* For Mermaid's flowcharts, as Markdown pages embed them. */
#include "base/mem.h"
#include "view/graph.h"

#include <ctype.h>
#include <string.h>

/*
 * Quotes, #, ;, < and backticks mean something inside of a label: all but the plain ones go. So
 * does the colon, which is plain, but behind "style" or "classDef" Mermaid takes what follows it
 * for CSS and spoils the next escape.
 */
static void put(const char *text, FILE *out)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c >= 128 || isalnum(c) || strchr(" /._,-", c))
			fputc(c, out);
		else
			fprintf(out, "#%u;", c);
	}
}

static void print_node(const struct graph *graph, uint32_t i, FILE *out)
{
	const struct graph_node *node = &graph->nodes[i];
	AUTO_FREE char *name = graph_name(graph, node);
	AUTO(buf) struct buf type = {0};

	mnt_type_print(graph_mnt(graph, node), &type);
	fprintf(out, "\t\tn%u[\"", i);
	put(name, out);
	fprintf(out, " - %s\"]\n", type.data);
}

static void print_ns(const struct graph *graph, uint32_t k, FILE *out)
{
	const struct graph_ns *ns = &graph->ns[k];
	AUTO_FREE char *label = str_printable(ns->label);

	fprintf(out, "\tsubgraph ns%u[\"", k);
	put(label, out);
	fputs("\"]\n", out);
	for (uint32_t i = ns->first; i < ns->first + ns->n; i++)
		print_node(graph, i, out);
	fputs("\tend\n", out);
}

/* A tree's lines come first, so that styles can be given to the arrows by number. */
static void print_lines(const struct graph *graph, FILE *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < graph->n_nodes; i++)
		if (graph->nodes[i].parent != MAP_NONE) {
			fprintf(out, "\tn%u --- n%u\n", graph->nodes[i].parent, i);
			n++;
		}
	for (uint32_t i = 0; i < graph->n_edges; i++) {
		char color[8];
		graph_color(graph->edges[i].group, color);
		fprintf(out, "\tn%u ==> n%u\n", graph->edges[i].from, graph->edges[i].to);
		fprintf(out, "\tlinkStyle %u stroke:%s\n", n + i, color);
	}
}

void graph_print_mermaid(const struct graph *graph, FILE *out)
{
	fputs("flowchart LR\n", out);
	for (uint32_t k = 0; k < graph->n_ns; k++)
		print_ns(graph, k, out);
	for (uint32_t i = 0; i < graph->n_hubs; i++) {
		AUTO_FREE char *name = graph_hub_name(graph, &graph->hubs[i]);
		fprintf(out, "\tn%u([\"%s\"])\n", graph->n_nodes + i, name);
	}
	print_lines(graph, out);
	for (uint32_t i = 0; i < graph->n_nodes; i++) {
		const struct graph_node *node = &graph->nodes[i];
		char color[8];
		if (node->group == MAP_NONE && node->master == MAP_NONE)
			continue;
		graph_color(node->group != MAP_NONE ? node->group : node->master, color);
		fprintf(out, "\tstyle n%u stroke:%s,stroke-width:2px", i, color);
		if (node->group != MAP_NONE)
			fprintf(out, ",fill:%s33", color);
		fputc('\n', out);
	}
}
