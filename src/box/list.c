// SPDX-License-Identifier: Apache-2.0
/* The boxes that run, from their records: those that somebody holds. */
#include "base/mem.h"
#include "box/box.h"
#include "box/journal_parts.h"
#include "box/record.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

/* An entry for the box of this name; false: it has ended, or never was. */
static bool read_entry(int dirfd, const char *name, struct box_entry *ret)
{
	AUTO_FD int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct record record;

	/* A lock that can be had is one that nobody holds; it ends with the descriptor. */
	if (fd < 0 || flock(fd, LOCK_SH | LOCK_NB) == 0)
		return false;
	if (record_read(fd, name, &record) < 0) {
		record_done(&record);
		return false;
	}
	*ret = (struct box_entry){
		.name = xstrdup(name),
		.pid = record.pid,
		.root = record.root,
		.command = record.command,
		.cgroups = record.cgroups,
	};
	return true;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct box_entry *)a)->name, ((const struct box_entry *)b)->name);
}

int box_list(struct box_list *ret, struct err *err)
{
	AUTO(err) struct err why = {0};
	int dirfd = journal_dir(false, &why);
	DIR *stream = dirfd >= 0 ? fdopendir(dirfd) : NULL;
	struct dirent *entry;

	*ret = (struct box_list){0};
	/* No directory yet, no box yet. */
	if (dirfd == -ENOENT)
		return 0;
	if (!stream)
		return err_say(err, why.code, "%s", why.msg);
	while ((entry = readdir(stream))) {
		struct box_entry box;
		if (journal_name_is_valid(entry->d_name) && read_entry(dirfd, entry->d_name, &box))
			VEC_PUSH(ret->v, ret->n, box);
	}
	closedir(stream);
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), compare);
	return 0;
}

void box_list_done(struct box_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].name);
		free(list->v[i].root);
		strv_done(&list->v[i].command);
		strv_done(&list->v[i].cgroups);
	}
	free(list->v);
	*list = (struct box_list){0};
}
