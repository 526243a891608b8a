// SPDX-License-Identifier: Apache-2.0
/* /proc/PID/maps: START-END PERMISSIONS OFFSET MAJOR:MINOR INODE PATH, numbers but the inode's in
 * hexadecimal. */
#include "read/maps.h"
#include "base/mem.h"
#include "sys/uapi.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct line {
	uint64_t start, end, inode;
	uint32_t major, minor;
	const char *path;
};

/* False: it maps no file. */
static bool parse(const char *text, struct line *ret)
{
	int path = 0;

	if (sscanf(text, "%" SCNx64 "-%" SCNx64 " %*s %*x %x:%x %" SCNu64 " %n", &ret->start,
		   &ret->end, &ret->major, &ret->minor, &ret->inode, &path) < 5 ||
	    !path || !ret->inode)
		return false;
	ret->path = text + path;
	return true;
}

static uint64_t device(uint32_t major, uint32_t minor)
{
	return (uint64_t)major << 32 | minor;
}

static FILE *open_maps(pid_t pid)
{
	char name[40];

	snprintf(name, sizeof(name), "/proc/%d/maps", pid);
	return fopen(name, "re");
}

static uint32_t mount_of(pid_t pid, const struct line *line)
{
	char name[96];
	struct statx st;

	snprintf(name, sizeof(name), "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, pid, line->start,
		 line->end);
	if (statx(AT_FDCWD, name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_MNT_ID, &st) < 0)
		return 0;
	return st.stx_mask & STATX_MNT_ID ? (uint32_t)st.stx_mnt_id : 0;
}

/* Only a newline is escaped, as \012; a name with a backslash of its own is left as it is. */
static const char *path_of(struct mnt_world *world, const char *text)
{
	AUTO_FREE char *path = xstrndup(text, strcspn(text, "\n"));

	for (char *c = path; (c = strstr(c, "\\012")); c++) {
		*c = '\n';
		memmove(c + 1, c + 4, strlen(c + 4) + 1);
	}
	return arena_str(&world->text, path);
}

struct maps {
	struct mnt_world *world;
	const struct map *devices;
	struct mnt_use *uses;
	uint32_t n;
};

/* Maps of one file follow each other, as the loader makes them. */
static void add_process(struct maps *maps, uint32_t proc)
{
	pid_t pid = maps->world->procs[proc].tid;
	FILE *file = open_maps(pid);
	AUTO_FREE char *text = NULL;
	size_t size = 0;
	struct line line, last = {0};

	while (file && getline(&text, &size, file) > 0) {
		if (!parse(text, &line) || (line.inode == last.inode && line.major == last.major &&
					    line.minor == last.minor))
			continue;
		last = line;
		if (maps->devices &&
		    map_get(maps->devices, device(line.major, line.minor)) == MAP_NONE)
			continue;
		VEC_PUSH(maps->uses, maps->n,
			 (struct mnt_use){
				 .proc = proc,
				 .kind = MNT_USE_MAP,
				 .fd = -1,
				 .mount = mount_of(pid, &line),
				 .major = line.major,
				 .minor = line.minor,
				 .path = path_of(maps->world, line.path),
			 });
	}
	if (file)
		fclose(file);
}

/* Both are in the order of processes, and so is what they become. */
static void merge(struct mnt_world *world, const struct maps *maps)
{
	uint32_t total = world->n_uses + maps->n, a = 0, b = 0;
	struct mnt_use *merged = xrealloc(NULL, total + 1, sizeof(*merged));

	for (uint32_t i = 0; i < total; i++) {
		bool first = b == maps->n ||
			     (a < world->n_uses && world->uses[a].proc <= maps->uses[b].proc);
		merged[i] = first ? world->uses[a++] : maps->uses[b++];
	}
	free(world->uses);
	world->uses = merged;
	world->n_uses = total;
}

/* A thread with a namespace of its own has the memory of its process. */
void maps_scan(struct mnt_world *world, const struct map *devices)
{
	struct maps maps = {.world = world, .devices = devices};

	for (uint32_t i = 0; i < world->n_procs; i++)
		if (world->procs[i].pid == world->procs[i].tid)
			add_process(&maps, i);
	if (maps.n)
		merge(world, &maps);
	free(maps.uses);
}

bool maps_has(pid_t pid, uint32_t major, uint32_t minor)
{
	FILE *file = open_maps(pid);
	AUTO_FREE char *text = NULL;
	size_t size = 0;
	struct line line;
	bool found = false;

	while (file && !found && getline(&text, &size, file) > 0)
		found = parse(text, &line) && line.major == major && line.minor == minor;
	if (file)
		fclose(file);
	return found;
}
