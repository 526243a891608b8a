// SPDX-License-Identifier: Apache-2.0
/* Open addressing with linear probing; nothing is ever removed from a map. */
#include "base/map.h"
#include "base/mem.h"

struct map_slot {
	uint64_t key;
	uint32_t index;
	bool used;
};

/* Keys are often numbered one by one, or multiples: spread them. */
static size_t start(uint64_t key, size_t size)
{
	key ^= key >> 32;
	key *= 0x9e3779b97f4a7c15ULL;
	return (size_t)(key >> 20) & (size - 1);
}

static struct map_slot *find(const struct map *map, uint64_t key)
{
	size_t i = start(key, map->size);

	while (map->slots[i].used && map->slots[i].key != key)
		i = (i + 1) & (map->size - 1);
	return &map->slots[i];
}

static void resize(struct map *map, size_t size)
{
	struct map old = *map;

	map->size = size;
	map->slots = xcalloc(map->size, sizeof(*map->slots));
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].used)
			*find(map, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

static struct map_slot *reach(struct map *map, uint64_t key, uint32_t index)
{
	if (map->n >= map->size - map->size / 4)
		resize(map, map->size ? 2 * map->size : 16);
	struct map_slot *slot = find(map, key);
	if (!slot->used) {
		*slot = (struct map_slot){key, index, true};
		map->n++;
	}
	return slot;
}

void map_reserve(struct map *map, size_t n)
{
	size_t size = 16;

	while (n >= size - size / 4)
		size *= 2;
	if (size > map->size)
		resize(map, size);
}

uint32_t map_get(const struct map *map, uint64_t key)
{
	if (!map->size)
		return MAP_NONE;
	const struct map_slot *slot = find(map, key);
	return slot->used ? slot->index : MAP_NONE;
}

uint32_t map_add(struct map *map, uint64_t key, uint32_t index)
{
	return reach(map, key, index)->index;
}

void map_set(struct map *map, uint64_t key, uint32_t index)
{
	reach(map, key, index)->index = index;
}

void map_done(struct map *map)
{
	free(map->slots);
	*map = (struct map){0};
}

uint64_t map_hash(uint64_t seed, const void *data, size_t len)
{
	const unsigned char *p = data;
	uint64_t h = seed ^ 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3ULL;
	return h;
}
