// SPDX-License-Identifier: Apache-2.0
/* Random calls: mostly on places where something is mounted, so that about half of them succeed. */
#include "model/model.h"
#include "scenario/call.h"

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

static bool chance(struct random *random, uint32_t percent)
{
	return random_below(random, 100) < percent;
}

static const char *name(struct random *random)
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
	if (dice < 8)
		return (void)strcpy(ret, name(random));
	if (dice < 10)
		return (void)strcpy(ret, ".");
	mount_path(random, table, ret);
	if (dice < 45 && *ret)
		return;
	sprintf(ret + strlen(ret), "/%s", name(random));
	if (chance(random, 10))
		sprintf(ret + strlen(ret), "/%s", name(random));
}

static struct call_at nowhere(void)
{
	return (struct call_at){.file = CALL_NOTHING, .ns_of = CALL_NOTHING};
}

static struct call_at at_path(struct random *random, const struct known *known, unsigned task)
{
	struct call_at at = nowhere();

	for (int tries = 0; tries < 4; tries++) {
		path(random, &known->now->tables[task], at.path);
		if (model_world_has(known->world, task, at.path))
			break;
	}
	return at;
}

/* Mostly where a mount is, for calls that want one. */
static struct call_at at_mount(struct random *random, const struct known *known, unsigned task)
{
	struct call_at at = nowhere();

	if (chance(random, 15))
		return at_path(random, known, task);
	mount_path(random, &known->now->tables[task], at.path);
	if (!*at.path)
		return at_path(random, known, task);
	return at;
}

static int open_file(struct random *random, const struct known *known, unsigned task, bool is_open)
{
	uint32_t from = random_below(random, CALL_FILES);

	for (uint32_t i = 0; i < CALL_FILES; i++)
		if (known->files[task][(from + i) % CALL_FILES] == is_open)
			return (int)((from + i) % CALL_FILES);
	return CALL_NOTHING;
}

/* A path, or a file, or a path from there. */
static struct call_at at_any(struct random *random, const struct known *known, unsigned task,
			     uint32_t percent_of_files)
{
	struct call_at at = nowhere();
	int file = open_file(random, known, task, true);

	if (file == CALL_NOTHING || !chance(random, percent_of_files))
		return chance(random, 50) ? at_mount(random, known, task)
					  : at_path(random, known, task);
	at.file = (int8_t)file;
	if (chance(random, 25))
		strcpy(at.path, name(random));
	return at;
}

static unsigned task_that(struct random *random, const struct known *known, bool is_there)
{
	uint32_t from = random_below(random, known->tasks);

	for (uint32_t i = 0; i < known->tasks; i++)
		if (known->now->there[(from + i) % known->tasks] == is_there)
			return (from + i) % known->tasks;
	return SCENARIO_TASKS;
}

static unsigned bits(struct random *random, const unsigned *from, size_t n)
{
	unsigned all = 0;

	for (size_t i = 0; i < n; i++)
		if (chance(random, 20))
			all |= from[i];
	return all;
}

static unsigned mount_flags(struct random *random)
{
	static const unsigned flags[] = {
		MODEL_MS_RDONLY,   MODEL_MS_NOSUID,	 MODEL_MS_NODEV,
		MODEL_MS_NOEXEC,   MODEL_MS_NOATIME,	 MODEL_MS_NODIRATIME,
		MODEL_MS_RELATIME, MODEL_MS_STRICTATIME, MODEL_MS_NOSYMFOLLOW};

	return bits(random, flags, ARRAY_SIZE(flags));
}

static unsigned type(struct random *random)
{
	static const unsigned types[] = {MODEL_MS_SHARED,    MODEL_MS_SHARED, MODEL_MS_SHARED,
					 MODEL_MS_SLAVE,     MODEL_MS_SLAVE,  MODEL_MS_PRIVATE,
					 MODEL_MS_UNBINDABLE};

	return types[random_below(random, ARRAY_SIZE(types))];
}

static void fill_setattr(struct random *random, struct call *call)
{
	static const unsigned attrs[] = {MODEL_ATTR_RDONLY,	MODEL_ATTR_NOSUID,
					 MODEL_ATTR_NODEV,	MODEL_ATTR_NOEXEC,
					 MODEL_ATTR_NODIRATIME, MODEL_ATTR_NOSYMFOLLOW};
	static const unsigned modes[] = {0, MODEL_ATTR_NOATIME, MODEL_ATTR_STRICTATIME, 0x30};

	call->set = bits(random, attrs, ARRAY_SIZE(attrs));
	call->clear = bits(random, attrs, ARRAY_SIZE(attrs));
	if (chance(random, 30)) {
		call->clear |= chance(random, 95) ? MODEL_ATTR_ATIME : MODEL_ATTR_NOATIME;
		call->set |= modes[random_below(random, ARRAY_SIZE(modes))];
	} else if (chance(random, 5)) {
		call->set |= MODEL_ATTR_NOATIME;
	}
	if (chance(random, 30))
		call->propagation = type(random);
	call->rec = chance(random, 40);
}

