/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal says of one box; a line of JSON in a file of its own. */
#ifndef BOX_RECORD_H
#define BOX_RECORD_H

#include <sys/types.h>

#include "base/str.h"

struct record {
	pid_t pid; /* of the box's first process, 0: not yet born */
	char *root;
	struct strv command;
	struct strv cgroups; /* the directories made for it */
};

/* To be freed. EINVAL: a cgroup's path is not UTF-8, and so would be lost. */
int record_print(const struct record *record, char **ret, struct err *err);
/*
 * Reads the record of box `id`. -EINVAL: it is damaged; *ret then has what could be read. A cgroup
 * that has not the box's name is none of it.
 */
int record_read(int fd, const char *id, struct record *ret);
void record_done(struct record *record);

#endif
