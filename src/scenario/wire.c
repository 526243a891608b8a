// SPDX-License-Identifier: Apache-2.0
/* Tables through a socket: what is compared of them. */
#include "base/mem.h"
#include "scenario/wire.h"

#include <errno.h>
#include <string.h>

void wire_put_table(const struct mnt_table *table, struct buf *out)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct mnt *mnt = &table->v[i];
		struct wire_mount w = {
			.unique = mnt->unique,
			.id = mnt->id,
			.parent = mnt->parent,
			.major = mnt->major,
			.minor = mnt->minor,
			.group = mnt->group,
			.master = mnt->master,
			.from = mnt->from,
			.attr = mnt->attr,
			.flags = mnt->flags,
			.root = (uint32_t)strlen(mnt->root),
			.target = (uint32_t)strlen(mnt->target),
			.ro = str_starts(mnt->options, "ro"),
		};
		buf_add(out, &w, sizeof(w));
		buf_add(out, mnt->root, w.root);
		buf_add(out, mnt->target, w.target);
	}
}

static void add(struct mnt_table *table, const struct wire_mount *w, const char *text)
{
	VEC_PUSH(table->v, table->n,
		 (struct mnt){
			 .unique = w->unique,
			 .id = w->id,
			 .parent = w->parent,
			 .major = w->major,
			 .minor = w->minor,
			 .group = w->group,
			 .master = w->master,
			 .from = w->from,
			 .attr = w->attr,
			 .flags = w->flags,
			 .root = arena_strn(&table->text, text, w->root),
			 .target = arena_strn(&table->text, text + w->root, w->target),
			 .fstype = "",
			 .source = "",
			 .options = w->ro ? "ro" : "rw",
			 .extra = "",
		 });
}

int wire_get_table(const char *data, size_t len, uint32_t n, struct mnt_table *ret)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	struct wire_mount w;

	while (n--) {
		if (len < sizeof(w))
			return -EPROTO;
		memcpy(&w, data, sizeof(w));
		data += sizeof(w);
		len -= sizeof(w);
		if (len < (size_t)w.root + w.target)
			return -EPROTO;
		add(&table, &w, data);
		data += w.root + w.target;
		len -= w.root + w.target;
	}
	*ret = table;
	table = (struct mnt_table){0};
	return len ? -EPROTO : 0;
}
