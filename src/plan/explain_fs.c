// SPDX-License-Identifier: Apache-2.0
/* Messages whose cause is a file system, or a limit, and not a rule of mounts. */
#include "base/mem.h"
#include "plan/explain_parts.h"

#include <errno.h>
#include <string.h>

static void start(const struct explain_at *at, struct buf *out)
{
	buf_addf(out, "%s is on ", at->path);
	explain_add_mount(out, explain_mount(at));
	if (at->is_mount_point)
		return buf_adds(out, ".");
	buf_addf(out, ", mounted on %s.", explain_mount(at)->target);
}

void explain_full(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_world *world = at->ask->world;
	uint32_t n = world->ns[at->ask->ns].n_mounts;
	struct explain_places places = {0};
	uint32_t fullest = at->ask->ns;

	explain_arrivals(at->ask, (struct mnt_ref){at->ask->ns, at->i}, at->path, &places);
	for (size_t i = 0; i < places.n; i++)
		if (world->ns[places.v[i].ns].n_mounts > world->ns[fullest].n_mounts)
			fullest = places.v[i].ns;
	AUTO_FREE char *label = mnt_ns_label(world, fullest);
	strv_addf(&answer->facts, "this namespace has %u mounts of %llu allowed (fs.mount-max)", n,
		  (unsigned long long)world->mount_max);
	strv_addf(&answer->facts, "the fullest one that a mount made here arrives in, %s, has %u",
		  label, world->ns[fullest].n_mounts);
	explain_places_done(&places);
	answer->code = ENOSPC;
	/* A recursive bind may need as many as there are. */
	if (world->mount_max && world->ns[fullest].n_mounts >= world->mount_max / 2) {
		answer->reason = fullest == at->ask->ns ? "NS_FULL" : "RECEIVER_FULL";
		buf_addf(&answer->text,
			 "The limit of mounts is near: %s has %u of %llu, and a mount, with all of "
			 "its copies, that would exceed it is refused as a whole.",
			 label, world->ns[fullest].n_mounts, (unsigned long long)world->mount_max);
		strv_add(&answer->fixes, "mntns leaks: unmount what nobody needs any more");
		strv_add(&answer->fixes, "sysctl fs.mount-max=200000");
		return;
	}
	answer->reason = "FS_FULL";
	start(at, &answer->text);
	buf_adds(&answer->text, " The limit of mounts is far, so it is a file system that is full, "
				"or out of inodes; or a limit of namespaces (/proc/sys/user).");
	strv_addf(&answer->fixes, "df %s; df -i %s", at->path, at->path);
}

static bool is_type(const struct mnt *mnt, const char *prefix)
{
	return str_starts(mnt->fstype, prefix);
}

void explain_dead_server(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);

	answer->code = ENOTCONN;
	start(at, &answer->text);
	if (!is_type(mnt, "fuse")) {
		answer->reason = "NO_SERVER";
		buf_adds(&answer->text, " That is no FUSE file system, so the message is about "
					"another path, or its mount is gone.");
		return;
	}
	answer->reason = "SERVER_GONE";
	buf_adds(&answer->text, " The program that served this FUSE file system has ended, and "
				"nothing connects the mount again: it must be unmounted and "
				"mounted anew, in each namespace that has it.");
	explain_users(at->ask, mnt->id, false, answer);
	strv_addf(&answer->fixes, "umount -l %s; then start the server again", mnt->target);
}

void explain_stale(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);

	answer->code = ESTALE;
	answer->reason = "STALE";
	start(at, &answer->text);
	if (is_type(mnt, "nfs"))
		buf_adds(&answer->text, " The server does not know the file any more: it was "
					"removed there, or its directory is exported anew.");
	else if (is_type(mnt, "overlay"))
		buf_adds(&answer->text, " A layer of the overlay was changed from outside while it "
					"was mounted, or is another file system than before.");
	else
		buf_adds(&answer->text, " The file was removed and is still referred to.");
	strv_addf(&answer->fixes, "umount -l %s, and mount it anew", mnt->target);
}

