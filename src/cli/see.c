// SPDX-License-Identifier: Apache-2.0
/* Where to look, and which namespace a name means. */
#include "cli/see.h"
#include "base/mem.h"
#include "read/snapshot.h"
#include "sys/uapi.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

int see_set_from(void *ctx, const struct option *option, const char *value, struct err *err)
{
	((struct see_args *)ctx)->from = value;
	return 0;
}

static int read_file(const char *file, struct mnt_world *ret, struct err *err)
{
	return snapshot_load(strcmp(file, "-") ? file : NULL, ret, err);
}

static void tell(const char *gap)
{
	AUTO_FREE char *text = str_printable(gap);

	fprintf(stderr, "mntns: %s\n", text);
}

void see_tell_gaps(const struct mnt_world *world, size_t first)
{
	for (size_t i = first; i < world->gaps.n; i++)
		tell(world->gaps.v[i]);
}

int see_world(const struct see_args *args, unsigned flags, struct mnt_world *ret, struct err *err)
{
	int rc = args->from ? read_file(args->from, ret, err) : scan_world(flags, ret, err);

	if (rc == 0)
		see_tell_gaps(ret, 0);
	for (uint32_t i = 0; rc == 0 && i < ret->n_ns; i++)
		if (ret->ns[i].gap)
			tell(ret->ns[i].gap);
	return rc;
}

/* INODE or mnt:[INODE]; 0: it is neither. Inode numbers of namespaces are larger than any PID. */
static uint64_t parse_inode(const char *name)
{
	AUTO_FREE char *number = NULL;
	size_t len = strlen(name);
	uint64_t inode;

	if (str_starts(name, "mnt:[") && name[len - 1] == ']')
		number = xstrndup(name + 5, len - 6);
	if (str_to_u64(number ? number : name, UINT32_MAX, &inode, NULL) < 0)
		return 0;
	return number || inode > INT_MAX ? inode : 0;
}

/* 0: it is no PID. */
static pid_t parse_pid(const char *name)
{
	uint64_t pid;

	if (!strcmp(name, "self"))
		return getpid();
	if (!strcmp(name, "host"))
		return 1;
	return str_to_u64(name, INT_MAX, &pid, NULL) < 0 ? 0 : (pid_t)pid;
}

static bool is_container(const struct mnt_ns *ns, const struct mnt_world *world, const char *name)
{
	const char *id = ns->n_procs ? world->procs[ns->procs[0]].container : NULL;

	return id && strlen(name) >= 4 && str_starts(id, name);
}

static uint32_t find_process(const struct mnt_world *world, pid_t pid)
{
	for (uint32_t i = 0; i < world->n_procs; i++)
		if (world->procs[i].tid == pid)
			return world->procs[i].ns;
	return MAP_NONE;
}

static uint32_t find_inode_of(const struct mnt_world *world, const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? mnt_world_find(world, st.st_ino) : MAP_NONE;
}

static int find_by_name(const struct mnt_world *world, const char *name, uint32_t *ret_ns,
			struct err *err)
{
	uint32_t found = MAP_NONE;

	for (uint32_t i = 0; i < world->n_ns; i++) {
		const struct mnt_ns *ns = &world->ns[i];
		if (ns->name && !strcmp(ns->name, name)) {
			*ret_ns = i;
			return 0;
		}
		if (!is_container(ns, world, name))
			continue;
		if (found != MAP_NONE)
			return err_say(err, EINVAL,
				       "'%s' begins the ids of several containers; give more of it",
				       name);
		found = i;
	}
	if (found == MAP_NONE)
		return err_say(err, ENOENT,
			       "there is no mount namespace '%s': expected a PID, self, host, "
			       "mnt:[INODE], a pin's name, the path of an nsfs file or a "
			       "container's id",
			       name);
	*ret_ns = found;
	return 0;
}

int see_find(const struct mnt_world *world, const char *name, uint32_t *ret_ns, struct err *err)
{
	uint64_t inode = parse_inode(name);
	pid_t pid = parse_pid(name);
	bool is_self = !strcmp(name, "self") && world->self != MAP_NONE;

	if (!inode && !pid && !strchr(name, '/'))
		return find_by_name(world, name, ret_ns, err);
	*ret_ns = is_self ? world->self
		  : inode ? mnt_world_find(world, inode)
		  : pid	  ? find_process(world, pid)
			  : find_inode_of(world, name);
	if (*ret_ns != MAP_NONE)
		return 0;
	return err_say(err, ENOENT,
		       pid && !inode ? "no process %s is in sight"
				     : "there is no mount namespace '%s'",
		       name);
}

static bool is_nsfs(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && fs.f_type == NSFS_MAGIC;
}

/* A path; or what can be nothing else than a file of the working directory. */
static bool is_path_name(const char *name)
{
	struct stat st;

	return strchr(name, '/') || (!parse_pid(name) && !parse_inode(name) &&
				     stat(name, &st) == 0 && S_ISREG(st.st_mode));
}

/* The only namespace there is, or the one that the snapshot was taken from. */
static int only(const struct mnt_world *world, uint32_t *ret_ns, struct err *err)
{
	*ret_ns = world->self != MAP_NONE ? world->self : 0;
	return world->n_ns ? 0 : err_say(err, ENOENT, "there is no namespace in it");
}

static int see_live(const char *name, struct mnt_world *ret, uint32_t *ret_ns, struct err *err)
{
	pid_t pid = name ? parse_pid(name) : getpid();
	bool is_path = name && is_path_name(name);

	if (is_path && !is_nsfs(name)) {
		int rc = read_file(name, ret, err);
		return rc < 0 ? rc : only(ret, ret_ns, err);
	}
	if (is_path || (pid && !(name && parse_inode(name)))) {
		*ret_ns = 0;
		return scan_one(is_path ? 0 : pid, is_path ? name : NULL, ret, err);
	}
	int rc = scan_world(SCAN_TABLES, ret, err);
	return rc < 0 ? rc : see_find(ret, name, ret_ns, err);
}

int see_one(const struct see_args *args, const char *name, struct mnt_world *ret, uint32_t *ret_ns,
	    struct err *err)
{
	int rc;

	*ret = (struct mnt_world){.self = MAP_NONE};
	if (!args->from) {
		rc = see_live(name, ret, ret_ns, err);
	} else {
		rc = read_file(args->from, ret, err);
		if (rc == 0)
			rc = name ? see_find(ret, name, ret_ns, err) : only(ret, ret_ns, err);
	}
	if (rc == 0 && !ret->ns[*ret_ns].has_table)
		rc = err_say(err, EACCES, "%s",
			     ret->ns[*ret_ns].gap ? ret->ns[*ret_ns].gap : "it has no table");
	if (rc < 0)
		mnt_world_done(ret);
	return rc;
}
