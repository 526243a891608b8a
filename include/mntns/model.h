/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What would happen: the kernel's rules of mounts, in memory. A model is made of the mounts of a
 * machine (mntns/table.h), and operations are carried out on it as the kernel would carry them out,
 * in all mount namespaces. Nothing of the machine is touched, and no privilege is needed.
 *
 *	struct mntns_model *model;
 *	struct mntns_process *process;
 *	struct mntns_snapshot *before, *after;
 *
 *	mntns_model_new(snapshot, &model, &error);
 *	mntns_process_new(model, mntns_namespace_inode(ns), &process, &error);
 *	mntns_model_export(model, &before, &error);
 *	mntns_process_run(process, "bind /srv/data /mnt\nset-attr /mnt ro\n", NULL, &error);
 *	mntns_model_export(model, &after, &error);
 *	... mntns_diff_new(mntns_snapshot_find(before, inode), mntns_snapshot_find(after, inode),
 *			   MNTNS_DIFF_SAME_MACHINE)
 *
 * Ownership, errors, stability: as in mntns/table.h.
 *
 * Threads. A model has no state besides itself: several threads may use several models at the same
 * time, but one model, with its processes, only one after the other.
 *
 * What the model does not know, it takes to be harmless: a path that no table names exists and has
 * no symbolic links, file systems take all options, no mount of a table is locked, all privileges
 * are there. See docs/model.md for the rules.
 */
#ifndef MNTNS_MODEL_H
#define MNTNS_MODEL_H

#include <mntns/table.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mntns_model;
struct mntns_process;

/*
 * A model of the machine as the snapshot shows it: with the rules of the kernel that is named
 * there, else those of the newest one that is known, and with what processes use, if it was made
 * with MNTNS_SCAN_USES. Namespaces without a table are left out, and with them what would arrive
 * there. The snapshot is not needed any more afterwards. EINVAL: tables that lie, as no kernel
 * shows them: mounts that hang on each other, two at one place, groups that are their own slaves.
 */
int mntns_model_new(const struct mntns_snapshot *snapshot, struct mntns_model **ret,
		    struct mntns_error **ret_error);
/* With its processes. NULL is fine. */
void mntns_model_free(struct mntns_model *model);
/*
 * The mounts of all namespaces as they are now, as a snapshot of its own: the namespaces that were
 * loaded, with their numbers, owners and pins' names, and those that processes have made and are
 * in, with numbers above. It has no other processes and nothing that uses mounts. Ids of mounts are
 * the unique ones where these were known, cut to 32 bits. The caller frees it. EINVAL: unique ids
 * so far apart that two are the same in 32 bits.
 */
int mntns_model_export(const struct mntns_model *model, struct mntns_snapshot **ret,
		       struct mntns_error **ret_error);

/*
 * A new process at the root of the namespace with this inode number. It belongs to the model.
 * ESRCH: the model has no such namespace, or no table of it.
 */
int mntns_process_new(struct mntns_model *model, uint64_t inode, struct mntns_process **ret,
		      struct mntns_error **ret_error);
/* The process ends, and with it a namespace that nothing else keeps. NULL is fine. */
void mntns_process_end(struct mntns_process *process);
/* The number of the namespace that it is in, which the operations `unshare` and `setns` change. */
uint64_t mntns_process_namespace(const struct mntns_process *process);
/*
 * Carries out a list of operations in the form of mntns-ops(5), one a line, up to the first that is
 * refused: what was done before it stays done. Handles end with the list. Where ret_done is not
 * NULL, *ret_done is in any case how many primitive operations were carried out: a comfortable word
 * stands for several. A negative errno is the kernel's, and the sentence says which op and why
 * it is refused. EINVAL also for text that is no list of operations: then nothing was done, and
 * where a word is wrong the sentence begins with "ops:LINE:COLUMN: ".
 */
int mntns_process_run(struct mntns_process *process, const char *ops, size_t *ret_done,
		      struct mntns_error **ret_error);

#ifdef __cplusplus
}
#endif

#endif
