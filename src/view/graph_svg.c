// SPDX-License-Identifier: Apache-2.0
/*
 * A picture that needs no other program: a column for each namespace with its tree, hubs in a
 * column of their own in front, arrows between. Light and dark, as the viewer is.
 */
#include "base/mem.h"
#include "view/graph_layout.h"

#include <string.h>

/* XML has no way to write U+FFFE and U+FFFF; all else that it lacks is not printable. */
static void put(const char *text, FILE *out)
{
	for (; *text; text++) {
		bool is_none =
			!strncmp(text, "\xef\xbf\xbe", 3) || !strncmp(text, "\xef\xbf\xbf", 3);
		if (is_none) {
			fputs("\\357\\277", out);
			fprintf(out, "\\%03o", (unsigned char)text[2]);
			text += 2;
		} else if (strchr("<>&\"'", *text)) {
			fprintf(out, "&#%d;", *text);
		} else {
			fputc(*text, out);
		}
	}
}

static void print_ns(const struct graph_layout *layout, const struct graph *graph, uint32_t k,
		     FILE *out)
{
	AUTO_FREE char *label = graph_shorten(str_printable(graph->ns[k].label));
	unsigned long long inode = graph->world->ns[graph->ns[k].ns].inode;

	fprintf(out, "<rect class=\"ns\" x=\"%u\" y=\"%d\" width=\"%u\" height=\"%u\" rx=\"8\"/>\n",
		layout->x[k] - 12, GRAPH_EDGE - 8, layout->w[k] + 24,
		GRAPH_TOP + graph->ns[k].n * GRAPH_ROW - 12);
	fprintf(out, "<text class=\"label\" x=\"%u\" y=\"%d\">", layout->x[k], GRAPH_EDGE + 13);
	put(label, out);
	fprintf(out, "</text><text class=\"small\" x=\"%u\" y=\"%d\">", layout->x[k],
		GRAPH_EDGE + 30);
	if (inode)
		fprintf(out, "mnt:[%llu], ", inode);
	fprintf(out, "%u mount%s</text>\n", graph->ns[k].n, graph->ns[k].n == 1 ? "" : "s");
}

/* From below the parent's corner to the child's side. */
static void print_branch(const struct graph_box *parent, const struct graph_box *box, FILE *out)
{
	fprintf(out, "<path class=\"tree\" d=\"M%u %uV%uH%u\"/>\n", parent->x + GRAPH_STEP / 2,
		parent->y + GRAPH_BOX, box->y + GRAPH_BOX / 2, box->x);
}

static void print_node(const struct graph_layout *layout, const struct graph *graph, uint32_t i,
		       FILE *out)
{
	const struct graph_node *node = &graph->nodes[i];
	const struct graph_box *box = &layout->boxes[i];
	AUTO_FREE char *full = graph_name(graph, node);
	AUTO_FREE char *name = graph_shorten(xstrdup(full));
	AUTO_FREE char *type = graph_type(graph, i);
	AUTO_FREE char *about = graph_about(graph, node);
	uint32_t group = node->group != MAP_NONE ? node->group : node->master;
	char color[8];

	if (node->parent != MAP_NONE)
		print_branch(&layout->boxes[node->parent], box, out);
	fprintf(out, "<g%s><title>", node->hidden ? " class=\"hidden\"" : "");
	put(about, out);
	fprintf(out, "</title><rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" rx=\"5\"", box->x,
		box->y, box->w, GRAPH_BOX);
	if (group == MAP_NONE) {
		fputs(" class=\"private\"/>", out);
	} else {
		graph_color(group, color);
		fprintf(out,
			" stroke=\"%s\" stroke-width=\"1.5\" fill=\"%s\" fill-opacity=\"%s\"%s/>",
			color, color, node->group != MAP_NONE ? ".22" : "0",
			node->group != MAP_NONE ? "" : " stroke-dasharray=\"5 3\"");
	}
	fprintf(out, "<text x=\"%u\" y=\"%u\">", box->x + GRAPH_PAD, box->y + 15);
	put(name, out);
	fprintf(out, "</text><text class=\"small\" x=\"%u\" y=\"%u\">%s</text></g>\n",
		box->x + 2 * GRAPH_PAD + graph_text_width(name), box->y + 15, type);
}

static void print_hub(const struct graph_layout *layout, const struct graph *graph, uint32_t i,
		      FILE *out)
{
	const struct graph_box *box = &layout->boxes[graph->n_nodes + i];
	AUTO_FREE char *name = graph_hub_name(graph, &graph->hubs[i]);
	char color[8];

	graph_color(graph->hubs[i].group, color);
	fprintf(out,
		"<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" rx=\"11\" fill=\"none\" "
		"stroke=\"%s\" stroke-dasharray=\"2 3\"/><text x=\"%u\" y=\"%u\">%s</text>\n",
		box->x, box->y, box->w, GRAPH_BOX, color, box->x + GRAPH_PAD, box->y + 15, name);
}

