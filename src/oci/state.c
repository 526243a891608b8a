// SPDX-License-Identifier: Apache-2.0
/* The directory of a container: made, locked, read, removed. */
#include "oci/state_parts.h"
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Of a directory: sticky, as long as its container is being made. */
#define HALF_MADE (S_ISVTX | 0700)

static void remove_files(int dir)
{
	DIR *stream = io_open_dir(dir, ".");
	struct dirent *entry;

	while (stream && (entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    unlinkat(dir, entry->d_name, 0) < 0)
			unlinkat(dir, entry->d_name, AT_REMOVEDIR);
	if (stream)
		closedir(stream);
}

static char *now(void)
{
	struct timespec t;
	struct tm tm;
	char day[64];

	clock_gettime(CLOCK_REALTIME, &t);
	gmtime_r(&t.tv_sec, &tm);
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	return xasprintf("%s.%09ldZ", day, t.tv_nsec);
}

static int take(struct state *state, const char *root, struct err *err)
{
	struct stat st;

	if (state_open_root(root, true, &state->root, err) < 0)
		return -err->code;
	if (mkdirat(state->root, state->id, HALF_MADE) < 0)
		return errno == EEXIST ? err_say(err, EEXIST,
						 "container with id %s exists already: '%s/%s'",
						 state->id, root, state->id)
				       : err_set(err, errno, "make the state directory %s/%s", root,
						 state->id);
	state->dir =
		openat(state->root, state->id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* Until it is locked it looks as if its creator had died. */
	if (state->dir >= 0 && flock(state->dir, LOCK_EX) == 0 && fstat(state->dir, &st) == 0) {
		if (st.st_nlink)
			return 0;
		errno = ENOENT;
	}
	err_set(err, errno, "open the state directory %s/%s", root, state->id);
	unlinkat(state->root, state->id, AT_REMOVEDIR);
	return -err->code;
}

int state_new(const char *root, const char *id, const char *bundle, const struct config *config,
	      struct state *ret, struct err *err)
{
	struct state state = {
		.id = xstrdup(id),
		.bundle = xstrdup(bundle),
		.rootfs = xstrdup(config->spec.root),
		.version = xstrdup(config->version),
		.created = now(),
		.dir = -1,
		.root = -1,
		.annotations = json_incref(json_object_get(config->json, "annotations")),
	};
	int rc = take(&state, root, err);

	if (rc < 0) {
		state_done(&state);
		return rc;
	}
	*ret = state;
	return 0;
}

static int not_there(const char *id, struct err *err)
{
	return err_say(err, ENOENT, "container %s does not exist", id);
}

static int lock_dir(int dir, enum state_lock lock)
{
	if (lock == STATE_SEIZE)
		return state_seize(dir);
	return lock == STATE_LOCK && flock(dir, LOCK_EX) < 0 ? -errno : 0;
}

/* Its directory, which is the lock. */
static int open_directory(struct state *state, const char *root, enum state_lock lock,
			  struct err *err)
{
	struct stat st;
	int rc = state_open_root(root, false, &state->root, err);

	if (rc < 0 && rc != -ENOENT)
		return rc;
	if (rc == 0)
		state->dir = openat(state->root, state->id,
				    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (rc < 0 || (state->dir < 0 && errno == ENOENT))
		return not_there(state->id, err);
	rc = state->dir < 0 ? -errno : lock_dir(state->dir, lock);
	if (rc == 0 && fstat(state->dir, &st) < 0)
		rc = -errno;
	if (rc == -EWOULDBLOCK)
		return err_say(err, EBUSY,
			       "container %s: the process that works on it does not end",
			       state->id);
	if (rc < 0)
		return err_set(err, -rc, "state directory %s/%s", root, state->id);
	state->owner = st.st_uid;
	/* One who waited for the lock may find that the container was deleted meanwhile. */
	return st.st_nlink ? 0 : not_there(state->id, err);
}

int state_open(const char *root, const char *id, enum state_lock lock, struct state *ret,
	       struct err *err)
{
	struct state state = {.dir = -1, .root = -1};

	if (state_check_id(id, err) < 0)
		return -err->code;
	state.id = xstrdup(id);
	int rc = open_directory(&state, root, lock, err);
	if (rc < 0) {
		state_done(&state);
		return rc;
	}
	state_read_record(&state);
	*ret = state;
	return 0;
}

void state_made(const struct state *state)
{
	fchmod(state->dir, HALF_MADE & ~S_ISVTX);
}

bool state_is_abandoned(const struct state *state)
{
	struct stat st;

	return fstat(state->dir, &st) == 0 && (st.st_mode & S_ISVTX) &&
	       flock(state->dir, LOCK_EX | LOCK_NB) == 0;
}

void state_unlock(const struct state *state)
{
	if (state->dir >= 0)
		flock(state->dir, LOCK_UN);
}

bool state_lock_again(const struct state *state)
{
	struct stat st;

	if (state->dir < 0)
		return false;
	while (flock(state->dir, LOCK_EX) < 0 && errno == EINTR)
		;
	return fstat(state->dir, &st) < 0 || st.st_nlink;
}

int state_remove(struct state *state)
{
	if (state->dir < 0)
		return 0;
	unlinkat(state->dir, "state.json", 0);
	unlinkat(state->dir, "config.json", 0);
	/* Mostly that is all. */
	if (unlinkat(state->root, state->id, AT_REMOVEDIR) == 0)
		return 0;
	remove_files(state->dir);
	return unlinkat(state->root, state->id, AT_REMOVEDIR) < 0 && errno != ENOENT ? -errno : 0;
}

void state_done(struct state *state)
{
	char *strings[] = {state->id,	  state->bundle,  state->created,
			   state->rootfs, state->version, state->unit};

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		free(strings[i]);
	json_decref(state->annotations);
	strv_done(&state->cgroups);
	auto_close(&state->dir);
	auto_close(&state->root);
	*state = (struct state){.dir = -1, .root = -1};
}
