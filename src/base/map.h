/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A map from 64-bit keys to indexes of an array, for joining tables: ids, groups, inodes, hashes of
 * text. Starts as {0}; 16 bytes an entry, and at least half of the slots are used.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"

#define MAP_NONE UINT32_MAX

struct map {
	struct map_slot *slots;
	size_t n, size;
};

/* The index under the key, MAP_NONE: there is none. */
uint32_t map_get(const struct map *map, uint64_t key);
/* Sets it if the key is new; returns the index that is there afterwards. Never MAP_NONE. */
uint32_t map_add(struct map *map, uint64_t key, uint32_t index);
/* Sets it, whether the key is new or not. */
void map_set(struct map *map, uint64_t key, uint32_t index);
/* Room for n keys, for whoever knows how many will come. */
void map_reserve(struct map *map, size_t n);
void map_done(struct map *map);

/* A key made of text, and of another key in front of it (0: of nothing). Equal text, equal key;
 * whoever looks up must compare the text once more. */
uint64_t map_hash(uint64_t seed, const void *data, size_t len);

#endif
