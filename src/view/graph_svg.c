// SPDX-License-Identifier: Apache-2.0
/*
 * A picture that needs no other program: a column for each namespace with its tree, hubs in a
 * column of their own in front, arrows between. Light and dark, as the viewer is.
 */
#include "base/mem.h"
#include "view/graph.h"

#include <string.h>

enum {
	ROW = 28,    /* from one mount to the next */
	BOX = 22,    /* the height of its box */
	STEP = 18,   /* how far a child is moved to the right */
	PAD = 10,    /* inside of a box, in front and behind */
	GAP = 96,    /* between columns: where arrows run */
	EDGE = 24,   /* around all */
	TOP = 72,    /* of the first mount */
	LONGEST = 48 /* characters of a name: the rest is in the title */
};
struct box {
	unsigned x, y, w;
};
struct layout {
	struct box *boxes; /* of nodes, then of hubs */
	unsigned *x, *w;   /* of columns */
	unsigned width, height;
};

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

/* At most LONGEST characters, cut between two of them. */
static char *shorten(char *text)
{
	size_t n = 0;

	for (char *c = text; *c; c++) {
		if ((*c & 0xc0) == 0x80 || ++n <= LONGEST)
			continue;
		char *cut = xasprintf("%.*s…", (int)(c - text), text);
		free(text);
		return cut;
	}
	return text;
}

static char *type_of(const struct graph *graph, uint32_t i)
{
	AUTO(buf) struct buf out = {0};
	const struct mnt *mnt = graph_mnt(graph, &graph->nodes[i]);

	if (mnt->group || mnt->master || mnt->flags & MNT_UNBINDABLE)
		mnt_type_print(mnt, &out);
	return buf_take(&out);
}

static unsigned text_width(const char *text)
{
	return ((unsigned)str_width(text) * 73 + 9) / 10; /* at 12 pixels */
}

static unsigned node_width(const struct graph *graph, uint32_t i)
{
	AUTO_FREE char *name = shorten(graph_name(graph, &graph->nodes[i]));
	AUTO_FREE char *type = type_of(graph, i);

	return 2 * PAD + text_width(name) + (*type ? PAD + text_width(type) : 0);
}

static void place_hubs(struct layout *layout, const struct graph *graph)
{
	unsigned widest = 0;

	for (uint32_t i = 0; i < graph->n_hubs; i++) {
		AUTO_FREE char *name = graph_hub_name(graph, &graph->hubs[i]);
		struct box *box = &layout->boxes[graph->n_nodes + i];
		*box = (struct box){EDGE, TOP + i * ROW, 2 * PAD + text_width(name)};
		widest = box->w > widest ? box->w : widest;
	}
	layout->width = EDGE + (graph->n_hubs ? widest + GAP : 0);
	layout->height = TOP + graph->n_hubs * ROW;
}

static void place_ns(struct layout *layout, const struct graph *graph, uint32_t k)
{
	const struct graph_ns *ns = &graph->ns[k];
	AUTO_FREE char *label = shorten(str_printable(ns->label));
	unsigned widest = text_width(label) + 2 * PAD;

	layout->x[k] = layout->width;
	for (uint32_t i = 0; i < ns->n; i++) {
		const struct graph_node *node = &graph->nodes[ns->first + i];
		unsigned indent = node->depth * STEP, w = node_width(graph, ns->first + i);
		layout->boxes[ns->first + i] =
			(struct box){layout->x[k] + indent, TOP + i * ROW, w};
		widest = indent + w > widest ? indent + w : widest;
	}
	layout->w[k] = widest;
	layout->width += widest + GAP;
	if (layout->height < TOP + ns->n * ROW)
		layout->height = TOP + ns->n * ROW;
}

static void place(struct layout *layout, const struct graph *graph)
{
	layout->boxes = xcalloc(graph->n_nodes + graph->n_hubs + 1, sizeof(*layout->boxes));
	layout->x = xcalloc(graph->n_ns + 1, sizeof(*layout->x));
	layout->w = xcalloc(graph->n_ns + 1, sizeof(*layout->w));
	place_hubs(layout, graph);
	for (uint32_t k = 0; k < graph->n_ns; k++)
		place_ns(layout, graph, k);
}

static void layout_done(struct layout *layout)
{
	free(layout->boxes);
	free(layout->x);
	free(layout->w);
}

static void print_ns(const struct layout *layout, const struct graph *graph, uint32_t k, FILE *out)
{
	AUTO_FREE char *label = shorten(str_printable(graph->ns[k].label));
	unsigned long long inode = graph->world->ns[graph->ns[k].ns].inode;

	fprintf(out, "<rect class=\"ns\" x=\"%u\" y=\"%d\" width=\"%u\" height=\"%u\" rx=\"8\"/>\n",
		layout->x[k] - 12, EDGE - 8, layout->w[k] + 24, TOP + graph->ns[k].n * ROW - 12);
	fprintf(out, "<text class=\"label\" x=\"%u\" y=\"%d\">", layout->x[k], EDGE + 13);
	put(label, out);
	fprintf(out, "</text><text class=\"small\" x=\"%u\" y=\"%d\">", layout->x[k], EDGE + 30);
	if (inode)
		fprintf(out, "mnt:[%llu], ", inode);
	fprintf(out, "%u mount%s</text>\n", graph->ns[k].n, graph->ns[k].n == 1 ? "" : "s");
}

/* From below the parent's corner to the child's side. */
static void print_branch(const struct box *parent, const struct box *box, FILE *out)
{
	fprintf(out, "<path class=\"tree\" d=\"M%u %uV%uH%u\"/>\n", parent->x + STEP / 2,
		parent->y + BOX, box->y + BOX / 2, box->x);
}

