// SPDX-License-Identifier: Apache-2.0
/* Which mount or peer group a word means. */
#include "cli/pick.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

void pick_done(struct pick *pick)
{
	free(pick->path);
	*pick = (struct pick){.group = MAP_NONE};
}

static int clean(const char *word, char **ret, struct err *err)
{
	if (*word != '/')
		return err_say(err, EINVAL, "'%s': expected an absolute path", word);
	if (str_has_component(word, ".."))
		return err_say(err, EINVAL,
			       "'%s': what .. means depends on symbolic links there; give the path "
			       "without it",
			       word);
	*ret = str_plain_path(word);
	return 0;
}

int pick_path(bool is_own, const char *word, char **ret, struct err *err)
{
	if (!is_own)
		return clean(word, ret, err);
	*ret = realpath(word, NULL);
	return *ret ? 0 : err_set(err, errno, "'%s'", word);
}

/* The mount on which the path lies in this namespace; ENOENT, or why there is no table. */
static int find(const struct mnt_world *world, uint32_t ns, const char *path, uint32_t *ret,
		struct err *err)
{
	const struct mnt_ns *n = &world->ns[ns];
	struct mnt_tree tree;

	if (!n->has_table)
		return err_say(err, EACCES, "%s", n->gap ? n->gap : "the namespace has no table");
	int rc = mnt_tree_init(&tree, &n->table, err);
	if (rc < 0)
		return rc;
	*ret = mnt_tree_find(&tree, &n->table, path);
	mnt_tree_done(&tree);
	return *ret != MAP_NONE ? 0 : err_say(err, ENOENT, "no mount is above '%s' there", path);
}

static int pick_group(const struct mnt_groups *groups, const char *number, struct pick *ret,
		      struct err *err)
{
	uint64_t id;

	if (str_to_u64(number, UINT32_MAX, &id, err) < 0)
		return err_add(err, "peer group");
	ret->group = id ? map_get(&groups->ids, id) : MAP_NONE;
	if (ret->group == MAP_NONE)
		return err_say(err, ENOENT,
			       "no mount in sight is in peer group %s or receives "
			       "from it",
			       number);
	return 0;
}

static int pick_id(const struct mnt_world *world, const char *number, struct pick *ret,
		   struct err *err)
{
	uint32_t ns;
	uint64_t id;

	if (str_to_u64(number, UINT32_MAX, &id, err) < 0)
		return err_add(err, "mount id");
	const struct mnt *mnt = mnt_world_mount(world, (uint32_t)id, &ns);
	if (!mnt)
		return err_say(err, ENOENT, "no mount in sight has the id %s", number);
	ret->ref = (struct mnt_ref){ns, (uint32_t)(mnt - world->ns[ns].table.v)};
	ret->path = xstrdup(mnt->target);
	return 0;
}

static int pick_by_path(const struct see_args *args, const struct mnt_world *world,
			const char *name, const char *word, struct pick *ret, struct err *err)
{
	AUTO_FREE char *path = NULL;
	uint32_t ns = world->self != MAP_NONE ? world->self : 0;

	if (name && see_find(world, name, &ns, err) < 0)
		return -err->code;
	if (ns >= world->n_ns)
		return err_say(err, ENOENT, "there is no namespace to look in");
	int rc = pick_path(!args->from && ns == world->self, word, &path, err);
	if (rc == 0)
		rc = find(world, ns, path, &ret->ref.mount, err);
	ret->ref.ns = ns;
	ret->path = TAKE_PTR(path);
	return rc;
}

int pick_read(const struct see_args *args, const struct mnt_world *world,
	      const struct mnt_groups *groups, const char *name, const char *word, struct pick *ret,
	      struct err *err)
{
	struct pick pick = {.group = MAP_NONE};
	bool is_number = *word && word[strspn(word, "0123456789")] == 0;
	int rc;

	if (is_number || str_starts(word, "shared:"))
		rc = pick_group(groups, is_number ? word : word + strlen("shared:"), &pick, err);
	else if (str_starts(word, "id:"))
		rc = pick_id(world, word + strlen("id:"), &pick, err);
	else
		rc = pick_by_path(args, world, name, word, &pick, err);
	if (rc < 0)
		pick_done(&pick);
	else
		*ret = pick;
	return rc;
}
