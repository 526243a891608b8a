// SPDX-License-Identifier: Apache-2.0
/* Random calls. */
#include "model/model.h"
#include "scenario/places.h"

#include <stdio.h>
#include <string.h>

static unsigned task_that(struct random *random, const struct known *known, bool is_there)
{
	uint32_t from = random_below(random, known->tasks);

	for (uint32_t i = 0; i < known->tasks; i++)
		if (known->now->there[(from + i) % known->tasks] == is_there)
			return (from + i) % known->tasks;
	return SCENARIO_TASKS;
}

static const uint8_t weights[CALL_KIND_MAX] = {
	[CALL_NEW] = 14,       [CALL_BIND] = 14,       [CALL_RBIND] = 8,      [CALL_MOVE] = 8,
	[CALL_TYPE] = 16,      [CALL_REMOUNT] = 4,     [CALL_REMOUNT_FS] = 1, [CALL_UMOUNT] = 16,
	[CALL_PIVOT_ROOT] = 4, [CALL_MOVE_MOUNT] = 18, [CALL_SETATTR] = 6,    [CALL_OPEN] = 3,
	[CALL_OPEN_WRITE] = 3, [CALL_OPEN_TREE] = 8,   [CALL_FSMOUNT] = 2,    [CALL_CLOSE] = 7,
	[CALL_UNSHARE] = 4,    [CALL_SETNS] = 2,       [CALL_FORK] = 4,	      [CALL_EXIT] = 2,
	[CALL_CHDIR] = 4,      [CALL_CHROOT] = 1,      [CALL_MKDIR] = 3,      [CALL_MKFILE] = 2,
	[CALL_RMDIR] = 4,      [CALL_UNLINK] = 1,      [CALL_RENAME] = 4,     [CALL_OP] = 1,
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
	call->flags = random_move_flags(random);
	if (call->flags & MODEL_MOVE_SET_GROUP && chance(random, 50))
		call->b = at_sibling(random, known, call->task, &call->a);
}

/* put_old is often below new_root, as it must be. */
static void fill_pivot(struct random *random, const struct known *known, struct call *call)
{
	call->a = at_mount(random, known, call->task);
	call->b = at_path(random, known, call->task);
	if (chance(random, 15))
		strcpy(call->a.path, ".");
	if (chance(random, 30))
		call->b = call->a;
	else if (chance(random, 80) && strlen(call->a.path) < CALL_PATH - 4)
		sprintf(call->b.path, "%s/%s", call->a.path, random_name(random));
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

static void maybe_idmap(struct random *random, const struct known *known, struct call *call,
			uint32_t percent)
{
	if (chance(random, percent / 5))
		call->clear |= MODEL_ATTR_IDMAP;
	if (!chance(random, percent))
		return;
	call->set |= MODEL_ATTR_IDMAP;
	if (call->kind == CALL_SETATTR && chance(random, 70))
		call->a = at_any(random, known, call->task, 90);
	call->userns_of = (int8_t)task_that(random, known, true);
}

static uint32_t dullness(const struct known *known, const struct call *call)
{
	return known->userns_depth[call->task] && !(call->flags & MODEL_UMOUNT_DETACH) ? 50 : 97;
}

/* fspick(2) and what follows; the one statement of ops that no call is the same as. */
static void fill_reconfigure(struct random *random, const struct known *known, struct call *call)
{
	struct call_at at = at_mount(random, known, call->task);

	call->a = nowhere();
	snprintf(call->text, sizeof(call->text), "reconfigure %s %s",
		 *at.path == '/' ? at.path : "/a", chance(random, 30) ? "ro" : "rw");
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
		call->flags = chance(random, 30) ? random_mount_flags(random) : 0;
		break;
	case CALL_BIND:
		maybe_ns(random, known, &call->a, 8);
		/* fallthrough */
	case CALL_RBIND:
		call->b = at_path(random, known, task);
		/* Such a file can only be mounted on a file. */
		if (call->a.ns_of != CALL_NOTHING && chance(random, 70))
			at_file(random, &call->b);
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
		call->flags = random_type(random);
		if (chance(random, 3))
			call->flags |= random_type(random);
		if (chance(random, 2))
			call->flags |= MODEL_MS_NODEV;
		call->rec = chance(random, 30);
		break;
	case CALL_REMOUNT:
	case CALL_REMOUNT_FS:
		call->a = at_mount(random, known, task);
		call->flags = random_mount_flags(random);
		break;
	case CALL_UMOUNT:
		call->a = at_mount(random, known, task);
		call->flags = random_umount_flags(random);
		/* A world without "/", or with one to which nobody can write, is a dull one. */
		while (is_root_like(call->a.path) && chance(random, dullness(known, call)))
			call->a = at_path(random, known, task);
		break;
	case CALL_MOVE_MOUNT:
		fill_move_mount(random, known, call);
		break;
	case CALL_SETATTR:
		call->a = at_any(random, known, task, 30);
		random_setattr(random, call);
		maybe_idmap(random, known, call, 12);
		break;
	case CALL_OPEN_TREE:
		if (known->has_open_tree_attr && chance(random, 20)) {
			random_setattr(random, call);
			maybe_idmap(random, known, call, 35);
		}
		call->rec = chance(random, 60);
		call->a = at_any(random, known, task, 25);
		maybe_ns(random, known, &call->a, 5);
		call->file = (int8_t)open_file(random, known, task, false);
		break;
	case CALL_OPEN_WRITE:
		if (chance(random, 70))
			at_file(random, &call->a);
		/* fallthrough */
	case CALL_OPEN:
		call->file = (int8_t)open_file(random, known, task, false);
		break;
	case CALL_FSMOUNT:
		call->a = nowhere();
		random_setattr(random, call);
		call->rec = false;
		call->propagation = call->clear = 0;
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
	case CALL_OP:
		fill_reconfigure(random, known, call);
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
				     .userns_of = CALL_NOTHING,
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
