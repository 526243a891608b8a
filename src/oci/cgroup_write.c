// SPDX-License-Identifier: Apache-2.0
/* The limits written into a container's cgroups. */
#include "base/io.h"
#include "base/mem.h"
#include "box/cgroup_parts.h"
#include "oci/cgroup_devices.h"
#include "oci/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* v2 calls it another name. */
static const struct hierarchy *find(const struct cgroups *cg, const char *controller)
{
	const struct hierarchy *h = cgroups_with(cg, controller);

	if (!h && !strcmp(controller, "blkio"))
		h = cgroups_with(cg, "io");
	/* cgroup.* of unified belongs to no controller. */
	return h || strcmp(controller, "cgroup") ? h : cgroups_v2(cg);
}

static int not_possible(const struct cgroups *cg, const struct cgroup_write *w,
			const struct hierarchy *h, struct err *err)
{
	if (!h)
		return err_say(err, ENOENT, "%s: no cgroup hierarchy here has the %s controller",
			       w->said, w->controller);
	if (!h->made) {
		err_set(err, h->why_not, "%s: the cgroup %s cannot be made", w->said, h->dir);
		return cg->by_systemd && !h->v2 && h->why_not == EACCES
			       ? err_hint(err, "systemd gives users no controller of cgroup v1")
			       : -h->why_not;
	}
	return err_say(err, EINVAL, "%s: cgroup %s has nothing like it", w->said,
		       h->v2 ? "v2" : "v1");
}

/* Of a file that is not there: the hint, if it is that of a controller which the cgroup lacks. */
static int hint(const struct cgroup_write *w, const struct hierarchy *h, struct err *err)
{
	const char *name = strcmp(w->controller, "blkio") ? w->controller : "io";
	AUTO(strv) struct strv given = {0};

	if (h->v2)
		cgroup_v2_controllers(h->dir, &given);
	if (!h->v2 || !strv_has(&h->controllers, name) || strv_has(&given, name))
		return -ENOENT;
	return err_hint(err,
			"the cgroups above do not pass the %s controller on; Delegate= of "
			"user@.service gives it to a user",
			name);
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

/* " PERIOD" alone leaves the quota of cpu.max as it is, which is written in front of it. */
static char *value_for(const struct cgroup_write *w, const struct hierarchy *h, const char *path)
{
	const char *value = w->value[h->v2];
	AUTO(buf) struct buf now = {0};

	if (*value != ' ')
		return xstrdup(value);
	if (io_read_file(AT_FDCWD, path, 4096, &now, NULL) < 0)
		return xasprintf("max%s", value);
	return xasprintf("%.*s%s", (int)strcspn(now.data, " \n"), now.data, value);
}

/* One write; 1: it is the other version's. */
static int write_one(const struct cgroups *cg, const struct cgroup_write *w, struct err *err)
{
	const struct hierarchy *h = find(cg, w->controller);
	AUTO(err) struct err why = {0};

	if (!h || !h->made || !w->file[h->v2])
		return w->usual ? 1 : not_possible(cg, w, h, err);
	if (!*w->file[h->v2])
		return 1;
	AUTO_FREE char *path = xasprintf("%s/%s", h->dir, w->file[h->v2]);
	AUTO_FREE char *value = value_for(w, h, path);
	int rc = io_write_file(AT_FDCWD, path, value, &why);
	if (rc == -ENOENT)
		rc = write_other(h, w->file[h->v2], value);
	if (rc == -ENOENT && w->usual)
		return 1;
	if (rc < 0)
		err_set(err, -rc, "%s: write %s to %s", w->said, value, path);
	return rc == -ENOENT ? hint(w, h, err) : rc < 0 ? rc : 0;
}

/*
 * Two limits of which one may not be above the other are accepted in one order only, which depends
 * on what was there: so what is refused is tried again after the rest.
 */
int cgroups_limit(const struct cgroups *cg, const struct resources *r, struct err *err)
{
	for (size_t i = 0; i < r->n_writes; i++)
		if (write_one(cg, &r->writes[i], NULL) < 0) {
			for (size_t k = i + 1; k < r->n_writes; k++)
				write_one(cg, &r->writes[k], NULL);
			if (write_one(cg, &r->writes[i], err) < 0)
				return -err->code;
		}
	return 0;
}

int cgroups_rule_devices(const struct cgroups *cg, const struct resources *r, struct err *err)
{
	const struct hierarchy *devices = cgroups_with(cg, "devices");

	if (!r->n_rules)
		return 0;
	if (!devices)
		devices = cgroups_v2(cg);
	if (!devices || !devices->made)
		return err_say(err, ENOENT,
			       "linux.resources.devices: there is no cgroup that could enforce "
			       "them");
	return cgroup_devices_apply(devices, r, err);
}