/*
 * Out of the side of the column that faces the slave's; within a column around its right side.
 * This much runs behind the columns, so that no name is crossed out; the rest is in print_ends.
 */
static void print_edge(const struct graph_layout *layout, const struct graph *graph,
		       const struct graph_edge *edge, FILE *out)
{
	const struct graph_box *from = &layout->boxes[edge->from], *to = &layout->boxes[edge->to];
	struct graph_box a = graph_layout_card(layout, graph, edge->from),
			 b = graph_layout_card(layout, graph, edge->to);
	bool right = a.x < b.x, left = b.x < a.x;
	int x1 = (int)(left ? a.x : a.x + a.w), x2 = (int)(right ? b.x : b.x + b.w);
	int y1 = (int)from->y + GRAPH_BOX / 2, y2 = (int)to->y + GRAPH_BOX / 2;
	int bend = right || left ? GRAPH_GAP / 2 : GRAPH_GAP / 3;
	char color[8];

	graph_color(edge->group, color);
	fprintf(out, "<path class=\"edge\" stroke=\"%s\" d=\"M%d %dC%d %d %d %d %d %d\"/>\n", color,
		x1, y1, left ? x1 - bend : x1 + bend, y1, right ? x2 - bend : x2 + bend, y2, x2,
		y2);
}

/* From the boxes to the sides of their columns, where nothing else is; and the arrow's head. */
static void print_ends(const struct graph_layout *layout, const struct graph *graph,
		       const struct graph_edge *edge, FILE *out)
{
	const struct graph_box *from = &layout->boxes[edge->from], *to = &layout->boxes[edge->to];
	struct graph_box a = graph_layout_card(layout, graph, edge->from),
			 b = graph_layout_card(layout, graph, edge->to);
	bool right = a.x < b.x, left = b.x < a.x;
	unsigned x2 = right ? to->x : to->x + to->w;
	int head = right ? -8 : 8;
	char color[8];

	graph_color(edge->group, color);
	fprintf(out,
		"<path class=\"edge\" stroke=\"%s\" d=\"M%u %uH%uM%u %uH%u\"/>"
		"<path fill=\"%s\" d=\"M%u %ul%d -4v8z\"/>\n",
		color, left ? from->x : from->x + from->w, from->y + GRAPH_BOX / 2,
		left ? a.x : a.x + a.w, right ? b.x : b.x + b.w, to->y + GRAPH_BOX / 2, x2, color,
		x2, to->y + GRAPH_BOX / 2, head);
}

static const char style[] =
	"<style>\n"
	"svg{background:#fff;color:#1d2330;font:12px ui-monospace,DejaVu Sans Mono,monospace}\n"
	"text{fill:currentColor}.label{font-weight:bold;font-size:14px}\n"
	".small{opacity:.65}.ns{fill:#f6f7fa;stroke:#8891a5;stroke-opacity:.35}\n"
	".private{fill:#8891a5;fill-opacity:.1;stroke:#8891a5;stroke-opacity:.5}\n"
	".tree{fill:none;stroke:#8891a5;stroke-opacity:.6}.hidden{opacity:.45}\n"
	".edge{fill:none;stroke-width:1.7}\n"
	"@media(prefers-color-scheme:dark){svg{background:#10131a;color:#e6e9f0}.ns{fill:#181c26}}"
	"\n"
	"</style>\n";

void graph_print_svg(const struct graph *graph, FILE *out)
{
	struct graph_layout layout = {0};

	graph_layout_init(&layout, graph);
	unsigned width = layout.width - (graph->n_ns ? GRAPH_GAP - GRAPH_EDGE - 24 : 0);
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg "
		"xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		"viewBox=\"0 0 %u %u\">\n<title>Mounts and propagation</title>\n%s",
		width, layout.height + GRAPH_EDGE, width, layout.height + GRAPH_EDGE, style);
	for (uint32_t i = 0; i < graph->n_edges; i++)
		print_edge(&layout, graph, &graph->edges[i], out);
	for (uint32_t k = 0; k < graph->n_ns; k++)
		print_ns(&layout, graph, k, out);
	for (uint32_t i = 0; i < graph->n_nodes; i++)
		print_node(&layout, graph, i, out);
	for (uint32_t i = 0; i < graph->n_hubs; i++)
		print_hub(&layout, graph, i, out);
	for (uint32_t i = 0; i < graph->n_edges; i++)
		print_ends(&layout, graph, &graph->edges[i], out);
	fputs("</svg>\n", out);
	graph_layout_done(&layout);
}
