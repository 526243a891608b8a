// SPDX-License-Identifier: Apache-2.0
/* What is there for one process and not for another one; and what is there twice. */
#include "base/mem.h"
#include "mnt/who.h"
#include "plan/explain_parts.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static bool is_there(enum explain_there there)
{
	return there != EXPLAIN_MISSING && there != EXPLAIN_UNKNOWN;
}

static void say_mount_of(const struct explain_ask *ask, uint32_t ns, const char *path,
			 const char *who, struct explain *answer)
{
	struct explain_ask there = *ask;
	struct explain_at at;
	AUTO(buf) struct buf line = {0};

	there.ns = ns;
	if (explain_at_init(&at, &there, path, NULL) < 0)
		return;
	explain_add_mount(&line, explain_mount(&at));
	strv_addf(&answer->facts, "in %s it is on %s, mounted on %s", who, line.data,
		  explain_mount(&at)->target);
	explain_at_done(&at);
}

static void say_only_here(const struct explain_at *at, const char *label, struct explain *answer)
{
	const struct explain_ask *ask = at->ask;

	answer->reason = "ONLY_HERE";
	buf_addf(
		&answer->text,
		"%s is there in the caller's mount namespace, but not in %s: that has another file "
		"system, or another mount, at this place.",
		at->path, label);
	say_mount_of(ask, ask->world->self, at->path, "the caller's namespace", answer);
	strv_addf(&answer->fixes, "mntns why %s self %llu", at->path,
		  (unsigned long long)ask->world->ns[ask->ns].inode);
	strv_add(&answer->fixes, "if it is a unit of systemd: PrivateTmp=, ProtectHome= and the "
				 "like put something else there");
}

static void say_missing(const struct explain_at *at, const char *label, struct explain *answer)
{
	answer->reason = "MISSING";
	buf_addf(&answer->text, "%s is not there, in %s.", at->path, label);
	strv_addf(&answer->fixes, "mntns explain %s: whether a mount hides what was there",
		  explain_mount(at)->target);
}

void explain_missing(const struct explain_at *at, struct explain *answer)
{
	const struct explain_ask *ask = at->ask;
	uint32_t self = ask->world->self;
	enum explain_there there = explain_look(ask, ask->ns, at->path);
	AUTO_FREE char *label = mnt_ns_label(ask->world, ask->ns);

	answer->code = ENOENT;
	say_mount_of(ask, ask->ns, at->path, label, answer);
	if (there == EXPLAIN_MISSING)
		return ask->ns != self && is_there(explain_look(ask, self, at->path))
			       ? say_only_here(at, label, answer)
			       : say_missing(at, label, answer);
	answer->reason = is_there(there) ? "IS_THERE" : "NOT_SEEN";
	if (is_there(there))
		buf_addf(&answer->text,
			 "%s is there, in %s. It was made since, or the program that complained is "
			 "in another namespace (--for).",
			 at->path, label);
	else
		buf_addf(&answer->text, "Whether %s is there, in %s, cannot be seen from here.",
			 at->path, label);
}

/* The file system of a mount point, or of a device by its node. */
static int subject_of(const struct explain_at *at, struct mnt_subject *ret)
{
	struct stat st;

	if (at->ask->is_live && stat(at->path, &st) == 0 && S_ISBLK(st.st_mode))
		return mnt_subject_device(at->ask->world, major(st.st_rdev), minor(st.st_rdev), ret,
					  NULL);
	if (mnt_subject_source(at->ask->world, at->path, ret, NULL) == 0)
		return 0;
	return mnt_subject_mount(at->ask->world, explain_mount(at)->id, ret, NULL);
}

void explain_already(const struct explain_at *at, struct explain *answer)
{
	const struct mnt_world *world = at->ask->world;
	struct mnt_subject subject;
	size_t n = 0;

	answer->code = EBUSY;
	if (subject_of(at, &subject) < 0)
		subject = (struct mnt_subject){0};
	for (uint32_t k = 0; k < world->n_ns; k++)
		for (uint32_t i = 0; i < world->ns[k].table.n; i++) {
			const struct mnt *mnt = &world->ns[k].table.v[i];
			if (mnt->major != subject.major || mnt->minor != subject.minor ||
			    ++n > EXPLAIN_SHOWN)
				continue;
			explain_add_found(at->ask, k, mnt, answer);
		}
	answer->reason = n ? "ALREADY_MOUNTED" : "NOT_MOUNTED";
	if (!n)
		return buf_addf(&answer->text, "What is at %s is mounted nowhere in sight.",
				at->path);
	buf_addf(
		&answer->text,
		"The file system is mounted at %zu place%s. mount(2) refuses to mount the same one "
		"once more on its own root, and a device with other options than it has there.",
		n, n == 1 ? "" : "s");
	strv_add(&answer->fixes, "bind one of these instead of mounting the device once more");
	strv_addf(&answer->fixes, "mntns who %s", at->path);
}
