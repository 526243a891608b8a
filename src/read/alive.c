// SPDX-License-Identifier: Apache-2.0
/* Signs of life that are files. Each is looked for only if there is a mount that asks for it. */
#include "read/alive.h"
#include "base/io.h"
#include "base/mem.h"
#include "mnt/owner.h"
#include "sys/uapi.h"

#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 32

/* Where an owner of this kind leaves something as long as it lives; %s is its name. */
static const struct {
	enum mnt_leak_kind kind;
	const char *path;
} states[] = {
	{MNT_LEAK_CONTAINER, "/run/runc/%s"},
	{MNT_LEAK_CONTAINER, "/run/crun/%s"},
	{MNT_LEAK_CONTAINER, "/run/containerd/runc/*/%s"},
	{MNT_LEAK_CONTAINER, "/run/containerd/io.containerd.runtime.v2.task/*/%s/init.pid"},
	{MNT_LEAK_CONTAINER, "/run/docker/runtime-*/moby/%s"},
	{MNT_LEAK_CONTAINER, "/run/user/*/runc/%s"},
	{MNT_LEAK_CONTAINER, "/run/user/*/crun/%s"},
	{MNT_LEAK_UNIT, "/run/systemd/units/invocation:%s"},
	{MNT_LEAK_USER, "/run/systemd/users/%s"},
	{MNT_LEAK_SNAP, "/snap/%s"},
	{MNT_LEAK_SNAP, "/var/lib/snapd/snap/%s"},
};

struct signs {
	struct mnt_world *world;
	struct map names; /* hash of a kind and a name: it has a cgroup */
	struct map nets;  /* inodes of network namespaces with processes */
	bool has_cgroups, has_nets;
};

static uint64_t key(enum mnt_leak_kind kind, const char *name)
{
	return map_hash((uint64_t)kind + 1, name, strlen(name));
}

static void add(struct signs *signs, enum mnt_leak_kind kind, const char *name)
{
	if (name)
		map_add(&signs->names, key(kind, name), 1);
}

/* The directory's own name and those above it, as far as they name an owner. */
static void add_owner(struct signs *signs, const char *path)
{
	AUTO(arena) struct arena text = {0};
	struct mnt_owner owner = mnt_owner_parse(path, &text);

	add(signs, MNT_LEAK_UNIT, owner.unit);
	add(signs, MNT_LEAK_CONTAINER, owner.container);
	add(signs, MNT_LEAK_POD, owner.pod);
}

static void walk(struct signs *signs, int at, const char *name, struct buf *path, int depth)
{
	DIR *list = io_open_dir(at, name);
	size_t len = path->len;
	struct dirent *entry;

	while (list && depth < DEPTH_MAX && (entry = readdir(list))) {
		if (entry->d_type != DT_DIR || *entry->d_name == '.')
			continue;
		buf_addf(path, "/%s", entry->d_name);
		add_owner(signs, path->data);
		walk(signs, dirfd(list), entry->d_name, path, depth + 1);
		path->len = len;
		path->data[len] = 0;
	}
	if (list)
		closedir(list);
}

/* Of the older hierarchies those in which every engine makes its groups. */
static bool is_hierarchy(const struct mnt *mnt)
{
	return !strcmp(mnt->fstype, "cgroup2") ||
	       (!strcmp(mnt->fstype, "cgroup") &&
		(strstr(mnt->options, "name=systemd") || strstr(mnt->options, "pids") ||
		 strstr(mnt->options, "memory")));
}

static void find_cgroups(struct signs *signs)
{
	const struct mnt_world *world = signs->world;
	const struct mnt_table *table =
		world->self == MAP_NONE ? NULL : &world->ns[world->self].table;

	for (size_t i = 0; table && i < table->n; i++) {
		AUTO(buf) struct buf path = {0};
		if (!is_hierarchy(&table->v[i]))
			continue;
		buf_add(&path, "", 0);
		walk(signs, AT_FDCWD, table->v[i].target, &path, 0);
		signs->has_cgroups = true;
	}
}

static void find_nets(struct signs *signs)
{
	signs->has_nets = true;
	for (uint32_t i = 0; i < signs->world->n_procs; i++) {
		AUTO_FREE char *path = xasprintf("/proc/%d/ns/net", signs->world->procs[i].tid);
		struct stat st;
		if (stat(path, &st) == 0)
			map_add(&signs->nets, st.st_ino, 1);
	}
}

/* NULL: it has none. A name with glob's own characters is no name of a container or unit. */
static char *find_state(const struct mnt_leak *leak)
{
	char *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(states) && !found; i++) {
		AUTO(buf) struct buf pattern = {0};
		glob_t matches = {0};
		if (states[i].kind != leak->kind || strpbrk(leak->owner, "*?[\\"))
			continue;
		const char *hole = strstr(states[i].path, "%s");
		buf_add(&pattern, states[i].path, (size_t)(hole - states[i].path));
		buf_adds(&pattern, leak->owner);
		buf_adds(&pattern, hole + 2);
		if (glob(pattern.data, GLOB_NOSORT, NULL, &matches) == 0)
			found = xstrdup(matches.gl_pathv[0]);
		globfree(&matches);
	}
	return found;
}

/* "net:[4026532177]" */
static bool has_processes(struct signs *signs, const struct mnt_leak *leak)
{
	const struct mnt *mnt = &signs->world->ns[leak->ns].table.v[leak->mount];
	const char *end = strchr(mnt->root, ']');
	uint64_t inode;

	if (!str_starts(mnt->root, "net:[") || !end)
		return true; /* it is something else */
	if (!signs->has_nets)
		find_nets(signs);
	AUTO_FREE char *number = xstrndup(mnt->root + 5, (size_t)(end - mnt->root) - 5);
	return str_to_u64(number, UINT32_MAX, &inode, NULL) < 0 ||
	       map_get(&signs->nets, inode) != MAP_NONE;
}

static bool is_alive(void *ctx, const struct mnt_leak *leak, const char **ret_evidence)
{
	struct signs *signs = ctx;

	if (leak->kind == MNT_LEAK_DIRECTORY || leak->kind == MNT_LEAK_NAMESPACE ||
	    leak->kind == MNT_LEAK_ROOT)
		return false;
	if (leak->kind == MNT_LEAK_NETNS) {
		*ret_evidence = "no process is in this network namespace";
		return has_processes(signs, leak);
	}
	AUTO_FREE char *state = find_state(leak);
	if (state || map_get(&signs->names, key(leak->kind, leak->owner)) != MAP_NONE)
		return true;
	*ret_evidence = leak->kind == MNT_LEAK_SNAP ? "no such snap is installed"
			: leak->kind == MNT_LEAK_POD
				? signs->has_cgroups ? "no cgroup" : "cgroups are out of sight"
			: signs->has_cgroups ? "no cgroup, no state in /run"
					     : "no state in /run; cgroups are out of sight";
	return false;
}

void alive_filter(struct mnt_world *world, struct mnt_leaks *leaks)
{
	struct signs signs = {.world = world};

	if (leaks->n)
		find_cgroups(&signs);
	mnt_leaks_filter(leaks, is_alive, &signs);
	map_done(&signs.names);
	map_done(&signs.nets);
}

bool alive_sees_all(void)
{
	struct stat st;

	/* Another user's PID 1 is what hidepid hides first. */
	return stat("/proc/self/ns/pid", &st) == 0 && st.st_ino == INITIAL_PID_NS &&
	       access("/proc/1/cgroup", R_OK) == 0;
}
