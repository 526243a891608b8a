// SPDX-License-Identifier: Apache-2.0
/* --private-tmp: a /tmp and a /var/tmp of the box's own. */
#include "base/mem.h"
#include "cli/run.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define SAID	"--private-tmp"
#define VAR_TMP "/var/tmp"

int run_add_private_tmp(struct spec *spec, struct err *err)
{
	static const char *const targets[] = {"/tmp", VAR_TMP};

	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		AUTO(strv) struct strv words = {0};
		strv_add(&words, "mode=1777");
		struct run_mount m = {"tmpfs", NULL, targets[i], "", "", &words};
		if (run_push_mount(spec, &m, err) < 0)
			return -err->code;
		char **said = &spec->mounts[spec->n_mounts - 1].said;
		free(*said);
		*said = xstrdup(SAID);
	}
	return 0;
}

/*
 * Looked up as the box will see it: a symbolic link of the root's does not lead out of it. Where
 * there is no telling, it counts as there.
 */
static bool has_var_tmp(const char *dir)
{
	AUTO_FD int root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD int found = -1;

	if (root < 0)
		return true;
	found = sys_openat2(root, VAR_TMP, O_PATH | O_CLOEXEC,
			    RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
	return found >= 0 || (errno != ENOENT && errno != ENOTDIR);
}

static bool is_anywhere(const struct spec *spec)
{
	/* A missing --upper is made by the start. */
	bool found = has_var_tmp(spec->root) ||
		     (spec->upper && access(spec->upper, F_OK) == 0 && has_var_tmp(spec->upper));

	for (size_t i = 0; i < spec->layers.n && !found; i++)
		found = has_var_tmp(spec->layers.v[i]);
	return found;
}

static void drop(struct spec *spec, size_t at)
{
	struct spec removed = {.mounts = xcalloc(1, sizeof(*removed.mounts)), .n_mounts = 1};

	removed.mounts[0] = spec->mounts[at];
	memmove(&spec->mounts[at], &spec->mounts[at + 1],
		(--spec->n_mounts - at) * sizeof(*spec->mounts));
	spec_done(&removed);
}

static bool is_ours(const struct spec_mount *m)
{
	return !strcmp(m->said, SAID) && !strcmp(m->target, VAR_TMP);
}

void run_settle_private_tmp(struct spec *spec)
{
	for (size_t i = spec->n_mounts; i-- > 0;)
		if (is_ours(&spec->mounts[i]) && !is_anywhere(spec))
			drop(spec, i);
}
