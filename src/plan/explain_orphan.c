// SPDX-License-Identifier: Apache-2.0
/* A pod that is gone, and mounts of it that are not. */
#include "base/mem.h"
#include "plan/explain_parts.h"

#include <string.h>

static bool is_of_pod(const struct mnt *mnt, const char *uid)
{
	return strstr(mnt->target, uid) || strstr(mnt->root, uid);
}

/* The pod's UID: 36 characters with dashes. */
static char *uid_in(const char *text)
{
	for (; *text; text++)
		if (strspn(text, "0123456789abcdef-") == 36 && text[8] == '-' && text[13] == '-')
			return xstrndup(text, 36);
	return NULL;
}

void explain_orphan(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_world *world = at->ask->world;
	AUTO_FREE char *uid = uid_in(at->text);
	size_t n = 0;

	answer->reason = "ORPHANED_POD";
	for (uint32_t k = 0; uid && k < world->n_ns; k++)
		for (uint32_t i = 0; i < world->ns[k].table.n; i++) {
			const struct mnt *mnt = &world->ns[k].table.v[i];
			if (!is_of_pod(mnt, uid) || ++n > EXPLAIN_SHOWN)
				continue;
			explain_add_found(at->ask, k, mnt, answer);
			explain_add_umount(at->ask, k, mnt, answer);
		}
	if (!uid)
		buf_adds(&answer->text, "No UID of a pod is in the message.");
	else if (n)
		buf_addf(&answer->text,
			 "%zu mount%s of pod %s still exist%s: kubelet does not remove directories "
			 "that something is mounted on or below.",
			 n, n == 1 ? "" : "s", uid, n == 1 ? "s" : "");
	else
		buf_addf(&answer->text,
			 "No mount in sight belongs to pod %s: what is left are directories or "
			 "files below /var/lib/kubelet/pods/%s/volumes, which kubelet does not "
			 "remove because they are not empty.",
			 uid, uid);
	strv_add(&answer->fixes, n ? "mntns leaks --release unmounts all of that kind"
				   : "look into that directory, and remove what is not needed");
}
