/* SPDX-License-Identifier: Apache-2.0 */
/* The program's own file, out of a container's reach. */
#ifndef OCI_SELF_H
#define OCI_SELF_H

/*
 * Executes this program once more from a read-only mount of its file, unless it already is there.
 * A container that gets hold of /proc/PID/exe of a process of ours can then not write to it,
 * whatever it may do. Returns where that is not possible: without privilege, which could not write
 * either.
 */
void self_protect(char **argv);

#endif
