// SPDX-License-Identifier: Apache-2.0
/* Messages whose errno stands for many rules: the model says which one it is here. */
#include "base/mem.h"
#include "plan/explain_parts.h"

#include <errno.h>
#include <string.h>

/* Asks the model. False: it would be done. */
static bool try_op(const struct explain_at *at, const char *verb, const char *more,
		   struct explain *answer)
{
	AUTO(ops) struct ops ops = {0};
	AUTO(buf) struct buf line = {0};

	buf_addf(&line, "%s ", verb);
	op_print_word(at->path, &line);
	if (more) {
		buf_addc(&line, ' ');
		op_print_word(more, &line);
	}
	struct explain found = {0};
	int rc = ops_parse(&ops, "message", line.data, NULL);
	if (rc == 0)
		rc = explain_ops(at->ask, &ops, &found, NULL);
	answer->is_torn |= rc == -EAGAIN;
	if (rc < 0)
		return false;
	bool is_refused = found.reason;
	if (is_refused)
		*answer = found;
	else
		explain_done(&found);
	return is_refused;
}

/* Where it is a mount point in other namespaces: those keep its file system, not the mount. */
static size_t add_elsewhere(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_world *world = at->ask->world;
	size_t n = 0;

	for (uint32_t k = 0; k < world->n_ns; k++)
		for (uint32_t i = 0; k != at->ask->ns && i < world->ns[k].table.n; i++) {
			const struct mnt *mnt = &world->ns[k].table.v[i];
			AUTO(buf) struct buf line = {0};
			if (strcmp(mnt->target, at->path) != 0 || ++n > EXPLAIN_SHOWN)
				continue;
			explain_add_mount(&line, mnt);
			buf_adds(&line, " is mounted on ");
			explain_add_place(&line, at->ask,
					  &(struct explain_place){k, 0, (char *)at->path});
			strv_add(&answer->facts, line.data);
		}
	if (n > EXPLAIN_SHOWN)
		strv_addf(&answer->facts, "and so in %zu more namespaces", n - EXPLAIN_SHOWN);
	return n;
}

static void say_idle(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);

	answer->reason = "NOT_BUSY";
	buf_addf(&answer->text, "Nothing keeps the mount on %s busy now, as far as can be seen",
		 mnt->target);
	size_t n = explain_users(at->ask, mnt->id, false, answer);
	if (n)
		buf_addf(&answer->text,
			 "; but its file system is in use elsewhere, by %zu others, and so its "
			 "device is busy.",
			 n);
	else
		buf_adds(&answer->text, ": whoever did was gone before it was looked for.");
}

/* A directory in which mounts are cannot be removed here. */
static bool has_mounts_below(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_table *table = &at->ask->world->ns[at->ask->ns].table;
	size_t len = strcmp(at->path, "/") ? strlen(at->path) : 0, n = 0;

	for (uint32_t i = 0; i < table->n; i++) {
		const struct mnt *mnt = &table->v[i];
		AUTO(buf) struct buf line = {0};
		if (strncmp(mnt->target, at->path, len) || mnt->target[len] != '/' ||
		    ++n > EXPLAIN_SHOWN)
			continue;
		explain_add_mount(&line, mnt);
		strv_addf(&answer->facts, "%s is mounted on %s", line.data, mnt->target);
		explain_add_umount(at->ask, at->ask->ns, mnt, answer);
	}
	if (!n)
		return false;
	answer->reason = "MOUNTS_BELOW";
	answer->code = EBUSY;
	buf_addf(&answer->text,
		 "%s is no mount point, but %zu mount%s below it: what something is mounted on, in "
		 "the caller's own namespace, can neither be removed nor renamed.",
		 at->path, n, n == 1 ? " is" : "s are");
	return true;
}

