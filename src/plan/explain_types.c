// SPDX-License-Identifier: Apache-2.0
/* Messages that want another propagation type than a mount has. */
#include "base/mem.h"
#include "plan/explain_parts.h"

#include <string.h>

/* The namespace of PID 1, as far as it is in sight. */
static uint32_t host_ns(const struct mnt_world *world)
{
	for (uint32_t i = 0; i < world->n_procs; i++)
		if (world->procs[i].pid == 1)
			return world->procs[i].ns;
	return MAP_NONE;
}

static void say_mount(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);
	AUTO_FREE char *label = mnt_ns_label(at->ask->world, at->ask->ns);
	struct buf *out = &answer->text;

	buf_addf(out, "In %s, %s lies on the mount on %s, ", label, at->path, mnt->target);
	explain_add_mount(out, mnt);
	buf_adds(out, ", which is ");
	explain_add_type(out, mnt);
	buf_adds(out, ".");
}

/* A service that has a namespace of its own is a frequent cause: there, nothing is what init has.
 */
static void say_own_ns(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_world *world = at->ask->world;
	const struct mnt_ns *ns = &world->ns[at->ask->ns];
	uint32_t host = host_ns(world);
	const char *unit = ns->n_procs ? world->procs[ns->procs[0]].unit : NULL;

	if (host == MAP_NONE || host == at->ask->ns)
		return;
	strv_addf(&answer->facts, "this is not the mount namespace of PID 1, but one of %s%s",
		  unit ? "unit " : "its own", unit ? unit : "");
	if (!unit || !explain_mount(at)->master)
		return;
	strv_addf(&answer->facts,
		  "systemd makes all mounts of a unit slaves where it has PrivateTmp=, "
		  "PrivateMounts=, ProtectSystem=, or MountFlags=slave");
	strv_addf(&answer->fixes,
		  "take these settings out of %s (systemctl cat %s), and set MountFlags=shared",
		  unit, unit);
}

void explain_not_shared(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);
	AUTO_FREE char *command = xasprintf("mount --make-shared %s", mnt->target);

	answer->reason = mnt->group ? "IS_SHARED" : mnt->master ? "IS_SLAVE" : "NOT_SHARED";
	say_mount(at, answer);
	if (mnt->group)
		return buf_adds(&answer->text,
				" So the message does not hold here and now: it was shared since, "
				"or the program that complained is in another namespace (--for).");
	buf_adds(&answer->text, " A bind with rshared (in Kubernetes: mountPropagation: "
				"Bidirectional) is to bring mounts out of the container, and for "
				"that the mount that its source lies on must be shared.");
	if (mnt->master)
		buf_addf(&answer->text,
			 " As a slave it receives from peer group %u, but gives nothing back; "
			 "make-shared gives it a group of its own below that one, and nothing that "
			 "mount(8) does makes it a peer there again.",
			 mnt->master);
	else
		buf_adds(&answer->text, " make-shared begins a new peer group: if it was cut from "
					"one, it does not join that again.");
	say_own_ns(at, answer);
	explain_add_command(at->ask, command, answer);
	if (strcmp(mnt->target, at->path) != 0)
		strv_addf(&answer->fixes,
			  "or share that directory alone: mount --bind %s %s; mount "
			  "--make-shared %s",
			  at->path, at->path, at->path);
}

void explain_not_slave(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at);
	AUTO_FREE char *command = xasprintf("mount --make-shared %s", mnt->target);
	bool is_any = mnt->group || mnt->master;

	answer->reason = is_any ? "IS_SHARED" : "NOT_SHARED";
	say_mount(at, answer);
	if (is_any)
		return buf_adds(&answer->text,
				" So the message does not hold here and now: its type was changed "
				"since, or the program is in another namespace (--for).");
	buf_adds(&answer->text,
		 " A bind with rslave (in Kubernetes: mountPropagation: HostToContainer) is to "
		 "receive what is mounted outside, and a private mount passes nothing on.");
	say_own_ns(at, answer);
	explain_add_command(at->ask, command, answer);
}

/* What pivot_root, and a move of the root, want. */
void explain_rootfs_type(const struct explain_at *at, struct explain *answer)
{
	const struct mnt *mnt = explain_mount(at), *parent = explain_parent(at);

	say_mount(at, answer);
	answer->reason = "ROOT_TYPE";
	if (parent && parent->group) {
		answer->reason = "PARENT_SHARED";
		buf_addf(&answer->text,
			 " It hangs on %s, which is shared: the kernel refuses to move it or to "
			 "pivot to it, because that would have to be passed on.",
			 parent->target);
		AUTO_FREE char *command = xasprintf("mount --make-private %s", parent->target);
		return explain_add_command(at->ask, command, answer);
	}
	buf_addf(&answer->text,
		 " A runtime gives the root of a container the propagation that its configuration "
		 "names; %s",
		 mnt->group ? "as long as it is shared, what the container mounts comes out."
			    : "with this type, what the container mounts stays in it.");
}
