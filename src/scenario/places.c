// SPDX-License-Identifier: Apache-2.0
/* Random places: mostly where something is mounted, so that about half of the calls succeed. */
#include "scenario/places.h"

#include <stdio.h>
#include <string.h>

static uint64_t next(struct random *random)
{
	uint64_t z = (random->state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* Neighboring seeds must not give the same stream a step apart. */
struct random random_seeded(uint64_t seed)
{
	struct random random = {~seed};

	return (struct random){next(&random) ^ seed << 32};
}

uint32_t random_below(struct random *random, uint32_t n)
{
	return (uint32_t)(next(random) % n);
}

bool chance(struct random *random, uint32_t percent)
{
	return random_below(random, 100) < percent;
}

const char *random_name(struct random *random)
{
	static const char *const names[] = {"a", "b", "c", "a", "b", "c",
					    "a", "b", "c", "f", "d", ".."};

	return chance(random, 3) ? "x" : names[random_below(random, ARRAY_SIZE(names))];
}

/* The path of a mount that the task sees, shorter ones as often as longer ones; "" for "/". */
static void mount_path(struct random *random, const struct mnt_table *table, char *ret)
{
	*ret = '\0';
	if (!table->n)
		return;
	const char *path = table->v[random_below(random, (uint32_t)table->n)].target;
	if (strlen(path) < CALL_PATH - 16 && strcmp(path, "/"))
		strcpy(ret, path);
}

static void path(struct random *random, const struct mnt_table *table, char *ret)
{
	uint32_t dice = random_below(random, 100);

	if (dice < 3)
		return (void)strcpy(ret, "/");
	if (dice < 8 || (!table->n && dice < 60))
		return (void)strcpy(ret, random_name(random));
	if (dice < 11)
		return (void)strcpy(ret, ".");
	mount_path(random, table, ret);
	if (dice < 45 && *ret)
		return;
	sprintf(ret + strlen(ret), "/%s", random_name(random));
	if (chance(random, 10))
		sprintf(ret + strlen(ret), "/%s", random_name(random));
}

struct call_at nowhere(void)
{
	return (struct call_at){.file = CALL_NOTHING, .ns_of = CALL_NOTHING};
}

struct call_at at_path(struct random *random, const struct known *known, unsigned task)
{
	struct call_at at = nowhere();

	for (int tries = 0; tries < 4; tries++) {
		path(random, &known->now->tables[task], at.path);
		if (model_world_has(known->world, task, at.path))
			break;
	}
	return at;
}

struct call_at at_mount(struct random *random, const struct known *known, unsigned task)
{
	struct call_at at = nowhere();

	if (chance(random, 15))
		return at_path(random, known, task);
	mount_path(random, &known->now->tables[task], at.path);
	if (!*at.path)
		return at_path(random, known, task);
	return at;
}

static const struct mnt *mount_of(const struct mnt_table *table, const char *path)
{
	for (size_t i = table->n; i-- > 0;)
		if (!strcmp(table->v[i].target, path))
			return &table->v[i];
	return NULL;
}

struct call_at at_sibling(struct random *random, const struct known *known, unsigned task,
			  const struct call_at *of)
{
	const struct mnt_table *table = &known->now->tables[task];
	const struct mnt *mnt = of->file == CALL_NOTHING ? mount_of(table, of->path) : NULL;
	struct call_at at = at_mount(random, known, task);

	for (int tries = 0; mnt && tries < 8; tries++) {
		const struct mnt *other = mount_of(table, at.path);
		if (other && other != mnt && other->minor == mnt->minor)
			break;
		at = at_mount(random, known, task);
	}
	return at;
}

void at_file(struct random *random, struct call_at *at)
{
	size_t len = strlen(at->path);

	if (len + 3 < CALL_PATH && len && at->path[len - 1] != 'f')
		strcpy(at->path + len, at->path[len - 1] == '/' ? "f" : "/f");
}

int open_file(struct random *random, const struct known *known, unsigned task, bool is_open)
{
	uint32_t from = random_below(random, CALL_FILES);

	for (uint32_t i = 0; i < CALL_FILES; i++)
		if (known->files[task][(from + i) % CALL_FILES] == is_open)
			return (int)((from + i) % CALL_FILES);
	return CALL_NOTHING;
}

struct call_at at_any(struct random *random, const struct known *known, unsigned task,
		      uint32_t percent_of_files)
{
	struct call_at at = nowhere();
	int file = open_file(random, known, task, true);

	if (file == CALL_NOTHING || !chance(random, percent_of_files))
		return chance(random, 50) ? at_mount(random, known, task)
					  : at_path(random, known, task);
	at.file = (int8_t)file;
	if (chance(random, 25))
		strcpy(at.path, random_name(random));
	return at;
}
