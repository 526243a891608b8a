/* SPDX-License-Identifier: Apache-2.0 */
/* Random changes of the caller's mount table, all below one directory. */
#ifndef RANDOM_MOUNTS_H
#define RANDOM_MOUNTS_H

#include <stdint.h>

struct random_mounts {
	uint64_t state;	 /* of the generator: the seed, not 0 */
	const char *dir; /* a mount of the caller's own */
	int userns;	 /* for id maps; -1: none */
};

uint32_t random_below(struct random_mounts *random, uint32_t n);
/* One change; that many are refused by the kernel is part of the game. */
void random_change(struct random_mounts *random);
/*
 * a is shared, b its slave and shared, c a slave of b. Where another namespace keeps the group of b
 * and here b is taken away, c receives from a by way of a group that is not here: propagate_from.
 */
void random_chain_make(struct random_mounts *random);
void random_chain_break(struct random_mounts *random);

#endif
