// SPDX-License-Identifier: Apache-2.0
/*
 * /proc/PID/maps: START-END PERMISSIONS OFFSET MAJOR:MINOR INODE PATH, numbers but the inode's in
 * hexadecimal. The kernel takes longer to write these files than for all else that is asked of a
 * process, so they are read by a few threads at once, and only lines of wanted devices are kept.
 */
#include "read/maps.h"
#include "base/mem.h"
#include "sys/uapi.h"

#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define THREADS_MAX 4
#define CHUNK	    65536

struct line {
	uint64_t start, end, inode;
	uint32_t major, minor;
	const char *path; /* to the end of the line */
};

/* A number and the character behind it. */
static uint64_t number(const char **s, unsigned base)
{
	uint64_t value = 0;

	for (;; ++*s) {
		char c = **s;
		unsigned digit = c >= '0' && c <= '9'	? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
							: base;
		if (digit >= base)
			break;
		value = value * base + digit;
	}
	*s += **s != 0 && **s != '\n';
	return value;
}

/* False: it maps no file. */
static bool parse(const char *s, struct line *ret)
{
	ret->start = number(&s, 16);
	ret->end = number(&s, 16);
	s += strcspn(s, " \n");
	s += *s == ' ';
	number(&s, 16);
	ret->major = (uint32_t)number(&s, 16);
	ret->minor = (uint32_t)number(&s, 16);
	ret->inode = number(&s, 10);
	s += strspn(s, " ");
	ret->path = s;
	return ret->inode && *s == '/';
}

static uint64_t device(uint32_t major, uint32_t minor)
{
	return (uint64_t)major << 32 | minor;
}

/* Lines of one file, whole ones. */
struct reader {
	int fd;
	char *text; /* CHUNK bytes and a NUL */
	size_t at, len;
};

static bool fill(struct reader *r)
{
	memmove(r->text, r->text + r->at, r->len - r->at);
	r->len -= r->at;
	r->at = 0;
	ssize_t n = read(r->fd, r->text + r->len, CHUNK - r->len);
	r->len += n > 0 ? (size_t)n : 0;
	r->text[r->len] = 0;
	return n > 0;
}

/* NULL: there are no more. */
static const char *next_line(struct reader *r)
{
	char *end;

	while (!(end = memchr(r->text + r->at, '\n', r->len - r->at)))
		if (!fill(r))
			return NULL;
	const char *line = r->text + r->at;
	r->at = (size_t)(end + 1 - r->text);
	return line;
}

static bool open_maps(struct reader *r, pid_t pid)
{
	char name[40];

	snprintf(name, sizeof(name), "/proc/%d/maps", pid);
	r->fd = open(name, O_RDONLY | O_CLOEXEC);
	r->at = r->len = 0;
	r->text[0] = 0;
	return r->fd >= 0;
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
static char *path_of(const char *text)
{
	char *path = xstrndup(text, strcspn(text, "\n"));

	for (char *c = path; (c = strstr(c, "\\012")); c++) {
		*c = '\n';
		memmove(c + 1, c + 4, strlen(c + 4) + 1);
	}
	return path;
}

struct maps {
	const struct mnt_world *world;
	const struct map *devices;
	atomic_uint next; /* process that nobody has taken yet */
};
struct worker {
	struct maps *maps;
	struct reader reader;
	struct mnt_use *uses; /* with paths of their own */
	uint32_t n;
	pthread_t thread;
};

/* Maps of one file follow each other, as the loader makes them. */
static void read_process(struct worker *w, uint32_t proc)
{
	pid_t pid = w->maps->world->procs[proc].tid;
	const struct map *devices = w->maps->devices;
	struct line line, last = {0};
	const char *text;

	if (!open_maps(&w->reader, pid))
		return;
	while ((text = next_line(&w->reader))) {
		if (!parse(text, &line) || (line.inode == last.inode && line.major == last.major &&
					    line.minor == last.minor))
			continue;
		last = line;
		if (devices && map_get(devices, device(line.major, line.minor)) == MAP_NONE)
			continue;
		VEC_PUSH(w->uses, w->n,
			 (struct mnt_use){
				 .proc = proc,
				 .kind = MNT_USE_MAP,
				 .fd = -1,
				 .mount = mount_of(pid, &line),
				 .major = line.major,
				 .minor = line.minor,
				 .path = path_of(line.path),
			 });
	}
	close(w->reader.fd);
}

/* A thread with a namespace of its own has the memory of its process. */
static void *work(void *ctx)
{
	struct worker *w = ctx;
	const struct mnt_world *world = w->maps->world;
	uint32_t i;

	w->reader.text = xrealloc(NULL, CHUNK + 1, 1);
	while ((i = atomic_fetch_add(&w->maps->next, 1)) < world->n_procs)
		if (world->procs[i].pid == world->procs[i].tid)
			read_process(w, i);
	free(w->reader.text);
	return NULL;
}

static int by_process(const void *a, const void *b)
{
	const struct mnt_use *const *x = a, *const *y = b;

	if ((*x)->proc != (*y)->proc)
		return (*x)->proc < (*y)->proc ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

/* What was there stands first; of one process all maps are one worker's, in their order. */
static void merge(struct mnt_world *world, struct worker *workers, size_t n_workers)
{
	uint32_t total = world->n_uses, n = 0;

	for (size_t i = 0; i < n_workers; i++)
		total += workers[i].n;
	struct mnt_use *all = xcalloc(total + 1, sizeof(*all)),
		       *merged = xcalloc(total + 1, sizeof(*all));
	const struct mnt_use **order = xcalloc(total + 1, sizeof(*order));
	for (; n < world->n_uses; n++)
		all[n] = world->uses[n];
	for (size_t i = 0; i < n_workers; i++)
		for (uint32_t k = 0; k < workers[i].n; k++, n++) {
			all[n] = workers[i].uses[k];
			all[n].path = arena_str(&world->text, all[n].path);
			free((char *)workers[i].uses[k].path);
		}
	for (uint32_t i = 0; i < total; i++)
		order[i] = &all[i];
	qsort(order, total, sizeof(*order), by_process);
	for (uint32_t i = 0; i < total; i++)
		merged[i] = *order[i];
	free(order);
	free(all);
	free(world->uses);
	world->uses = merged;
	world->n_uses = total;
}

static size_t count_workers(const struct mnt_world *world)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t most = cpus < 1 ? 1 : cpus > THREADS_MAX ? THREADS_MAX : (size_t)cpus;

	return world->n_procs < 64 ? 1 : most;
}

void maps_scan(struct mnt_world *world, const struct map *devices)
{
	struct maps maps = {.world = world, .devices = devices};
	struct worker workers[THREADS_MAX] = {0};
	size_t n = count_workers(world), started = 1;

	for (size_t i = 0; i < n; i++)
		workers[i].maps = &maps;
	/* Where no thread can be had, this one does all. */
	while (started < n &&
	       pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
		started++;
	work(&workers[0]);
	for (size_t i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	merge(world, workers, started);
	for (size_t i = 0; i < started; i++)
		free(workers[i].uses);
}

bool maps_has(pid_t pid, uint32_t major, uint32_t minor)
{
	AUTO_FREE char *text = xrealloc(NULL, CHUNK + 1, 1);
	struct reader reader = {.text = text};
	const char *found = NULL;
	struct line line;

	if (!open_maps(&reader, pid))
		return false;
	while ((found = next_line(&reader)))
		if (parse(found, &line) && line.major == major && line.minor == minor)
			break;
	close(reader.fd);
	return found;
}
