/* SPDX-License-Identifier: Apache-2.0 */
/* What a watch saw, as the command prints it: an entry for each event and its copies. */
#ifndef CLI_WATCH_ENTRIES_H
#define CLI_WATCH_ENTRIES_H

#include <stdio.h>

#include "mnt/event.h"
#include "read/watch.h"
#include "view/columns.h"

struct watch_entry {
	const struct mnt_event *v; /* the event, then its copies */
	size_t n;
};
struct watch_entries {
	const struct watch *watch;
	char time[40]; /* ISO 8601, UTC, milliseconds */
	struct watch_entry *v;
	size_t n;
};

/* Entries of events that stand next to each other; the caller frees ret->v. */
void watch_entries_make(const struct mnt_events *events, struct watch_entries *ret);

extern const struct view_column watch_columns[];
/* A cell of the table of entries; ctx is a struct watch_entries. */
void watch_cell(const void *ctx, size_t row, size_t column, struct buf *out);
const char *watch_action(const struct mnt_event *event);
/* "from /old", "rw,relatime -> ro,relatime": what a move or a change did; else nothing. */
void watch_change(const struct mnt_event *event, struct buf *out);
/* A compact JSON object and a newline. */
void watch_print_json(const struct watch_entries *entries, size_t row, FILE *out);

#endif
