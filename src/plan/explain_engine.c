// SPDX-License-Identifier: Apache-2.0
/* Messages of engines and of mount(8) that say something else than what the cause is. */
#include "base/io.h"
#include "base/mem.h"
#include "plan/explain_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* mount(8) names the target, and what is wrong is what the source hangs on. */
void explain_moved(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *parent = explain_parent(at);

	answer->code = EINVAL;
	if (!at->is_mount_point) {
		answer->reason = "MOVE_NOT_ROOT";
		buf_addf(&answer->text,
			 "%s is no mount point, and only mounts are moved. If it is the target of "
			 "the move: give the source, whose parent the rule is about.",
			 at->path);
		return;
	}
	if (!parent || !parent->group) {
		answer->reason = "NOT_SHARED";
		buf_addf(&answer->text, "The mount on %s does not hang on a shared mount now.",
			 at->path);
		return;
	}
	answer->reason = "MOVE_PARENT_SHARED";
	buf_addf(&answer->text,
		 "The mount on %s hangs on the one on %s, which is shared, in peer group %u: the "
		 "kernel moves nothing off a shared mount, as its peers would keep their copies.",
		 at->path, parent->target, parent->group);
	strv_addf(&answer->fixes, "mount --make-private %s, and then move it", parent->target);
	strv_addf(&answer->fixes, "or bind it at the target, and umount -l %s", at->path);
}

/* What docker says where one is a directory and the other one is a file. */
void explain_kind(const struct explain_at *at, struct explain *answer)
{
	struct stat st;
	bool may_look = at->ask->is_live && at->ask->ns == at->ask->world->self;

	answer->code = ENOTDIR;
	answer->reason = "KINDS_DIFFER";
	buf_adds(&answer->text, "A file is mounted on a file, and a directory on a directory. ");
	if (!may_look || lstat(at->path, &st) < 0)
		buf_addf(&answer->text,
			 "What %s is cannot be seen from here; a source that was missing was made "
			 "by "
			 "docker's -v as an empty directory.",
			 at->path);
	else if (S_ISDIR(st.st_mode))
		buf_addf(&answer->text,
			 "%s is a directory, and the other side is a file; docker's -v makes a "
			 "source that is missing, as an empty directory.",
			 at->path);
	else
		buf_addf(&answer->text, "%s is no directory, and the other side is one.", at->path);
	strv_addf(&answer->fixes,
		  "ls -ld %s, on both sides; use --mount instead of -v, which "
		  "refuses a source that is missing",
		  at->path);
}

static void add_setting(const char *file, struct explain *answer)
{
	AUTO(buf) struct buf text = {0};

	if (io_read_file(AT_FDCWD, file, 64, &text, NULL) == 0 && text.len)
		strv_addf(&answer->facts, "%s: %.*s", file, (int)strcspn(text.data, "\n"),
			  text.data);
}

/* Namespaces that cannot be made: rights, a chroot, or a limit. */
void explain_unshare(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_table *table = &at->ask->world->ns[at->ask->ns].table;
	bool is_chroot = strcmp(table->v[at->tree.first].target, "/") != 0;

	answer->code = EPERM;
	answer->reason = is_chroot ? "UNSHARE_CHROOTED" : "UNSHARE_MAY_NOT";
	if (is_chroot)
		buf_adds(&answer->text, "No mount is at the root directory: the program is in a "
					"chroot, and from there no user namespace can be made.");
	else
		buf_adds(
			&answer->text,
			"A new mount namespace takes CAP_SYS_ADMIN in the caller's user namespace; "
			"a new user namespace takes none, but a process that is in a chroot may "
			"make none, and there are limits.");
	if (at->ask->is_live) {
		add_setting("/proc/sys/user/max_user_namespaces", answer);
		add_setting("/proc/sys/user/max_mnt_namespaces", answer);
		add_setting("/proc/sys/kernel/unprivileged_userns_clone", answer);
		add_setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", answer);
	}
	strv_add(&answer->fixes, is_chroot
					 ? "use pivot_root instead of chroot"
					 : "a limit of 0 forbids it to everybody; docker's seccomp "
					   "profile does, too");
}
