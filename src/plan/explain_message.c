// SPDX-License-Identifier: Apache-2.0
/* Well-known messages of engines, of kubelet and of mount(8), and what looks for their cause. */
#include "base/mem.h"
#include "plan/explain_parts.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/*
 * The first row that fits counts. `also` narrows it down: both must be in the text. An errno's name
 * stands alone.
 */
static const struct message {
	const char *pattern, *also;
	explain_cause *explain;
	const char *path; /* where none is given; NULL: it must be */
	const char *who;
} messages[] = {
	{"orphaned pod", NULL, explain_orphan, "/", "kubelet: volume paths are still present"},
	{"not a shared or slave mount", NULL, explain_not_slave, NULL, "docker, podman: rslave"},
	{"not a shared mount", NULL, explain_not_shared, NULL,
	 "docker, containerd, kubelet: rshared"},
	{"is not shared", NULL, explain_not_shared, NULL, "docker, kubelet: a mount point"},
	{"must be shared", NULL, explain_not_shared, NULL, "kubelet, CSI drivers"},
	{"not a slave", NULL, explain_not_slave, NULL, "engines"},
	{"rootfs propagation", NULL, explain_rootfs_type, "/", "runc, crun"},
	{"pivot_root", NULL, explain_pivot, "/", "runc, crun, bubblewrap: invalid argument"},
	{"pivot root", NULL, explain_pivot, "/", "the same, in other words"},
	{"too revealing", NULL, explain_revealing, "/proc", "the kernel's log"},
	{"not permitted", "proc", explain_revealing, "/proc", "runc in a user namespace"},
	{"permission denied", "proc", explain_revealing, "/proc", "crun, podman in a container"},
	{"not permitted", "sysfs", explain_revealing, "/sys", "runc in a user namespace"},
	{"permission denied", "sysfs", explain_revealing, "/sys", "crun, podman in a container"},
	{"in-use as upperdir", NULL, explain_upper, NULL, "overlay in the kernel's log"},
	{"upperdir is in-use", NULL, explain_upper, NULL, "the same"},
	{"as upperdir", NULL, explain_upper_fs, NULL, "overlay: file system not supported"},
	{"failed to mount overlay", NULL, explain_upper_fs, "/var/lib/docker", "docker in docker"},
	{"stacking depth", NULL, explain_stacked, NULL, "overlay in the kernel's log"},
	{"already mounted", NULL, explain_already, NULL, "mount(8), CSI drivers"},
	{"path does not exist", NULL, explain_missing, NULL, "docker: the source of a bind"},
	{"no such file or directory", NULL, explain_missing, NULL, "everybody"},
	{"ENOENT", NULL, explain_missing, NULL, "everybody"},
	{"under a shared mount", NULL, explain_moved, NULL, "mount(8) --move"},
	{"directory onto a file", NULL, explain_kind, NULL, "docker, runc"},
	{"unshare", NULL, explain_unshare, "/", "unshare(1), bubblewrap, podman"},
	{"creating new namespace", NULL, explain_unshare, "/", "bubblewrap"},
	{"target is busy", NULL, explain_busy, NULL, "umount(8)"},
	{"mount point busy", NULL, explain_busy, NULL, "mount(8)"},
	{"mount point is busy", NULL, explain_busy, NULL, "mount(8), remount read-only"},
	{"device or resource busy", NULL, explain_busy, NULL, "everybody"},
	{"device is busy", NULL, explain_busy, NULL, "older umount(8)"},
	{"EBUSY", NULL, explain_busy, NULL, "everybody"},
	{"no space left on device", NULL, explain_full, "/", "mount(8), engines"},
	{"ENOSPC", NULL, explain_full, "/", "mount(8), engines"},
	{"too many levels of symbolic links", NULL, explain_loop, NULL, "whoever opens a path"},
	{"ELOOP", NULL, explain_loop, NULL, "whoever opens a path"},
	{"transport endpoint is not connected", NULL, explain_dead_server, NULL, "FUSE"},
	{"ENOTCONN", NULL, explain_dead_server, NULL, "FUSE"},
	{"stale file handle", NULL, explain_stale, NULL, "NFS, overlay"},
	{"stale nfs file handle", NULL, explain_stale, NULL, "NFS"},
	{"ESTALE", NULL, explain_stale, NULL, "NFS, overlay"},
	{"read-only file system", NULL, explain_read_only, NULL, "everybody"},
	{"EROFS", NULL, explain_read_only, NULL, "everybody"},
	{"not mounted", NULL, explain_not_there, NULL, "umount(8)"},
	{"no mount point specified", NULL, explain_not_there, NULL, "older umount(8)"},
	{"not a mountpoint", NULL, explain_not_there, NULL, "mountpoint(1), CSI drivers"},
	{"operation not permitted", NULL, explain_may_not, NULL, "umount, remount in a container"},
	{"must be superuser", NULL, explain_may_not, NULL, "umount(8)"},
	{"EPERM", NULL, explain_may_not, NULL, "umount, remount in a container"},
	{"invalid argument", NULL, explain_invalid, NULL, "umount(8), engines"},
	{"EINVAL", NULL, explain_invalid, NULL, "umount(8), engines"},
};

static const struct message *find(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		const struct message *m = &messages[i];
		bool is_errno = isupper((unsigned char)*m->pattern);
		if (is_errno ? !strcmp(text, m->pattern)
			     : strcasestr(text, m->pattern) &&
				       (!m->also || strcasestr(text, m->also)))
			return m;
	}
	return NULL;
}

bool explain_is_message(const char *text)
{
	return find(text);
}

void explain_print_messages(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++)
		buf_addf(out, "%s%s%s (%s)\n", messages[i].pattern, messages[i].also ? " … " : "",
			 messages[i].also ? messages[i].also : "", messages[i].who);
}

/* The first absolute path in the text, without what punctuation is around it. */
static char *path_in(const char *text)
{
	for (const char *at = strchr(text, '/'); at; at = strchr(at + 1, '/')) {
		size_t len = strcspn(at, " \t\n\"',;)");
		if (at != text && !strchr(" \t\"'(=", at[-1]))
			continue;
		while (len > 1 && strchr(":./", at[len - 1]))
			len--;
		return xstrndup(at, len);
	}
	return NULL;
}

int explain_message(const struct explain_ask *ask, const char *text, const char *path,
		    struct explain *ret, struct err *err)
{
	const struct message *m = find(text);
	AUTO_FREE char *found = path ? NULL : path_in(text);
	struct explain answer = {0};
	struct explain_at at;

	if (!m)
		return err_say(err, EINVAL, "'%s' is no message that is known", text);
	const char *where = path ? path : found ? found : m->path;
	if (!where)
		return err_say(err, EINVAL, "'%s': expected a path behind the message", text);
	int rc = explain_at_init(&at, ask, where, err);
	if (rc < 0)
		return rc;
	at.text = text;
	m->explain(&at, &answer);
	explain_at_done(&at);
	if (answer.is_torn) {
		explain_done(&answer);
		return err_say(err, EAGAIN, "mounts changed while they were read");
	}
	*ret = answer;
	return 0;
}
