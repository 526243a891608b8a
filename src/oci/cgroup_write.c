// SPDX-License-Identifier: Apache-2.0
/* What is written into a container's cgroups: limits, the freezer. */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cgroups.h"
#include "oci/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* v2 calls it another name. */
static const struct hierarchy *find(const struct cgroups *cg, const char *controller)
{
	const struct hierarchy *h = cgroups_with(cg, controller);

	if (!h && !strcmp(controller, "blkio"))
		h = cgroups_with(cg, "io");
	/* cgroup.* of unified belongs to no controller. */
	for (size_t i = 0; !h && !strcmp(controller, "cgroup") && i < cg->n; i++)
		h = cg->v[i].v2 ? &cg->v[i] : NULL;
	return h;
}

static int not_possible(const struct cgroup_write *w, const struct hierarchy *h, struct err *err)
{
	if (!h)
		return err_say(err, ENOENT, "%s: no cgroup hierarchy here has the %s controller",
			       w->said, w->controller);
	if (!h->made)
		return err_set(err, h->why_not, "%s: the cgroup %s cannot be made", w->said,
			       h->dir);
	return err_say(err, EINVAL, "%s: cgroup %s has nothing like it", w->said,
		       h->v2 ? "v2" : "v1");
}

/* Which of the two there is depends on the kernel's I/O schedulers. */
static int write_other(const struct hierarchy *h, const char *file, const char *value)
{
	static const char *const others[][2] = {
		{"blkio.weight", "blkio.bfq.weight"},
		{"blkio.weight_device", "blkio.bfq.weight_device"},
		{"io.bfq.weight", "io.weight"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (strcmp(file, others[i][0]))
			continue;
		AUTO_FREE char *path = xasprintf("%s/%s", h->dir, others[i][1]);
		AUTO_FREE char *text = h->v2 ? weight_for_io(value) : xstrdup(value);
		return io_write_file(AT_FDCWD, path, text, NULL);
	}
	return -ENOENT;
}

/* One write; 1: it is the other version's. */
static int write_one(const struct cgroups *cg, const struct cgroup_write *w, struct err *err)
{
	const struct hierarchy *h = find(cg, w->controller);
	AUTO(err) struct err why = {0};

	if (!h || !h->made || !w->file[h->v2])
		return w->usual ? 1 : not_possible(w, h, err);
	if (!*w->file[h->v2])
		return 1;
	AUTO_FREE char *path = xasprintf("%s/%s", h->dir, w->file[h->v2]);
	int rc = io_write_file(AT_FDCWD, path, w->value[h->v2], &why);
	if (rc == -ENOENT)
		rc = write_other(h, w->file[h->v2], w->value[h->v2]);
	if (rc == -ENOENT && w->usual)
		return 1;
	return rc < 0 ? err_set(err, -rc, "%s: write %s to %s", w->said, w->value[h->v2], path) : 0;
}

/*
 * Two limits of which one may not be above the other are accepted in one order only, which depends
 * on what was there: so what is refused is tried again after the rest.
 */
int cgroups_apply(const struct cgroups *cg, const struct resources *r, bool confined,
		  struct err *err)
{
	const struct hierarchy *devices = cgroups_with(cg, "devices");

	for (size_t i = 0; i < r->n_writes; i++)
		if (write_one(cg, &r->writes[i], NULL) < 0) {
			for (size_t k = i + 1; k < r->n_writes; k++)
				write_one(cg, &r->writes[k], NULL);
			if (write_one(cg, &r->writes[i], err) < 0)
				return -err->code;
		}
	for (size_t i = 0; !devices && i < cg->n; i++)
		devices = cg->v[i].v2 && cg->v[i].made ? &cg->v[i] : NULL;
	if (!r->n_rules)
		return 0;
	if (!devices || !devices->made)
		return confined ? 0
				: err_say(err, ENOENT,
					  "linux.resources.devices: there is no cgroup that could "
					  "enforce them");
	int rc = cgroup_devices_apply(devices, r, err);
	return rc < 0 && !confined ? rc : 0;
}

static const struct hierarchy *freezer(const struct cgroups *cg)
{
	const struct hierarchy *h = cgroups_with(cg, "freezer");

	for (size_t i = 0; !h && i < cg->n; i++)
		h = cg->v[i].v2 ? &cg->v[i] : NULL;
	return h;
}

static bool state_is(const struct hierarchy *h, bool frozen)
{
	AUTO_FREE char *path =
		xasprintf("%s/%s", h->dir, h->v2 ? "cgroup.events" : "freezer.state");
	AUTO(buf) struct buf text = {0};

	if (io_read_file(AT_FDCWD, path, 4096, &text, NULL) < 0)
		return false;
	if (h->v2)
		return strstr(text.data, frozen ? "frozen 1" : "frozen 0");
	return str_starts(text.data, frozen ? "FROZEN" : "THAWED");
}

int cgroups_is_frozen(const struct cgroups *cg, struct err *err)
{
	const struct hierarchy *h = freezer(cg);
	AUTO_FREE char *path =
		h ? xasprintf("%s/%s", h->dir, h->v2 ? "cgroup.freeze" : "freezer.state") : NULL;
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

	if (!h)
		return err_say(err, ENOENT, "no cgroup of the container has a freezer");
	AUTO_FREE char *path =
		xasprintf("%s/%s", h->dir, h->v2 ? "cgroup.freeze" : "freezer.state");
	const char *text = h->v2 ? (freeze ? "1" : "0") : freeze ? "FROZEN" : "THAWED";
	if (access(h->dir, F_OK) < 0)
		return err_set(err, errno, "the container has no cgroup with a freezer: %s",
			       h->dir);
	for (int i = 0; i < 5000; i++) {
		/* v1 may stay at FREEZING until it is told again. */
		bool tell = i == 0 || (!h->v2 && i % 50 == 0);
		int rc = tell ? io_write_file(AT_FDCWD, path, text, err) : 0;
		if (rc < 0)
			return rc;
		if (state_is(h, freeze))
			return 0;
		nanosleep(&moment, NULL);
	}
	io_write_file(AT_FDCWD, path, h->v2 ? "0" : "THAWED", NULL);
	return err_say(err, EBUSY, "the container's processes did not %s in 5 s",
		       freeze ? "freeze" : "thaw");
}