void explain_busy(const struct explain_at *at, struct explain *answer)
{
	if (at->is_mount_point) {
		if (!try_op(at, "umount", NULL, answer))
			say_idle(at, answer);
		return;
	}
	if (has_mounts_below(at, answer))
		return;
	answer->reason = "NO_MOUNT_POINT";
	buf_addf(&answer->text,
		 "%s is no mount point in this namespace, so it is not an umount that is refused.",
		 at->path);
	if (add_elsewhere(at, answer))
		buf_adds(&answer->text, " It is one in other namespaces: removing or renaming the "
					"directory was EBUSY there before Linux 3.18, and is done "
					"since; what keeps the file system is there.");
	explain_users(at->ask, explain_mount(at)->id, false, answer);
	strv_addf(&answer->fixes, "mntns who %s", at->path);
}

void explain_invalid(const struct explain_at *at, struct explain *answer)
{
	if (strcasestr(at->text, "umount") || at->is_mount_point) {
		if (try_op(at, "umount", NULL, answer) || answer->is_torn)
			return;
	}
	explain_path(at->ask, at->path, answer, NULL);
	answer->reason = NULL;
	strv_addf(&answer->fixes,
		  "give the operation itself: mntns explain \"umount %s\", \"move-mount …\"",
		  at->path);
}

void explain_not_there(const struct explain_at *at, struct explain *answer)
{
	if (at->is_mount_point && try_op(at, "umount", NULL, answer))
		return;
	answer->reason = at->is_mount_point ? "IS_MOUNTED" : "NO_MOUNT_POINT";
	buf_addf(&answer->text, "%s is %s in this namespace: ", at->path,
		 at->is_mount_point ? "a mount point" : "no mount point");
	explain_add_mount(&answer->text, explain_mount(at));
	buf_addf(&answer->text, ", mounted on %s, is there.", explain_mount(at)->target);
	if (add_elsewhere(at, answer))
		strv_addf(&answer->fixes,
			  "do it in the namespace where it is mounted (nsenter -m -t PID), or see "
			  "why it is not here: mntns why %s NS1 NS2",
			  at->path);
}

/* Locked mounts, and attributes that may not be dropped. */
void explain_may_not(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_world *world = at->ask->world;
	uint64_t owner = world->ns[at->ask->ns].owner;

	if (strcasestr(at->text, "remount") || strcasestr(at->text, "setattr")) {
		if (try_op(at, "set-attr", "rw", answer))
			return;
	} else if (at->is_mount_point && try_op(at, "umount", NULL, answer)) {
		return;
	}
	answer->reason = "MAY_NOT";
	answer->code = EPERM;
	buf_addf(&answer->text,
		 "No rule of mounts refuses it at %s, so it is the caller's rights: it takes "
		 "CAP_SYS_ADMIN in the user namespace that owns the mount namespace",
		 at->path);
	if (owner)
		buf_addf(&answer->text, ", user:[%llu]", (unsigned long long)owner);
	buf_adds(&answer->text, "; a seccomp filter or a security module may refuse it, too.");
	strv_add(&answer->fixes, "run it as root of that user namespace: nsenter -U -m -t PID");
	strv_add(&answer->fixes, "see dmesg and the audit log for a security module");
}

void explain_pivot(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_table *table = &at->ask->world->ns[at->ask->ns].table;
	const struct mnt *root = &table->v[at->tree.first];

	if (!strcmp(root->fstype, "rootfs") || root->parent == root->id) {
		answer->reason = "PIVOT_ROOTFS";
		answer->code = EINVAL;
		buf_addf(&answer->text,
			 "The root of the namespace is %s, the one that all hangs on, as in an "
			 "initramfs: it is on nothing that it could be taken off, so pivot_root is "
			 "always refused with \"%s\".",
			 root->fstype, strerror(EINVAL));
		strv_add(&answer->fixes,
			 "switch_root to a real root file system before engines start");
		strv_add(&answer->fixes, "or tell the engine not to pivot: runc --no-pivot; "
					 "DOCKER_RAMDISK=true for docker");
		return;
	}
	if (strcmp(at->path, "/") != 0 && try_op(at, "pivot-root", at->path, answer))
		return;
	explain_rootfs_type(at, answer);
	if (!strcmp(at->path, "/"))
		strv_add(&answer->fixes, "give the new root as the path, then all rules of "
					 "pivot_root are looked through");
}
