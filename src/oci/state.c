// SPDX-License-Identifier: Apache-2.0
/* The directory of a container: made, locked, read, removed. */
#include "oci/state.h"
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define STATE_MAX (1 << 20)
/* Of a directory: sticky, as long as its container is being made. */
#define HALF_MADE (S_ISVTX | 0700)

int state_check_id(const char *id, struct err *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+.-";
	size_t len = strlen(id);

	if (!len || len > 255 || strspn(id, allowed) != len || *id == '.' || *id == '-')
		return err_say(err, EINVAL,
			       "'%s' cannot be a container's id: expected up to 255 of A-Z a-z "
			       "0-9 _ + - and dot, the last two not first",
			       id);
	return 0;
}

static int open_root(const char *root, bool create)
{
	AUTO_FREE char *path = xstrdup(root);
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	create &= fd < 0 && errno == ENOENT;
	if (!create)
		return fd < 0 ? -errno : fd;
	for (char *at = path; (at = strchr(at + 1, '/'));) {
		*at = 0;
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return -errno;
		*at = '/';
	}
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Whoever else may write there says which processes are ended. */
static int check_root(int fd, const char *root, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_set(err, errno, "state directory %s", root);
	if (st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH))
		return err_say(err, EPERM,
			       "state directory %s: it must be owned by user %u, and no other may "
			       "write there",
			       root, geteuid());
	return 0;
}

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

static int write_file(int dir, const char *name, const char *text, size_t len)
{
	AUTO_FREE char *fresh = xasprintf(".%s", name);
	AUTO_FD int fd =
		openat(dir, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	int rc = io_write_all(fd, text, len);
	if (rc == 0 && renameat(dir, fresh, dir, name) < 0)
		rc = -errno;
	if (rc < 0)
		unlinkat(dir, fresh, 0);
	return rc;
}

static int write_config(const struct state *state, const struct config *config, struct err *err)
{
	AUTO_FREE char *text = json_dumps(config->json, JSON_COMPACT);
	int rc = text ? write_file(state->dir, "config.json", text, strlen(text)) : -EINVAL;

	return rc < 0 ? err_set(err, -rc, "write the configuration of container %s", state->id) : 0;
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

	state->root = open_root(root, true);
	if (state->root < 0)
		return err_set(err, -state->root, "state directory %s", root);
	if (check_root(state->root, root, err) < 0)
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

	if (rc == 0) {
		rc = write_config(&state, config, err);
		if (rc < 0)
			state_remove(&state);
	}
	if (rc < 0) {
		state_done(&state);
		return rc;
	}
	*ret = state;
	return 0;
}

int state_save(const struct state *state, struct err *err)
{
	json_t *json = json_pack("{s:s s:s s:s s:s s:s s:i s:I s:O* s:s*}", "ociVersion",
				 state->version, "id", state->id, "bundle", state->bundle, "rootfs",
				 state->rootfs, "created", state->created, "pid", (int)state->pid,
				 "born", (json_int_t)state->born, "annotations", state->annotations,
				 "unit", state->unit);
	json_t *cgroups = json_array();

	for (size_t i = 0; i < state->cgroups.n; i++)
		json_array_append_new(cgroups, json_string(state->cgroups.v[i]));
	json_object_set_new(json, "cgroups", cgroups);
	AUTO_FREE char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	int rc = text ? write_file(state->dir, "state.json", text, strlen(text)) : -EINVAL;
	return rc < 0 ? err_set(err, -rc, "write the state of container %s", state->id) : 0;
}

static char *text_of(json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return xstrdup(text ? text : "");
}

/* A damaged record says nothing, as one that is missing: the container can still be deleted. */
static void read_record(struct state *state)
{
	AUTO(buf) struct buf text = {0};
	json_t *json = NULL, *cgroups;
	int rc = io_read_file(state->dir, "state.json", STATE_MAX, &text, NULL);

	if (rc == 0)
		json = json_loadb(text.data, text.len, 0, NULL);
	else if (rc != -ENOENT)
		state->unread = -rc;
	state->version = text_of(json, "ociVersion");
	state->bundle = text_of(json, "bundle");
	state->rootfs = text_of(json, "rootfs");
	state->created = text_of(json, "created");
	state->pid = (pid_t)json_integer_value(json_object_get(json, "pid"));
	state->born = (uint64_t)json_integer_value(json_object_get(json, "born"));
	state->annotations = json_incref(json_object_get(json, "annotations"));
	if (state->pid <= 0)
		state_read_spare(state);
	if (json_object_get(json, "unit"))
		state->unit = text_of(json, "unit");
	cgroups = json_object_get(json, "cgroups");
	for (size_t i = 0; i < json_array_size(cgroups); i++)
		if (json_string_value(json_array_get(cgroups, i)))
			strv_add(&state->cgroups, json_string_value(json_array_get(cgroups, i)));
	json_decref(json);
}

static int none(const char *id, struct err *err)
{
	return err_say(err, ENOENT, "container %s does not exist", id);
}

static int lock_dir(int dir, enum state_lock lock)
{
	if (lock == STATE_SEIZE)
		return state_seize(dir);
	return lock == STATE_LOCK && flock(dir, LOCK_EX) < 0 ? -errno : 0;
}

int state_open(const char *root, const char *id, enum state_lock lock, struct state *ret,
	       struct err *err)
{
	struct state state = {.dir = -1, .root = -1};
	struct stat st;

	int rc = state_check_id(id, err);
	if (rc < 0)
		return rc;
	state.root = open_root(root, false);
	if (state.root >= 0)
		rc = check_root(state.root, root, err);
	if (rc < 0) {
		state_done(&state);
		return rc;
	}
	if (state.root < 0)
		errno = -state.root;
	else
		state.dir = openat(state.root, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (state.dir < 0 && errno == ENOENT) {
		state_done(&state);
		return none(id, err);
	}
	rc = state.dir < 0 ? -errno : lock_dir(state.dir, lock);
	if (rc == 0 && fstat(state.dir, &st) < 0)
		rc = -errno;
	if (rc < 0) {
		state_done(&state);
		return rc == -EWOULDBLOCK
			       ? err_say(err, EBUSY,
					 "container %s: the process that works on it does not end",
					 id)
			       : err_set(err, -rc, "state directory %s/%s", root, id);
	}
	/* One who waited for the lock may find that the container was deleted meanwhile. */
	if (!st.st_nlink) {
		state_done(&state);
		return none(id, err);
	}
	state.id = xstrdup(id);
	state.owner = st.st_uid;
	read_record(&state);
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

int state_config(const struct state *state, const char *kept, struct config *ret, struct err *err)
{
	AUTO(buf) struct buf text = {0};
	json_t *json;

	if (io_read_file(state->dir, "config.json", 16 << 20, &text, err) < 0)
		return err_add(err, "configuration of container %s", state->id);
	json = json_loadb(text.data, text.len, 0, NULL);
	if (!json)
		return err_say(err, EINVAL, "the configuration of container %s is damaged",
			       state->id);
	return config_parse(json, state->bundle, kept, ret, err);
}

int state_list(const char *root, struct strv *ret, struct err *err)
{
	struct dirent **names;
	int n = scandir(root, &names, NULL, alphasort);

	if (n < 0)
		return errno == ENOENT ? 0 : err_set(err, errno, "state directory %s", root);
	for (int i = 0; i < n; i++) {
		if (state_check_id(names[i]->d_name, NULL) == 0)
			strv_add(ret, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return 0;
}