void explain_read_only(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);
	bool mount_is = mnt->attr & 1, fs_is = str_starts(mnt->options, "ro");

	answer->code = EROFS;
	answer->reason = fs_is ? "READ_ONLY_FS" : mount_is ? "READ_ONLY_MOUNT" : "WRITABLE";
	start(at, &answer->text);
	if (fs_is) {
		buf_adds(&answer->text, " The file system itself is read-only, through each of its "
					"mounts; ext4 and others become so after an error (see "
					"dmesg).");
		strv_addf(&answer->fixes, "mount -o remount,rw %s", mnt->target);
	} else if (mount_is) {
		buf_adds(&answer->text, " This mount is read-only; the file system is not, and "
					"through other mounts it may be written.");
		strv_addf(&answer->fixes, "mount -o remount,bind,rw %s", mnt->target);
	} else {
		buf_adds(&answer->text, " Neither is read-only in this namespace.");
	}
}

/* Automounts that happen in another namespace than the one that waits for them. */
void explain_loop(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);

	answer->code = ELOOP;
	start(at, &answer->text);
	if (!is_type(mnt, "autofs")) {
		answer->reason = "SYMLINKS";
		buf_adds(&answer->text, " No automount is there, so symbolic links on the way lead "
					"in a circle, or more than 40 of them follow each other.");
		strv_addf(&answer->fixes, "namei -l %s", at->path);
		return;
	}
	answer->reason = "AUTOFS_ELSEWHERE";
	buf_adds(&answer->text,
		 " That is an automount: its daemon mounts in its own namespace, and "
		 "this copy of it is ");
	explain_add_type(&answer->text, mnt);
	buf_adds(&answer->text, mnt->group || mnt->master
					? ", so it should arrive here: the daemon's mount may have "
					  "failed, or be cut from this one."
					: ", so what is mounted there never arrives here.");
	strv_add(&answer->fixes, "make it a slave when it is handed over: bind it with rslave");
	strv_addf(&answer->fixes, "or let it be mounted before the namespace is made: ls %s/.",
		  at->path);
}

/* A new procfs or sysfs in a user namespace must not show more than one that is there already. */
void explain_revealing(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_table *table = &at->ask->world->ns[at->ask->ns].table;
	const char *type = strcasestr(at->text, "sys") ? "sysfs" : "proc";
	size_t n = 0, full = 0;

	for (uint32_t i = 0; i < table->n; i++) {
		const struct mnt *mnt = &table->v[i];
		size_t covered = 0;
		if (strcmp(mnt->fstype, type) != 0 || strcmp(mnt->root, "/") != 0)
			continue;
		n++;
		for (uint32_t k = at->tree.v[i].child; k != MAP_NONE; k = at->tree.v[k].next) {
			strv_addf(&answer->facts, "%s on %s covers a part of the %s on %s",
				  table->v[k].fstype, table->v[k].target, type, mnt->target);
			covered++;
		}
		full += !covered;
	}
	answer->code = EPERM;
	answer->reason = full ? "FULLY_VISIBLE" : n ? "TOO_REVEALING" : "NONE_VISIBLE";
	buf_addf(&answer->text,
		 "In a user namespace, a new %s is refused unless one is fully visible in the "
		 "mount namespace, without mounts that cover parts of it. ",
		 type);
	if (full)
		buf_addf(&answer->text,
			 "Here %zu of %zu is, so this rule does not refuse it; its read-only, "
			 "nosuid, nodev and noexec must be repeated, though.",
			 full, n);
	else if (n)
		buf_addf(&answer->text, "Here %zu %s, and parts of %s are covered.", n,
			 n == 1 ? "is there" : "are there", n == 1 ? "it" : "each of them");
	else
		buf_addf(&answer->text, "Here is none.");
	if (full)
		return;
	strv_addf(&answer->fixes,
		  "bind the %s that is there, instead of mounting a new one (in a container in a "
		  "container: --security-opt unmask=ALL outside, or --pid=host inside)",
		  type);
}
