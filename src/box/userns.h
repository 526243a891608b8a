/* SPDX-License-Identifier: Apache-2.0 */
/* Which ids the box's user namespace has, and how the kernel is told. See user_namespaces(7). */
#ifndef BOX_USERNS_H
#define BOX_USERNS_H

#include "box/spec.h"

/* True if this process may make the box's namespaces itself. */
bool userns_is_privileged(void);
/* True in the machine's own user namespace; below it no device node can be made. */
int userns_is_initial(bool *ret, struct err *err);
/*
 * The map of the box's user namespace: the spec's, or the default one: for root every id as it
 * is; for others the ranges of /etc/subuid and /etc/subgid below the caller's own id as 0, or
 * that single id. That of one that is joined is read from the kernel. NULL in *ret: no user
 * namespace is wanted or needed. `rootless`: the caller is not privileged.
 */
int userns_map(const struct spec *spec, bool rootless, char **ret, struct err *err);
/* The user namespace that the spec joins; -1: none, or the caller's own. */
int userns_open(const struct spec *spec, int *ret, struct err *err);
/* The ids stay to be set. */
int userns_enter(int fd, struct err *err);
/* Tells the kernel. procfd: O_PATH of /proc, as the caller may have left the host's tree. */
int userns_write_map(int procfd, pid_t pid, const char *map, struct err *err);

#endif
