// SPDX-License-Identifier: Apache-2.0
/* What is mounted at a path, what that covers, and with whom it shares what is mounted there. */
#include "base/mem.h"
#include "plan/explain_parts.h"

#include <string.h>

static void say_what(const struct explain_at *at, struct buf *out)
{
	const struct mnt *mnt = explain_mount(at);
	AUTO(buf) struct buf dir = {0};

	if (at->is_mount_point) {
		buf_addf(out, "%s is a mount point: ", at->path);
		explain_add_mount(out, mnt);
		return buf_adds(out, ".");
	}
	mnt_dir_of(mnt, at->path, &dir);
	buf_addf(out, "Nothing is mounted at %s: it is %s of ", at->path, dir.data);
	explain_add_mount(out, mnt);
	buf_addf(out, ", which is mounted on %s.", mnt->target);
}

static void say_covered(const struct explain_at *at, struct buf *out)
{
	const struct mnt *parent = explain_parent(at);
	AUTO(buf) struct buf dir = {0};

	if (!at->is_mount_point)
		return;
	if (!parent)
		return buf_adds(out, " It is the root of its namespace.");
	if (!strcmp(parent->target, at->path)) {
		buf_adds(out, " It covers another mount at the same place: ");
	} else {
		mnt_dir_of(parent, at->path, &dir);
		buf_addf(out, " It covers %s of ", dir.data);
	}
	explain_add_mount(out, parent);
	buf_adds(out, ".");
}

/* Mounts that were at or below the path before, and that no path reaches now. */
static void say_hidden(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_table *table = &at->ask->world->ns[at->ask->ns].table;
	size_t n = 0;

	for (uint32_t i = 0; at->is_mount_point && i < table->n; i++)
		if (at->tree.v[i].hidden == at->i && ++n <= EXPLAIN_SHOWN) {
			AUTO(buf) struct buf line = {0};
			explain_add_mount(&line, &table->v[i]);
			strv_addf(&answer->facts, "hides %s on %s", line.data, table->v[i].target);
		}
	if (n)
		buf_addf(&answer->text, " It hides %zu mount%s, which no path reaches now.", n,
			 n == 1 ? "" : "s");
}

static void say_arrives(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);
	struct buf *out = &answer->text;
	size_t n = answer->arrives.n;

	if (n)
		return buf_addf(out,
				" What is mounted here arrives at %zu other place%s, because the "
				"mount is shared, in peer group %u.",
				n, n == 1 ? "" : "s", mnt->group);
	buf_adds(out, " What is mounted here stays here, because ");
	if (mnt->group)
		return buf_addf(out,
				"no other mount in sight that is in peer group %u or below it "
				"shows this directory.",
				mnt->group);
	buf_adds(out, "the mount is ");
	explain_add_type(out, mnt);
	buf_adds(out, mnt->master ? " and shared with nobody." : ".");
}

static void say_receives(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);
	struct buf *out = &answer->text;
	size_t n = answer->receives.n;

	if (!mnt->group && !mnt->master)
		return buf_adds(out, " For the same reason it receives nothing.");
	if (!n && mnt->master)
		return buf_addf(out,
				" It is a slave of peer group %u, of which no member that shows "
				"this directory is in sight, so nothing arrives now.",
				mnt->master);
	if (!n)
		return;
	buf_addf(out, " It receives what is mounted at %zu place%s", n, n == 1 ? "" : "s");
	if (mnt->master)
		buf_addf(out, ", as a slave of peer group %u", mnt->master);
	if (mnt->group)
		buf_adds(out, mnt->master ? " and from its peers" : ", its peers");
	buf_adds(out, ".");
}

/* The members of a group that show the directory, but for the one asked about. */
static void add_members(const struct explain_at *at, uint32_t g, const char *dir,
			struct explain_places *ret)
{
	const struct mnt_groups *groups = at->ask->groups;
	const struct mnt_group *group = &groups->v[g];

	for (uint32_t k = 0; k < group->n_members; k++) {
		struct mnt_ref ref = groups->refs[group->first + k];
		const struct mnt *from = mnt_ref_get(at->ask->world, ref);
		AUTO(buf) struct buf path = {0};
		if ((ref.ns != at->ask->ns || ref.mount != at->i) && !(from->flags & MNT_DELETED) &&
		    mnt_path_of(from, dir, &path))
			VEC_PUSH(ret->v, ret->n,
				 (struct explain_place){ref.ns, group->id, buf_take(&path)});
	}
}

/* Its own group, and all above it. */
static void find_senders(const struct explain_at *at, struct explain_places *ret)
{
	const struct mnt_groups *groups = at->ask->groups;
	AUTO(buf) struct buf dir = {0};

	mnt_dir_of(explain_mount(at), at->path, &dir);
	for (uint32_t g = mnt_groups_of(groups, explain_mount(at)); g != MAP_NONE;
	     g = groups->v[g].master)
		add_members(at, g, dir.data, ret);
}

/* An umount of what is here is an event of the mount that it is on. */
static void say_umount(const struct explain_at *at, struct explain *answer)
{
	struct explain_places places = {0};
	uint32_t parent = at->tree.v[at->i].parent;

	if (!at->is_mount_point || parent == MAP_NONE)
		return;
	explain_arrivals(at->ask, (struct mnt_ref){at->ask->ns, parent}, at->path, &places);
	if (places.n)
		strv_addf(&answer->facts,
			  "an umount of it is passed on to %zu other place%s, because the mount "
			  "that it is on is shared, in peer group %u",
			  places.n, places.n == 1 ? "" : "s", explain_parent(at)->group);
	explain_places_done(&places);
}

static void say_locked(const struct explain_at *at, struct explain *answer)
{
	struct map locked = {0};

	explain_find_locked(at->ask, &locked);
	if (at->is_mount_point && map_get(&locked, explain_mount(at)->id) != MAP_NONE)
		strv_add(&answer->facts,
			 "it is locked: it came with the namespace from a more privileged one, and "
			 "can be neither unmounted nor moved here, nor lose ro, nosuid, nodev, "
			 "noexec");
	map_done(&locked);
}

static void add_facts(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);
	AUTO(buf) struct buf type = {0}, options = {0};

	mnt_type_print(mnt, &type);
	mnt_options_print(mnt, &options);
	strv_addf(&answer->facts, "propagation: %s", type.data);
	strv_addf(&answer->facts, "options: %s; of the file system: %s", options.data,
		  mnt->options);
	if (mnt->flags & MNT_DELETED)
		strv_addf(&answer->facts, "the directory that it shows was removed: nothing can "
					  "be mounted or made in it");
	say_locked(at, answer);
	explain_add_places(answer, at->ask, "a mount made here arrives at", &answer->arrives);
	explain_add_places(answer, at->ask, "it receives what is mounted at", &answer->receives);
	say_umount(at, answer);
}

int explain_path(const struct explain_ask *ask, const char *path, struct explain *ret,
		 struct err *err)
{
	struct explain answer = {0};
	struct explain_at at;
	int rc = explain_at_init(&at, ask, path, err);

	if (rc < 0)
		return rc;
	explain_arrivals(ask, (struct mnt_ref){ask->ns, at.i}, path, &answer.arrives);
	find_senders(&at, &answer.receives);
	say_what(&at, &answer.text);
	say_covered(&at, &answer.text);
	say_hidden(&at, &answer);
	say_arrives(&at, &answer);
	say_receives(&at, &answer);
	add_facts(&at, &answer);
	explain_at_done(&at);
	*ret = answer;
	return 0;
}