static const uint8_t weights[CALL_KIND_MAX] = {
	[CALL_NEW] = 14,       [CALL_BIND] = 14,       [CALL_RBIND] = 8,      [CALL_MOVE] = 8,
	[CALL_TYPE] = 16,      [CALL_REMOUNT] = 4,     [CALL_REMOUNT_FS] = 1, [CALL_UMOUNT] = 16,
	[CALL_PIVOT_ROOT] = 4, [CALL_MOVE_MOUNT] = 18, [CALL_SETATTR] = 6,    [CALL_OPEN] = 3,
	[CALL_OPEN_WRITE] = 3, [CALL_OPEN_TREE] = 8,   [CALL_FSMOUNT] = 2,    [CALL_CLOSE] = 7,
	[CALL_UNSHARE] = 4,    [CALL_SETNS] = 2,       [CALL_FORK] = 4,	      [CALL_EXIT] = 2,
	[CALL_CHDIR] = 4,      [CALL_CHROOT] = 1,      [CALL_MKDIR] = 3,      [CALL_MKFILE] = 2,
	[CALL_RMDIR] = 4,      [CALL_UNLINK] = 1,      [CALL_RENAME] = 4,
};

static enum call_kind pick_kind(struct random *random, const struct known *known)
{
	uint32_t sum = 0, mounts = 0, dice;

	for (size_t i = 0; i < known->tasks; i++)
		mounts += (uint32_t)known->now->tables[i].n;
	if (mounts > 60 * known->tasks && chance(random, 70))
		return CALL_UMOUNT;
	for (size_t i = 0; i < CALL_KIND_MAX; i++)
		sum += weights[i];
	dice = random_below(random, sum);
	for (size_t i = 0;; i++) {
		if (dice < weights[i])
			return (enum call_kind)i;
		dice -= weights[i];
	}
}

static void fill_move_mount(struct random *random, const struct known *known, struct call *call)
{
	call->a = at_any(random, known, call->task, 55);
	call->b = at_any(random, known, call->task, 15);
	if (chance(random, 25))
		call->flags |= MODEL_MOVE_SET_GROUP;
	else if (chance(random, 30))
		call->flags |= MODEL_MOVE_BENEATH;
}

/* put_old is often below new_root, as it must be. */
static void fill_pivot(struct random *random, const struct known *known, struct call *call)
{
	call->a = at_mount(random, known, call->task);
	call->b = at_path(random, known, call->task);
	if (chance(random, 30))
		call->b = call->a;
	else if (chance(random, 80) && strlen(call->a.path) < CALL_PATH - 4)
		sprintf(call->b.path, "%s/%s", call->a.path, name(random));
}

static void fill_unshare(struct random *random, const struct known *known, struct call *call)
{
	call->flags = MODEL_NEWNS;
	if (known->userns && known->userns_depth[call->task] < 5 && chance(random, 40))
		call->flags |= MODEL_NEWUSER;
	if (call->flags & MODEL_NEWUSER && chance(random, 10))
		call->flags = MODEL_NEWUSER;
}

/* A namespace instead of a path. */
static void maybe_ns(struct random *random, const struct known *known, struct call_at *at,
		     uint32_t percent)
{
	if (!chance(random, percent))
		return;
	*at = nowhere();
	at->ns_of = (int8_t)task_that(random, known, true);
}

static bool is_root_like(const char *path)
{
	return !strcmp(path, "/") || *path == '.' || strstr(path, "..");
}

