/* SPDX-License-Identifier: Apache-2.0 */
/* New file systems: fsopen, fsconfig, fsmount, with the kernel's own words in the error. */
#ifndef EXEC_FS_H
#define EXEC_FS_H

#include "op/op.h"

/* A detached mount. */
int exec_fs_mount(const struct op *op, struct err *err);
/* Changes the superblock that `fd` (O_PATH) is on. */
int exec_fs_reconfigure(int fd, const struct op *op, struct err *err);

#endif
