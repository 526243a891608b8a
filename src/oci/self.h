/* SPDX-License-Identifier: Apache-2.0 */
/* The program's own file, out of a container's reach. */
#ifndef OCI_SELF_H
#define OCI_SELF_H

/*
 * Executes this program once more from a read-only mount of its file, unless it already is there,
 * for the commands whose processes enter a container. One that gets hold of the /proc/PID/exe of
 * such a process can then not write to it, whatever it may do. Returns where that is not possible:
 * without privilege, which could not write either. `stack`: as the kernel made it, from argc on.
 * self_start is where the program begins, before libc, and calls this; see meson.build.
 */
void self_protect(long *stack);
void self_start(void);

#endif
