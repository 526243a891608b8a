/* SPDX-License-Identifier: Apache-2.0 */
/* Where everything stands in a picture that is laid out here; private to graph_svg.c. */
#ifndef VIEW_GRAPH_LAYOUT_H
#define VIEW_GRAPH_LAYOUT_H

#include "view/graph.h"

enum graph_measure {
	GRAPH_ROW = 28,	   /* from one mount to the next */
	GRAPH_BOX = 22,	   /* the height of its box */
	GRAPH_STEP = 18,   /* how far a child is moved to the right */
	GRAPH_PAD = 10,	   /* inside of a box, in front and behind */
	GRAPH_GAP = 96,	   /* between columns: where arrows run */
	GRAPH_EDGE = 24,   /* around all */
	GRAPH_TOP = 72,	   /* of the first mount */
	GRAPH_LONGEST = 48 /* characters of a name: the rest is in the title */
};
struct graph_box {
	unsigned x, y, w;
};
struct graph_layout {
	struct graph_box *boxes; /* of nodes, then of hubs */
	unsigned *x, *w;	 /* of columns */
	unsigned width, height;
};

void graph_layout_init(struct graph_layout *layout, const struct graph *graph);
void graph_layout_done(struct graph_layout *layout);
/* The column that a box stands in; a hub stands in none, and is its own. */
struct graph_box graph_layout_card(const struct graph_layout *layout, const struct graph *graph,
				   uint32_t end);

/* At most GRAPH_LONGEST characters, cut between two of them; takes the text. */
char *graph_shorten(char *text);
/* "shared:3 master:1", nothing for a private mount. */
char *graph_type(const struct graph *graph, uint32_t node);
unsigned graph_text_width(const char *text);

#endif