static void fill(struct random *random, const struct known *known, struct call *call)
{
	unsigned task = call->task;

	switch (call->kind) {
	case CALL_NEW:
		call->flags = chance(random, 30) ? mount_flags(random) : 0;
		break;
	case CALL_BIND:
		maybe_ns(random, known, &call->a, 8);
		/* fallthrough */
	case CALL_RBIND:
		call->b = at_path(random, known, task);
		break;
	case CALL_MOVE:
		call->a = at_mount(random, known, task);
		call->b = at_path(random, known, task);
		break;
	case CALL_PIVOT_ROOT:
		fill_pivot(random, known, call);
		break;
	case CALL_RENAME:
		call->b = at_any(random, known, task, 10);
		break;
	case CALL_TYPE:
		call->a = at_mount(random, known, task);
		call->flags = type(random);
		if (chance(random, 3))
			call->flags |= type(random) | MODEL_MS_NODEV;
		call->rec = chance(random, 30);
		break;
	case CALL_REMOUNT:
	case CALL_REMOUNT_FS:
		call->a = at_mount(random, known, task);
		call->flags = mount_flags(random);
		break;
	case CALL_UMOUNT:
		call->a = at_mount(random, known, task);
		call->flags = chance(random, 50) ? MODEL_UMOUNT_DETACH : 0;
		if (chance(random, 4))
			call->flags |= MODEL_UMOUNT_FORCE;
		if (chance(random, 6))
			call->flags |= MODEL_UMOUNT_EXPIRE;
		/* A world without "/" is a dull one. */
		while (is_root_like(call->a.path) && chance(random, 97))
			call->a = at_path(random, known, task);
		break;
	case CALL_MOVE_MOUNT:
		fill_move_mount(random, known, call);
		break;
	case CALL_SETATTR:
		call->a = at_any(random, known, task, 30);
		fill_setattr(random, call);
		break;
	case CALL_OPEN_TREE:
		call->rec = chance(random, 60);
		call->a = at_any(random, known, task, 25);
		maybe_ns(random, known, &call->a, 5);
		call->file = (int8_t)open_file(random, known, task, false);
		break;
	case CALL_OPEN_WRITE:
		if (strlen(call->a.path) < CALL_PATH - 4 && chance(random, 70))
			strcat(call->a.path, "/f");
		/* fallthrough */
	case CALL_OPEN:
		call->file = (int8_t)open_file(random, known, task, false);
		break;
	case CALL_FSMOUNT:
		call->a = nowhere();
		fill_setattr(random, call);
		call->rec = false;
		call->propagation = call->clear = 0;
		call->set &= ~(uint64_t)MODEL_ATTR_ATIME;
		call->file = (int8_t)open_file(random, known, task, false);
		break;
	case CALL_CLOSE:
		call->a = nowhere();
		call->a.file = (int8_t)open_file(random, known, task, true);
		break;
	case CALL_CHDIR:
		call->a = at_any(random, known, task, 40);
		break;
	case CALL_SETNS:
		maybe_ns(random, known, &call->a, 70);
		break;
	case CALL_UNSHARE:
		call->a = nowhere();
		fill_unshare(random, known, call);
		break;
	case CALL_FORK:
		call->a = nowhere();
		call->other = (int8_t)task_that(random, known, false);
		break;
	case CALL_EXIT:
		call->a = nowhere();
		break;
	default:
		break;
	}
}

static bool makes_sense(const struct call *call, const struct known *known)
{
	unsigned there = 0;

	if ((call->kind == CALL_OPEN || call->kind == CALL_OPEN_WRITE ||
	     call->kind == CALL_OPEN_TREE || call->kind == CALL_FSMOUNT) &&
	    call->file == CALL_NOTHING)
		return false;
	if (call->kind == CALL_CLOSE && call->a.file == CALL_NOTHING)
		return false;
	if (call->kind == CALL_FORK && call->other == SCENARIO_TASKS)
		return false;
	for (size_t i = 0; i < known->tasks; i++)
		there += known->now->there[i];
	return call->kind != CALL_EXIT || there > 1;
}

struct call call_random(struct random *random, const struct known *known)
{
	struct call call;

	do {
		call = (struct call){.kind = (uint8_t)pick_kind(random, known),
				     .task = (uint8_t)task_that(random, known, true),
				     .file = CALL_NOTHING,
				     .other = CALL_NOTHING,
				     .b = nowhere()};
		/* Who sees no mount can do little. */
		if (!known->now->tables[call.task].n && chance(random, 60))
			call.kind = chance(random, 50) ? CALL_EXIT : CALL_SETNS;
		call.a = at_path(random, known, call.task);
		fill(random, known, &call);
	} while (!makes_sense(&call, known));
	return call;
}

void known_update(struct known *known, const struct call *call, const struct outcome *outcome)
{
	known->now = outcome;
	if (outcome->rc < 0)
		return;
	if (call->file != CALL_NOTHING)
		known->files[call->task][call->file] = true;
	if (call->kind == CALL_CLOSE)
		known->files[call->task][call->a.file] = false;
	if (call->kind == CALL_UNSHARE && call->flags & MODEL_NEWUSER)
		known->userns_depth[call->task]++;
	if (call->kind == CALL_FORK) {
		memset(known->files[call->other], 0, sizeof(known->files[0]));
		known->userns_depth[call->other] = known->userns_depth[call->task];
	}
}
