// SPDX-License-Identifier: Apache-2.0
/* Overlay roots: open the layers, stage them, mount the overlay, leave the stage. */
#include "box/layers.h"
#include "base/mem.h"
#include "box/push.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

bool layers_wanted(const struct spec *spec)
{
	return spec->overlay || spec->upper || spec->layers.n;
}

/* Length of the longest directory that both paths are below. */
static size_t common_directory(const char *a, const char *b)
{
	size_t common = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			common = i + 1;
	return common;
}

static char *work_directory(const struct spec *spec)
{
	return spec->work ? xstrdup(spec->work) : xasprintf("%s.work", spec->upper);
}

static int check_is_directory(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	return err_say(err, ENOTDIR, "%s is not a directory", path);
}

/* What is missing is made later, on the mount that was reached so far. */
static int check_same_mount(int above, const char *path, size_t common, struct err *err)
{
	AUTO_FD int fd = sys_openat2(above, path[common] ? path + common : ".", O_PATH | O_CLOEXEC,
				     RESOLVE_BENEATH | RESOLVE_NO_XDEV);

	if (fd < 0 && errno != EXDEV)
		return 0;
	if (fd >= 0)
		return check_is_directory(fd, path, err);
	return err_say(err, EXDEV,
		       "%s is on another mount than %.*s; upper and work must be two directories "
		       "of one mount: name both there, with --work",
		       path, common > 1 ? (int)common - 1 : 1, path);
}

static int check_lower(const struct spec *spec, struct err *err)
{
	for (size_t i = 0; i < spec->layers.n; i++) {
		AUTO_FD int fd = open(spec->layers.v[i], O_PATH | O_CLOEXEC);
		/* One that is missing is found by the op that opens it. */
		if (fd >= 0 && check_is_directory(fd, spec->layers.v[i], err) < 0)
			return err_add(err, "--layer");
	}
	return 0;
}

int layers_check(const struct spec *spec, struct err *err)
{
	if (check_lower(spec, err) < 0)
		return -err->code;
	if (!spec->upper)
		return 0;
	AUTO_FREE char *work = work_directory(spec);
	size_t common = common_directory(spec->upper, work);
	AUTO_FREE char *name = xstrndup(spec->upper, common);
	AUTO_FD int above = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int rc = above < 0 ? err_set(err, errno, "%s", name)
			   : check_same_mount(above, spec->upper, common, err);

	if (rc == 0)
		rc = check_same_mount(above, work, common, err);
	return rc < 0 ? err_add(err, "--upper") : 0;
}

/* Overlay wants upper and work on one mount: the directory above both is opened as one tree. */
static void open_upper(struct layers *l, const struct spec *spec, struct ops *ops)
{
	AUTO_FREE char *work = work_directory(spec);
	AUTO_FREE char *said = xasprintf("--upper %s", spec->upper);
	size_t common = common_directory(spec->upper, work);
	AUTO_FREE char *above = xstrndup(spec->upper, common);

	l->upper = push_open(ops, push_at(0, above), 0, said);
	l->upper_path = xasprintf("/rw/%s", spec->upper + common);
	l->work_path = xasprintf("/rw/%s", work + common);
}

static void open_lower(struct layers *l, const char *option, const char *dir, struct ops *ops)
{
	AUTO_FREE char *said = xasprintf("%s %s", option, dir);

	l->lower[l->n_lower++] = push_open(ops, push_at(0, dir), 0, said);
}

void layers_open(struct layers *l, const struct spec *spec, struct ops *ops)
{
	l->lower = xcalloc(spec->layers.n + 1, sizeof(*l->lower));
	for (size_t i = 0; i < spec->layers.n; i++)
		open_lower(l, "--layer", spec->layers.v[i], ops);
	open_lower(l, "ROOT", spec->root, ops);
	if (spec->upper)
		open_upper(l, spec, ops);
}

static void push_dir(struct ops *ops, const char *path, mode_t mode, unsigned flags)
{
	ops_push(ops,
		 (struct op){
			 .kind = OP_MKDIR, .to = push_at(0, path), .mode = mode, .flags = flags});
}

static void stage_lower(const struct layers *l, struct op *overlay, struct ops *ops)
{
	for (int i = 0; i < l->n_lower; i++) {
		AUTO_FREE char *path = xasprintf("/l%d", i);
		push_dir(ops, path, 0700, 0);
		push_attach(ops, l->lower[i], push_at(0, path), 0);
		strv_addf(&overlay->options, "lowerdir+=%s", path);
	}
}

/* Writes go to UPPER, or to the stage itself, which lives as long as the overlay does. */
static void stage_upper(const struct layers *l, struct op *overlay, struct ops *ops)
{
	const char *upper = l->upper ? l->upper_path : "/rw/upper";
	const char *work = l->upper ? l->work_path : "/rw/work";

	push_dir(ops, "/rw", 0700, 0);
	if (l->upper)
		push_attach(ops, l->upper, push_at(0, "/rw"), 0);
	push_dir(ops, upper, 0755, OP_PARENTS);
	push_dir(ops, work, 0755, OP_PARENTS);
	strv_addf(&overlay->options, "upperdir=%s", upper);
	strv_addf(&overlay->options, "workdir=%s", work);
}

int layers_stack(const struct layers *l, const struct spec *spec, const struct box_host *host,
		 int covers, struct ops *ops)
{
	struct op overlay = {.kind = OP_FS_MOUNT, .text = xstrdup("overlay")};
	int stage = push_fs(ops, "tmpfs", 0, "mode=755");

	push_attach(ops, stage, push_at(0, "/"), 0);
	push_switch_root(ops, stage, covers);
	strv_add(&overlay.options, "source=overlay");
	stage_lower(l, &overlay, ops);
	if (spec->upper || spec->overlay)
		stage_upper(l, &overlay, ops);
	if (host->idmap)
		strv_add(&overlay.options, "userxattr");
	overlay.handle = ops_new_handle(ops);
	ops_push(ops, overlay);
	return overlay.handle;
}

void layers_done(struct layers *l)
{
	free(l->lower);
	free(l->upper_path);
	free(l->work_path);
}
