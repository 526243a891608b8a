/* SPDX-License-Identifier: Apache-2.0 */
/* Labels of security modules: AppArmor's profile and SELinux's label of a process and of mounts. */
#ifndef BOX_LABELS_H
#define BOX_LABELS_H

#include "box/spec.h"

/* Whether this kernel can do what the spec says. */
int labels_check(const struct spec *spec, struct err *err);
/* The same of one mount: ramfs takes every option, and would be without its label. */
int labels_check_mount(const struct spec_mount *m, struct err *err);
/* An option of a mount that is SELinux's. */
bool labels_is_option(const char *word);
/*
 * For the caller's next execve(2). procfd: of a procfs that is ours, -1: a new one is made, as who
 * is in the container may have mounted anything on its own.
 */
int labels_apply(const struct spec_process *process, int procfd, struct err *err);

#endif
