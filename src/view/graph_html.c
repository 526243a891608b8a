// SPDX-License-Identifier: Apache-2.0
/* The page graph.html, with the picture's values in it as JSON. */
#include "base/json.h"
#include "view/graph.h"
#include "view/graph_page.h"

#include <string.h>

/* Where the page wants its values. */
static const char mark[] = "@VALUES@";

static json_t *index_or_null(uint32_t i)
{
	return i == MAP_NONE ? json_null() : json_integer(i);
}

/* No text can end the element that the values stand in: "<" is written otherwise. */
static void put(json_t *value, FILE *out)
{
	AUTO_FREE char *text = json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII);

	for (const char *c = text; *c; c++) {
		if (*c == '<')
			fputs("\\u003c", out);
		else
			fputc(*c, out);
	}
	json_decref(value);
}

static void print_node(const struct graph *graph, uint32_t i, FILE *out)
{
	const struct graph_node *node = &graph->nodes[i];
	const struct mnt *mnt = graph_mnt(graph, node);
	AUTO_FREE char *name = graph_name(graph, node);
	AUTO(buf) struct buf options = {0}, type = {0}, device = {0};

	mnt_options_print(mnt, &options);
	mnt_type_print(mnt, &type);
	buf_addf(&device, "%u:%u", mnt->major, mnt->minor);
	put(json_pack("[o,I,o,o,o,o,o,o,o,o,o,o,b]", index_or_null(node->parent),
		      (json_int_t)mnt->id, json_bytes(mnt->target), json_bytes(name),
		      json_bytes(mnt->root), json_bytes(mnt->fstype), json_bytes(mnt->source),
		      json_bytes(options.data), json_bytes(type.data), json_bytes(device.data),
		      index_or_null(node->group), index_or_null(node->master), node->hidden),
	    out);
}

static void print_ns(const struct graph *graph, uint32_t i, FILE *out)
{
	const struct graph_ns *ns = &graph->ns[i];

	put(json_pack("[o,I,I,I]", json_bytes(ns->label),
		      (json_int_t)graph->world->ns[ns->ns].inode, (json_int_t)ns->first,
		      (json_int_t)ns->n),
	    out);
}

static void print_group(const struct graph *graph, uint32_t i, FILE *out)
{
	const struct mnt_group *group = &graph->groups->v[i];
	char color[8];

	graph_color(i, color);
	put(json_pack("[I,o,s,I,b]", (json_int_t)group->id, index_or_null(group->master), color,
		      (json_int_t)group->n_members, group->far),
	    out);
}

static void print_edge(const struct graph *graph, uint32_t i, FILE *out)
{
	const struct graph_edge *edge = &graph->edges[i];

	put(json_pack("[I,I,I]", (json_int_t)edge->from, (json_int_t)edge->to,
		      (json_int_t)edge->group),
	    out);
}

static void print_list(const struct graph *graph, const char *name, uint32_t n,
		       void (*print)(const struct graph *, uint32_t, FILE *), FILE *out)
{
	fprintf(out, "\"%s\":[", name);
	for (uint32_t i = 0; i < n; i++) {
		fputs(i ? ",\n" : "\n", out);
		print(graph, i, out);
	}
	fputc(']', out);
}

void graph_print_html(const struct graph *graph, FILE *out)
{
	const char *at = strstr(graph_page, mark);

	fwrite(graph_page, 1, (size_t)(at - graph_page), out);
	fputc('{', out);
	print_list(graph, "ns", graph->n_ns, print_ns, out);
	fputc(',', out);
	print_list(graph, "nodes", graph->n_nodes, print_node, out);
	fputc(',', out);
	print_list(graph, "groups", graph->groups->n, print_group, out);
	fputc(',', out);
	print_list(graph, "edges", graph->n_edges, print_edge, out);
	fputc('}', out);
	fputs(at + strlen(mark), out);
}
