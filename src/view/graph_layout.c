// SPDX-License-Identifier: Apache-2.0
/* A column for each namespace, wide enough for its names; hubs in one of their own in front. */
#include "view/graph_layout.h"
#include "base/mem.h"

char *graph_shorten(char *text)
{
	size_t n = 0;

	for (char *c = text; *c; c++) {
		if ((*c & 0xc0) == 0x80 || ++n <= GRAPH_LONGEST)
			continue;
		char *cut = xasprintf("%.*s…", (int)(c - text), text);
		free(text);
		return cut;
	}
	return text;
}

char *graph_type(const struct graph *graph, uint32_t i)
{
	AUTO(buf) struct buf out = {0};
	const struct mnt *mnt = graph_mnt(graph, &graph->nodes[i]);

	if (mnt->group || mnt->master || mnt->flags & MNT_UNBINDABLE)
		mnt_type_print(mnt, &out);
	return buf_take(&out);
}

unsigned graph_text_width(const char *text)
{
	return ((unsigned)str_width(text) * 73 + 9) / 10; /* at 12 pixels */
}

static unsigned node_width(const struct graph *graph, uint32_t i)
{
	AUTO_FREE char *name = graph_shorten(graph_name(graph, &graph->nodes[i]));
	AUTO_FREE char *type = graph_type(graph, i);

	return 2 * GRAPH_PAD + graph_text_width(name) +
	       (*type ? GRAPH_PAD + graph_text_width(type) : 0);
}

static void place_hubs(struct graph_layout *layout, const struct graph *graph)
{
	unsigned widest = 0;

	for (uint32_t i = 0; i < graph->n_hubs; i++) {
		AUTO_FREE char *name = graph_hub_name(graph, &graph->hubs[i]);
		struct graph_box *box = &layout->boxes[graph->n_nodes + i];
		*box = (struct graph_box){GRAPH_EDGE, GRAPH_TOP + i * GRAPH_ROW,
					  2 * GRAPH_PAD + graph_text_width(name)};
		widest = box->w > widest ? box->w : widest;
	}
	layout->width = GRAPH_EDGE + (graph->n_hubs ? widest + GRAPH_GAP : 0);
	layout->height = GRAPH_TOP + graph->n_hubs * GRAPH_ROW;
}

static void place_ns(struct graph_layout *layout, const struct graph *graph, uint32_t k)
{
	const struct graph_ns *ns = &graph->ns[k];
	AUTO_FREE char *label = graph_shorten(str_printable(ns->label));
	unsigned widest = graph_text_width(label) + 2 * GRAPH_PAD;

	layout->x[k] = layout->width;
	for (uint32_t i = 0; i < ns->n; i++) {
		const struct graph_node *node = &graph->nodes[ns->first + i];
		unsigned indent = node->depth * GRAPH_STEP, w = node_width(graph, ns->first + i);
		layout->boxes[ns->first + i] =
			(struct graph_box){layout->x[k] + indent, GRAPH_TOP + i * GRAPH_ROW, w};
		widest = indent + w > widest ? indent + w : widest;
	}
	layout->w[k] = widest;
	layout->width += widest + GRAPH_GAP;
	if (layout->height < GRAPH_TOP + ns->n * GRAPH_ROW)
		layout->height = GRAPH_TOP + ns->n * GRAPH_ROW;
}

void graph_layout_init(struct graph_layout *layout, const struct graph *graph)
{
	layout->boxes = xcalloc(graph->n_nodes + graph->n_hubs + 1, sizeof(*layout->boxes));
	layout->x = xcalloc(graph->n_ns + 1, sizeof(*layout->x));
	layout->w = xcalloc(graph->n_ns + 1, sizeof(*layout->w));
	place_hubs(layout, graph);
	for (uint32_t k = 0; k < graph->n_ns; k++)
		place_ns(layout, graph, k);
}

void graph_layout_done(struct graph_layout *layout)
{
	free(layout->boxes);
	free(layout->x);
	free(layout->w);
}

struct graph_box graph_layout_card(const struct graph_layout *layout, const struct graph *graph,
				   uint32_t end)
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
			return (struct graph_box){layout->x[k] - 12, GRAPH_EDGE - 8,
						  layout->w[k] + 24};
	}
}
