// SPDX-License-Identifier: Apache-2.0
/* Who uses a mount or its file system, as facts, and how to let go, as fixes. */
#include "base/mem.h"
#include "mnt/who.h"
#include "plan/explain_parts.h"
#include "read/maps.h"
#include "read/scan.h"

#include <string.h>

static void find(const struct explain_ask *ask, const struct mnt_subject *subject,
		 struct mnt_who *ret)
{
	if (!ask->is_live)
		return mnt_who_find(ask->world, subject, ret);
	struct mnt_who_search *search = mnt_who_begin(ask->world, subject);
	maps_scan(ask->world, mnt_who_devices(search));
	mnt_who_end(search, ret);
	for (size_t i = 0; i < ret->n; i++)
		if (ret->v[i].use != MAP_NONE)
			scan_path(ask->world, ret->v[i].use);
	mnt_who_tidy(ask->world, ret);
}

static void add_user(const struct explain_ask *ask, const struct mnt_who *who,
		     const struct mnt_who_row *row, struct explain *answer)
{
	AUTO(buf) struct buf fact = {0}, path = {0}, reason = {0}, release = {0};

	buf_adds(&fact, mnt_who_words[row->kind]);
	if (row->proc != MAP_NONE) {
		const struct mnt_proc *proc = &ask->world->procs[row->proc];
		buf_addf(&fact, " of process %d (%s)", proc->tid, proc->comm);
		if (proc->unit || proc->container)
			buf_addf(&fact, " of %s", proc->container ? proc->container : proc->unit);
	}
	mnt_who_print_path(ask->world, who, row, &path);
	mnt_who_print_reason(ask->world, who, row, &reason);
	mnt_who_print_release(ask->world, row, &release);
	if (path.len)
		buf_addf(&fact, ": %s", path.data);
	if (reason.len)
		buf_addf(&fact, ", %s", reason.data);
	strv_add(&answer->facts, fact.data);
	if (release.len && !strv_has(&answer->fixes, release.data))
		strv_add(&answer->fixes, release.data);
}

size_t explain_users(const struct explain_ask *ask, uint32_t mount_id, bool only,
		     struct explain *answer)
{
	struct mnt_subject subject;
	AUTO(mnt_who) struct mnt_who who = {0};
	size_t n = 0;

	if (mnt_subject_mount(ask->world, mount_id, &subject, NULL) < 0)
		return 0;
	subject.only = only;
	find(ask, &subject, &who);
	for (size_t i = 0; i < who.n; i++) {
		const struct mnt_who_row *row = &who.v[i];
		if (row->kind == MNT_WHO_MOUNT && (only || row->ns == ask->ns))
			continue;
		if (++n <= EXPLAIN_SHOWN)
			add_user(ask, &who, row, answer);
	}
	if (n > EXPLAIN_SHOWN)
		strv_addf(&answer->facts, "%zu more: mntns who shows them", n - EXPLAIN_SHOWN);
	return n;
}
