/* SPDX-License-Identifier: Apache-2.0 */
/* The page that graph_html.c fills: graph.html with its parts, made by tools/embed. */
#ifndef VIEW_GRAPH_PAGE_H
#define VIEW_GRAPH_PAGE_H

extern const char graph_page[];

#endif
