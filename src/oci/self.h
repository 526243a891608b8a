/* SPDX-License-Identifier: Apache-2.0 */
/* The program's own file, out of a container's reach. */
#ifndef OCI_SELF_H
#define OCI_SELF_H

#include <stdbool.h>

/*
 * Executes this program once more from a read-only overlay of its directory, or where that cannot
 * be from a read-only mount of its file, unless it already is there, for the commands whose
 * processes enter a container. One that gets hold of the /proc/PID/exe of such a process can then
 * not write to it, whatever it may do. Returns where that is not possible. `stack`: as the kernel
 * made it, from argc on. self_start is where the program begins, before libc, and calls this; see
 * meson.build.
 */
void self_protect(long *stack);
void self_start(void);

/* It was not possible, though there is the privilege to mount: nothing may enter a container. */
bool self_is_exposed(void);

#endif
