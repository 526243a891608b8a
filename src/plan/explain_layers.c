// SPDX-License-Identifier: Apache-2.0
/* What overlay says, in the kernel's log and through engines. */
#include "base/mem.h"
#include "mnt/overlay.h"
#include "plan/explain_parts.h"

#include <errno.h>
#include <string.h>

static bool is_overlay(const struct mnt *mnt)
{
	return !strcmp(mnt->fstype, "overlay");
}

static bool has_upper(const struct mnt *mnt, const char *path)
{
	struct mnt_layers layers;
	bool found = false;

	if (!is_overlay(mnt))
		return false;
	mnt_layers_parse(mnt, &layers);
	for (size_t i = 0; i < layers.n && !found; i++) {
		AUTO_FREE char *where = mnt_layer_path(&layers, i, mnt->target);
		found = strcmp(layers.v[i].option, "lowerdir") != 0 && !strcmp(where, path);
	}
	mnt_layers_done(&layers);
	return found;
}

/* An overlay that is still mounted in whichever namespace keeps its upper directory. */
void explain_upper(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_world *world = at->ask->world;
	size_t n = 0;

	answer->code = EBUSY;
	for (uint32_t k = 0; k < world->n_ns; k++)
		for (uint32_t i = 0; i < world->ns[k].table.n; i++) {
			const struct mnt *mnt = &world->ns[k].table.v[i];
			if (!has_upper(mnt, at->path) || ++n > EXPLAIN_SHOWN)
				continue;
			explain_add_found(at->ask, k, mnt, answer);
			explain_add_umount(at->ask, k, mnt, answer);
		}
	answer->reason = n ? "UPPER_IN_USE" : "UPPER_FREE";
	if (n)
		buf_addf(
			&answer->text,
			"%s is the upper or work directory of %zu overlay%s that %s still mounted; "
			"two overlays may not write to one.",
			at->path, n, n == 1 ? "" : "s", n == 1 ? "is" : "are");
	else
		buf_addf(
			&answer->text,
			"No overlay in sight has %s as its upper or work directory: the mount that "
			"had it was lazily unmounted and is still used, or is detached.",
			at->path);
}

/* As Documentation/filesystems/overlayfs.rst has it: not remote, d_type, xattrs, and no overlay. */
static bool can_be_upper(const struct mnt *mnt)
{
	static const char *const cannot[] = {"overlay", "nfs", "fuse", "9p",	"ceph",
					     "cifs",	"smb", "vfat", "exfat", "squashfs"};

	for (size_t i = 0; i < ARRAY_SIZE(cannot); i++)
		if (str_starts(mnt->fstype, cannot[i]))
			return false;
	return true;
}

/* Docker in docker, where its directory is no volume, and file systems without whiteouts. */
void explain_upper_fs(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);

	answer->code = EINVAL;
	buf_addf(&answer->text, "%s is on ", at->path);
	explain_add_mount(&answer->text, mnt);
	buf_addf(&answer->text, ", mounted on %s.", mnt->target);
	if (can_be_upper(mnt)) {
		answer->reason = "UPPER_FITS";
		buf_addf(&answer->text,
			 " An overlay can have its upper directory on %s, so the cause is another "
			 "one: upper and work directory are on different mounts or one in the "
			 "other, or the file system has no d_type. The kernel's log says which.",
			 mnt->fstype);
		strv_add(&answer->fixes, "dmesg | grep overlayfs");
		return;
	}
	answer->reason = "UPPER_UNFIT";
	buf_addf(&answer->text, " The upper directory of an overlay cannot be on %s: %s",
		 mnt->fstype,
		 is_overlay(mnt) ? "an overlay does not hold another one's changes."
				 : "it keeps no whiteouts and extended attributes in the way that "
				   "overlay wants them.");
	strv_addf(&answer->fixes,
		  "mount something else on %s: a volume (docker run -v NAME:%s), or a tmpfs",
		  at->path, at->path);
	strv_add(&answer->fixes, "or use an engine's vfs or fuse-overlayfs storage driver");
}

/* Overlays on overlays: two, and no more. */
void explain_stacked(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);
	struct mnt_layers layers = {0};

	answer->code = EINVAL;
	answer->reason = is_overlay(mnt) ? "STACKED" : "NOT_STACKED";
	buf_addf(
		&answer->text,
		"The kernel stacks two overlays (or ecryptfs) on a file system, and no more. %s is "
		"on ",
		at->path);
	explain_add_mount(&answer->text, mnt);
	buf_adds(&answer->text,
		 is_overlay(mnt) ? ", which is one already; its layers are:" : ", which is none.");
	if (!is_overlay(mnt))
		return;
	mnt_layers_parse(mnt, &layers);
	for (size_t i = 0; i < layers.n && i < EXPLAIN_SHOWN; i++)
		strv_addf(&answer->facts, "%s %s", layers.v[i].option, layers.v[i].path);
	mnt_layers_done(&layers);
	strv_addf(&answer->fixes, "put a volume or a tmpfs on %s, so that it is on no overlay",
		  at->path);
}
