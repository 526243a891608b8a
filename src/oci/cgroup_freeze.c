// SPDX-License-Identifier: Apache-2.0
/* A container's cgroups frozen and thawed. */
#include "base/io.h"
#include "base/mem.h"
#include "box/cgroup_parts.h"
#include "oci/cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 5000

/* An ordinary user may have one in v2 alone. */
static const struct hierarchy *freezer(const struct cgroups *cg)
{
	const struct hierarchy *h = cgroups_with(cg, "freezer"), *v2 = cgroups_v2(cg);

	return h && (!v2 || access(h->dir, F_OK) == 0 || errno != ENOENT) ? h : v2;
}

static char *freezer_file(const struct hierarchy *h)
{
	return xasprintf("%s/%s", h->dir, h->v2 ? "cgroup.freeze" : "freezer.state");
}

/* 1, 0; -errno: it is not known. */
static int state_is(const struct hierarchy *h, bool frozen)
{
	AUTO_FREE char *path =
		xasprintf("%s/%s", h->dir, h->v2 ? "cgroup.events" : "freezer.state");
	AUTO(buf) struct buf text = {0};

	int rc = io_read_file(AT_FDCWD, path, 4096, &text, NULL);
	if (rc < 0)
		return rc;
	if (h->v2)
		return strstr(text.data, frozen ? "frozen 1" : "frozen 0") != NULL;
	return str_starts(text.data, frozen ? "FROZEN" : "THAWED");
}

int cgroups_is_frozen(const struct cgroups *cg, struct err *err)
{
	const struct hierarchy *h = freezer(cg);
	AUTO_FREE char *path = h ? freezer_file(h) : NULL;
	AUTO(buf) struct buf text = {0};
	int rc = h ? io_read_file(AT_FDCWD, path, 4096, &text, NULL) : -ENOENT;

	if (rc == -ENOENT || rc == -ENODEV)
		return 0;
	if (rc < 0)
		return err_set(err, -rc, "whether it is frozen is not known: %s", path);
	return h->v2 ? text.data[0] == '1' : str_starts(text.data, "FR");
}

int cgroups_freeze(const struct cgroups *cg, bool freeze, struct err *err)
{
	const struct hierarchy *h = freezer(cg);
	const struct timespec moment = {0, 1000000};
	const int64_t deadline = cgroup_deadline(PATIENCE_MS);
	int is = 0;

	if (!h)
		return err_say(err, ENOENT, "no cgroup of the container has a freezer");
	AUTO_FREE char *path = freezer_file(h);
	const char *text = h->v2 ? (freeze ? "1" : "0") : freeze ? "FROZEN" : "THAWED";
	if (access(h->dir, F_OK) < 0)
		return err_set(err, errno, "the container has no cgroup with a freezer: %s",
			       h->dir);
	for (int i = 0; cgroup_deadline(0) < deadline; i++) {
		/* v1 may stay at FREEZING until it is told again. */
		bool tell = i == 0 || (!h->v2 && i % 50 == 0);
		int rc = tell ? io_write_file(AT_FDCWD, path, text, err) : 0;
		if (rc < 0)
			return rc;
		is = state_is(h, freeze);
		if (is > 0)
			return 0;
		nanosleep(&moment, NULL);
	}
	io_write_file(AT_FDCWD, path, h->v2 ? "0" : "THAWED", NULL);
	return is < 0 ? err_set(err, -is, "whether the container's processes %s is not known",
				freeze ? "freeze" : "thaw")
		      : err_say(err, EBUSY, "the container's processes did not %s in %d s",
				freeze ? "freeze" : "thaw", PATIENCE_MS / 1000);
}
