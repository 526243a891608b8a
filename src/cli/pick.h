/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a mount or a peer group is named: 12 or shared:12 is a group, id:34 a mount by its id, all
 * else the path of a mount, or of what lies on it.
 */
#ifndef CLI_PICK_H
#define CLI_PICK_H

#include "cli/see.h"
#include "mnt/groups.h"

struct pick {
	uint32_t group;	    /* index; MAP_NONE: it is a mount */
	struct mnt_ref ref; /* of a group: without meaning */
	char *path;	    /* absolute and resolved; of a mount: where it is; NULL: a group */
};

/*
 * `name` is the namespace in which a path is meant, NULL: the caller's own, or that of the file.
 * ENOENT and EINVAL with a sentence.
 */
int pick_read(const struct see_args *args, const struct mnt_world *world,
	      const struct mnt_groups *groups, const char *name, const char *word, struct pick *ret,
	      struct err *err);
void pick_done(struct pick *pick);

/*
 * An absolute path without "//", "." and a slash at its end. Of the live machine's own namespace
 * symbolic links are resolved; elsewhere a path is meant as it stands, and ".." is refused.
 */
int pick_path(bool is_own, const char *word, char **ret, struct err *err);

#endif