static void print_node(const struct layout *layout, const struct graph *graph, uint32_t i,
		       FILE *out)
{
	const struct graph_node *node = &graph->nodes[i];
	const struct box *box = &layout->boxes[i];
	AUTO_FREE char *full = graph_name(graph, node);
	AUTO_FREE char *name = shorten(xstrdup(full));
	AUTO_FREE char *type = type_of(graph, i);
	AUTO_FREE char *about = graph_about(graph, node);
	uint32_t group = node->group != MAP_NONE ? node->group : node->master;
	char color[8];

	if (node->parent != MAP_NONE)
		print_branch(&layout->boxes[node->parent], box, out);
	fprintf(out, "<g%s><title>", node->hidden ? " class=\"hidden\"" : "");
	put(about, out);
	fprintf(out, "</title><rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" rx=\"5\"", box->x,
		box->y, box->w, BOX);
	if (group == MAP_NONE) {
		fputs(" class=\"private\"/>", out);
	} else {
		graph_color(group, color);
		fprintf(out,
			" stroke=\"%s\" stroke-width=\"1.5\" fill=\"%s\" fill-opacity=\"%s\"%s/>",
			color, color, node->group != MAP_NONE ? ".22" : "0",
			node->group != MAP_NONE ? "" : " stroke-dasharray=\"5 3\"");
	}
	fprintf(out, "<text x=\"%u\" y=\"%u\">", box->x + PAD, box->y + 15);
	put(name, out);
	fprintf(out, "</text><text class=\"small\" x=\"%u\" y=\"%u\">%s</text></g>\n",
		box->x + 2 * PAD + text_width(name), box->y + 15, type);
}

static void print_hub(const struct layout *layout, const struct graph *graph, uint32_t i, FILE *out)
{
	const struct box *box = &layout->boxes[graph->n_nodes + i];
	AUTO_FREE char *name = graph_hub_name(graph, &graph->hubs[i]);
	char color[8];

	graph_color(graph->hubs[i].group, color);
	fprintf(out,
		"<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" rx=\"11\" fill=\"none\" "
		"stroke=\"%s\" stroke-dasharray=\"2 3\"/><text x=\"%u\" y=\"%u\">%s</text>\n",
		box->x, box->y, box->w, BOX, color, box->x + PAD, box->y + 15, name);
}

/* The column that a box stands in; a hub stands in none, and is its own. */
static struct box card_of(const struct layout *layout, const struct graph *graph, uint32_t end)
{
	if (end >= graph->n_nodes)
		return layout->boxes[end];
	for (uint32_t low = 0, high = graph->n_ns;;) {
		uint32_t k = (low + high) / 2;
		if (end < graph->ns[k].first)
			high = k;
		else if (end >= graph->ns[k].first + graph->ns[k].n)
			low = k + 1;
		else
			return (struct box){layout->x[k] - 12, EDGE - 8, layout->w[k] + 24};
	}
}

/*
 * Out of the side of the column that faces the slave's; within a column around its right side.
 * This much runs behind the columns, so that no name is crossed out; the rest is in print_ends.
 */
static void print_edge(const struct layout *layout, const struct graph *graph,
		       const struct graph_edge *edge, FILE *out)
{
	const struct box *from = &layout->boxes[edge->from], *to = &layout->boxes[edge->to];
	struct box a = card_of(layout, graph, edge->from), b = card_of(layout, graph, edge->to);
	bool right = a.x < b.x, left = b.x < a.x;
	int x1 = (int)(left ? a.x : a.x + a.w), x2 = (int)(right ? b.x : b.x + b.w);
	int y1 = (int)from->y + BOX / 2, y2 = (int)to->y + BOX / 2;
	int bend = right || left ? GAP / 2 : GAP / 3;
	char color[8];

	graph_color(edge->group, color);
	fprintf(out, "<path class=\"edge\" stroke=\"%s\" d=\"M%d %dC%d %d %d %d %d %d\"/>\n", color,
		x1, y1, left ? x1 - bend : x1 + bend, y1, right ? x2 - bend : x2 + bend, y2, x2,
		y2);
}

/* From the boxes to the sides of their columns, where nothing else is; and the arrow's head. */
static void print_ends(const struct layout *layout, const struct graph *graph,
		       const struct graph_edge *edge, FILE *out)
{
	const struct box *from = &layout->boxes[edge->from], *to = &layout->boxes[edge->to];
	struct box a = card_of(layout, graph, edge->from), b = card_of(layout, graph, edge->to);
	bool right = a.x < b.x, left = b.x < a.x;
	unsigned x2 = right ? to->x : to->x + to->w;
	int head = right ? -8 : 8;
	char color[8];

	graph_color(edge->group, color);
	fprintf(out,
		"<path class=\"edge\" stroke=\"%s\" d=\"M%u %uH%uM%u %uH%u\"/>"
		"<path fill=\"%s\" d=\"M%u %ul%d -4v8z\"/>\n",
		color, left ? from->x : from->x + from->w, from->y + BOX / 2,
		left ? a.x : a.x + a.w, right ? b.x : b.x + b.w, to->y + BOX / 2, x2, color, x2,
		to->y + BOX / 2, head);
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
	struct layout layout = {0};

	place(&layout, graph);
	unsigned width = layout.width - (graph->n_ns ? GAP - EDGE - 24 : 0);
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg "
		"xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		"viewBox=\"0 0 %u %u\">\n<title>Mounts and propagation</title>\n%s",
		width, layout.height + EDGE, width, layout.height + EDGE, style);
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
	layout_done(&layout);
}
