/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the who command: what its argument means on the live machine. */
#ifndef CLI_WHO_H
#define CLI_WHO_H

#include "mnt/who.h"

/*
 * As mnt_subject_parse, but a path is looked up by the kernel: symbolic links are followed, a
 * device node is the device. A mount point itself is not touched: its server may not answer.
 */
int who_live_subject(const struct mnt_world *world, const char *text, struct mnt_subject *ret,
		     struct err *err);
/* Whether the answer may be released as a whole: EINVAL or EPERM with a sentence. */
int who_may_release(const struct mnt_world *world, const char *text, const struct mnt_who *who,
		    struct err *err);

#endif
