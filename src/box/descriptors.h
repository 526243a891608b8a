/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptors that a process keeps. */
#ifndef BOX_DESCRIPTORS_H
#define BOX_DESCRIPTORS_H

#include <stddef.h>

/* Closes what is from `first` on, but for the n descriptors, which it sorts; -1: none. -errno. */
int descriptors_close_but(unsigned first, int *keep, size_t n);

#endif
