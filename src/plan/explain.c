// SPDX-License-Identifier: Apache-2.0
/* What the answers of explain are made of: names of mounts and of places. */
#include "base/mem.h"
#include "mnt/who.h"
#include "plan/explain_parts.h"

#include <errno.h>
#include <string.h>

int explain_at_init(struct explain_at *at, const struct explain_ask *ask, const char *path,
		    struct err *err)
{
	const struct mnt_ns *ns = &ask->world->ns[ask->ns];

	*at = (struct explain_at){.ask = ask, .path = path};
	if (!ns->has_table)
		return err_say(err, EACCES, "%s", ns->gap ? ns->gap : "the namespace has no table");
	int rc = mnt_tree_init(&at->tree, &ns->table, err);
	if (rc < 0)
		return rc;
	at->i = mnt_tree_find(&at->tree, &ns->table, path);
	if (at->i == MAP_NONE) {
		explain_at_done(at);
		return err_say(err, ENOENT, "no mount is above '%s' there", path);
	}
	at->is_mount_point = !strcmp(explain_mount(at)->target, path);
	return 0;
}

void explain_at_done(struct explain_at *at)
{
	mnt_tree_done(&at->tree);
}

const struct mnt *explain_mount(const struct explain_at *at)
{
	return &at->ask->world->ns[at->ask->ns].table.v[at->i];
}

const struct mnt *explain_parent(const struct explain_at *at)
{
	uint32_t parent = at->tree.v[at->i].parent;

	return parent == MAP_NONE ? NULL : &at->ask->world->ns[at->ask->ns].table.v[parent];
}

void explain_add_mount(struct buf *out, const struct mnt *mnt)
{
	buf_adds(out, mnt->fstype);
	if (strcmp(mnt->source, "none") != 0 && strcmp(mnt->source, mnt->fstype) != 0)
		buf_addf(out, " %s", mnt->source);
	if (strcmp(mnt->root, "/") != 0)
		buf_addf(out, ", of which it shows %s", mnt->root);
	buf_addf(out, " (mount %u)", mnt->id);
}

void explain_add_place(struct buf *out, const struct explain_ask *ask,
		       const struct explain_place *place)
{
	AUTO_FREE char *label = mnt_ns_label(ask->world, place->ns);
	AUTO_FREE char *inode =
		xasprintf("mnt:[%llu]", (unsigned long long)ask->world->ns[place->ns].inode);

	buf_adds(out, place->path);
	if (place->ns == ask->ns)
		return buf_adds(out, " in the same namespace");
	buf_addf(out, " in %s", label);
	if (strcmp(label, inode) != 0)
		buf_addf(out, ", %s", inode);
}

void explain_add_type(struct buf *out, const struct mnt *mnt)
{
	if (mnt->group)
		buf_addf(out, "shared, in peer group %u", mnt->group);
	if (mnt->group && mnt->master)
		buf_adds(out, ", and ");
	if (mnt->master)
		buf_addf(out, "a slave of peer group %u", mnt->master);
	if (!mnt->group && !mnt->master)
		buf_adds(out, mnt->flags & MNT_UNBINDABLE ? "unbindable" : "private");
}

void explain_add_places(struct explain *answer, const struct explain_ask *ask, const char *what,
			const struct explain_places *places)
{
	for (size_t i = 0; i < places->n && i < EXPLAIN_SHOWN; i++) {
		AUTO(buf) struct buf line = {0};
		explain_add_place(&line, ask, &places->v[i]);
		strv_addf(&answer->facts, "%s %s, by peer group %u", what, line.data,
			  places->v[i].group);
	}
	if (places->n > EXPLAIN_SHOWN)
		strv_addf(&answer->facts, "%s %zu more places", what, places->n - EXPLAIN_SHOWN);
}

void explain_arrivals(const struct explain_ask *ask, struct mnt_ref on, const char *path,
		      struct explain_places *ret)
{
	struct mnt_arrivals arrivals;

	mnt_arrivals_init(&arrivals, ask->groups, ask->world, on, path);
	for (size_t i = 0; i < arrivals.n; i++) {
		const struct mnt_arrival *a = &arrivals.v[i];
		VEC_PUSH(ret->v, ret->n,
			 (struct explain_place){a->on.ns, ask->groups->v[a->group].id,
						xstrdup(a->path)});
	}
	mnt_arrivals_done(&arrivals);
}

void explain_places_done(struct explain_places *places)
{
	for (size_t i = 0; i < places->n; i++)
		free(places->v[i].path);
	free(places->v);
	*places = (struct explain_places){0};
}

void explain_add_found(const struct explain_ask *ask, uint32_t ns, const struct mnt *mnt,
		       struct explain *answer)
{
	AUTO(buf) struct buf line = {0};

	explain_add_mount(&line, mnt);
	buf_adds(&line, " on ");
	explain_add_place(&line, ask, &(struct explain_place){ns, 0, (char *)mnt->target});
	strv_add(&answer->facts, line.data);
}

void explain_add_umount(const struct explain_ask *ask, uint32_t ns, const struct mnt *mnt,
			struct explain *answer)
{
	AUTO(buf) struct buf command = {0};

	mnt_print_umount(ask->world, ns, mnt, &command);
	strv_add(&answer->fixes, command.data);
}

void explain_done(struct explain *answer)
{
	buf_done(&answer->text);
	strv_done(&answer->facts);
	strv_done(&answer->fixes);
	explain_places_done(&answer->arrives);
	explain_places_done(&answer->receives);
	*answer = (struct explain){0};
}
