/* SPDX-License-Identifier: Apache-2.0 */
/* Random places for calls. */
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
/* The number of a file of the task that is open, or of one that is not; CALL_NOTHING: none is so.
 */
int open_file(struct random *random, const struct known *known, unsigned task, bool is_open);

#endif
