// SPDX-License-Identifier: Apache-2.0
/* What a word on the command line means: a mount, a device, a path or a source. */
#include "base/mem.h"
#include "mnt/who.h"

#include <errno.h>
#include <string.h>

static uint32_t find_block(const struct mnt_world *world, uint32_t major, uint32_t minor)
{
	for (uint32_t i = 0; i < world->n_blocks; i++)
		if (world->blocks[i].major == major && world->blocks[i].minor == minor && major)
			return i;
	return MAP_NONE;
}

static struct mnt_subject by_mount(const struct mnt_world *world, uint32_t ns, uint32_t i)
{
	const struct mnt *mnt = &world->ns[ns].table.v[i];

	return (struct mnt_subject){
		.major = mnt->major,
		.minor = mnt->minor,
		.block = find_block(world, mnt->major, mnt->minor),
		.ns = ns,
		.mount = i,
	};
}

static struct mnt_subject by_device(const struct mnt_world *world, uint32_t major, uint32_t minor)
{
	return (struct mnt_subject){.major = major,
				    .minor = minor,
				    .block = find_block(world, major, minor),
				    .ns = MAP_NONE,
				    .mount = MAP_NONE};
}

int mnt_subject_mount(const struct mnt_world *world, uint32_t id, struct mnt_subject *ret,
		      struct err *err)
{
	uint32_t ns;
	const struct mnt *mnt = mnt_world_mount(world, id, &ns);

	if (!mnt)
		return err_say(err, ENOENT, "no mount in sight has the id %u", id);
	*ret = by_mount(world, ns, (uint32_t)(mnt - world->ns[ns].table.v));
	return 0;
}

static bool is_mounted(const struct mnt_world *world, uint32_t major, uint32_t minor)
{
	for (uint32_t ns = 0; ns < world->n_ns; ns++)
		for (uint32_t i = 0; i < world->ns[ns].table.n; i++)
			if (world->ns[ns].table.v[i].major == major &&
			    world->ns[ns].table.v[i].minor == minor)
				return true;
	return false;
}

static bool is_used(const struct mnt_world *world, uint32_t major, uint32_t minor)
{
	for (uint32_t i = 0; i < world->n_uses; i++)
		if (world->uses[i].major == major && world->uses[i].minor == minor)
			return true;
	return false;
}

int mnt_subject_device(const struct mnt_world *world, uint32_t major, uint32_t minor,
		       struct mnt_subject *ret, struct err *err)
{
	struct mnt_subject subject = by_device(world, major, minor);

	if (subject.block == MAP_NONE && !is_mounted(world, major, minor) &&
	    !is_used(world, major, minor))
		return err_say(err, ENOENT, "there is no device %u:%u, and no mount of it", major,
			       minor);
	*ret = subject;
	return 0;
}

/* "8:1": a number that no path or source of a mount is written like. */
static bool parse_device(const char *text, uint32_t *ret_major, uint32_t *ret_minor)
{
	const char *colon = strchr(text, ':');
	AUTO_FREE char *first = colon ? xstrndup(text, (size_t)(colon - text)) : NULL;
	uint64_t major, minor;

	if (!colon || str_to_u64(first, 0xfff, &major, NULL) < 0 ||
	    str_to_u64(colon + 1, 0xfffff, &minor, NULL) < 0)
		return false;
	*ret_major = (uint32_t)major;
	*ret_minor = (uint32_t)minor;
	return true;
}

static bool by_block(const struct mnt_world *world, const char *text, struct mnt_subject *ret)
{
	const char *name = str_starts(text, "/dev/") ? text + 5 : text;

	for (uint32_t i = 0; i < world->n_blocks; i++) {
		const struct mnt_block *block = &world->blocks[i];
		bool is_image = block->backing && !strcmp(block->backing, text);
		if (!block->major || (strcmp(block->name, name) && !is_image))
			continue;
		*ret = by_device(world, block->major, block->minor);
		ret->backing = is_image;
		return true;
	}
	return false;
}

static int by_path(const struct mnt_world *world, const char *path, struct mnt_subject *ret,
		   struct err *err)
{
	uint32_t ns = world->self == MAP_NONE ? 0 : world->self;
	struct mnt_tree tree;

	if (!world->n_ns || !world->ns[ns].table.n)
		return err_say(err, ENOENT, "'%s': there is no table to look it up in", path);
	if (mnt_tree_init(&tree, &world->ns[ns].table, err) < 0)
		return -err->code;
	uint32_t i = mnt_tree_find(&tree, &world->ns[ns].table, path);
	mnt_tree_done(&tree);
	if (i == MAP_NONE)
		return err_say(err, ENOENT, "'%s' is on no mount", path);
	*ret = by_mount(world, ns, i);
	return 0;
}

/* One source may be that of many file systems: every tmpfs of a machine is called "tmpfs". */
int mnt_subject_source(const struct mnt_world *world, const char *text, struct mnt_subject *ret,
		       struct err *err)
{
	const struct mnt *found = NULL;

	for (uint32_t ns = 0; ns < world->n_ns; ns++)
		for (uint32_t i = 0; i < world->ns[ns].table.n; i++) {
			const struct mnt *mnt = &world->ns[ns].table.v[i];
			if (strcmp(mnt->source, text))
				continue;
			if (found && (found->major != mnt->major || found->minor != mnt->minor))
				return err_say(err, EINVAL,
					       "several file systems have the source '%s': give a "
					       "path, or one of their devices (%u:%u, %u:%u, …)",
					       text, found->major, found->minor, mnt->major,
					       mnt->minor);
			found = mnt;
		}
	if (!found)
		return err_say(err, ENOENT,
			       "'%s' is no device and no source of a mount; a path begins with /, "
			       "a mount's id is given as id:NUMBER",
			       text);
	*ret = by_device(world, found->major, found->minor);
	return 0;
}

static int by_id(const struct mnt_world *world, const char *number, struct mnt_subject *ret,
		 struct err *err)
{
	uint64_t id;

	if (str_to_u64(number, UINT32_MAX, &id, err) < 0)
		return err_add(err, "id:%s", number);
	int rc = mnt_subject_mount(world, (uint32_t)id, ret, err);
	if (rc == 0)
		ret->only = true;
	return rc;
}

int mnt_subject_parse(const struct mnt_world *world, const char *text, struct mnt_subject *ret,
		      struct err *err)
{
	uint32_t major, minor;

	if (str_starts(text, "id:"))
		return by_id(world, text + 3, ret, err);
	if (parse_device(text, &major, &minor))
		return mnt_subject_device(world, major, minor, ret, err);
	if (by_block(world, text, ret))
		return 0;
	return *text == '/' ? by_path(world, text, ret, err)
			    : mnt_subject_source(world, text, ret, err);
}
