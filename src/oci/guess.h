/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a configuration is going to say, before it is read in earnest; nothing is decided by it.
 * Without libc; see sys/bare.h.
 */
#ifndef OCI_GUESS_H
#define OCI_GUESS_H

#include <stdint.h>

/* Namespaces, those of CLONE_NEW*, that the command line's container will have anew; 0: unknown. */
uint64_t guess_namespaces(char **argv);

#endif
