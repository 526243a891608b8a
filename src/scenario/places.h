/* SPDX-License-Identifier: Apache-2.0 */
/* Random parts of calls. */
#ifndef SCENARIO_PLACES_H
#define SCENARIO_PLACES_H

#include "scenario/call.h"

bool chance(struct random *random, uint32_t percent);
const char *random_name(struct random *random);
struct call_at nowhere(void);
struct call_at at_path(struct random *random, const struct known *known, unsigned task);
/* Mostly where a mount is, for calls that want one. */
struct call_at at_mount(struct random *random, const struct known *known, unsigned task);
/* A path, or a file, or a path from there. */
struct call_at at_any(struct random *random, const struct known *known, unsigned task,
		      uint32_t percent_of_files);
/* A mount of the same file system as that one, if there is another. */
struct call_at at_sibling(struct random *random, const struct known *known, unsigned task,
			  const struct call_at *of);
/* The file that is in each directory of a new file system. */
void at_file(struct random *random, struct call_at *at);
/* The number of a file of the task that is open, or of one that is not; CALL_NOTHING: none is so.
 */
int open_file(struct random *random, const struct known *known, unsigned task, bool is_open);

/* flags.c */
unsigned random_mount_flags(struct random *random);
unsigned random_type(struct random *random);
unsigned random_umount_flags(struct random *random);
unsigned random_move_flags(struct random *random);
void random_setattr(struct random *random, struct call *call);

#endif
