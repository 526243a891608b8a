// SPDX-License-Identifier: Apache-2.0
/* Where what would help is one command, the command, with the paths of this machine. */
#include "base/mem.h"
#include "base/shell.h"
#include "mnt/who.h"
#include "plan/explain_parts.h"

#include <string.h>

enum of {
	OF_PLACE, /* the mount that the rule is about */
	OF_TO,	  /* the operation's target */
	OF_FROM,
};
static const struct {
	enum model_why why;
	const char *command;
	enum of of;
	bool twice;
} rows[] = {
	{MODEL_WHY_PIVOT_PUT_SHARED, "mount --make-private", OF_PLACE, false},
	{MODEL_WHY_PIVOT_NEW_PARENT_SHARED, "mount --make-private", OF_PLACE, false},
	{MODEL_WHY_PIVOT_OLD_PARENT_SHARED, "mount --make-private", OF_PLACE, false},
	{MODEL_WHY_MOVE_PARENT_SHARED, "mount --make-private", OF_PLACE, false},
	{MODEL_WHY_MOVE_UNBINDABLE, "mount --make-private", OF_PLACE, false},
	{MODEL_WHY_SOURCE_UNBINDABLE, "mount --make-private", OF_PLACE, false},
	{MODEL_WHY_BENEATH_COMES_BACK, "mount --make-private", OF_PLACE, false},
	{MODEL_WHY_BENEATH_SOURCE_COMES_BACK, "mount --make-private", OF_PLACE, false},
	{MODEL_WHY_BENEATH_COVERED, "umount", OF_PLACE, false},
	{MODEL_WHY_PIVOT_SAME, "mount --rbind", OF_TO, true},
	{MODEL_WHY_PIVOT_NEW_NOT_ROOT, "mount --rbind", OF_TO, true},
	{MODEL_WHY_PIVOT_NEW_LOCKED, "mount --rbind", OF_TO, true},
	{MODEL_WHY_SETATTR_NOT_ROOT, "mount --bind", OF_TO, true},
	{MODEL_WHY_MOVE_NOT_ROOT, "mount --bind", OF_FROM, true},
	{MODEL_WHY_UMOUNT_HAS_MOUNTS, "umount -R", OF_TO, false},
	{MODEL_WHY_UMOUNT_IN_USE, "umount -l", OF_TO, false},
	{MODEL_WHY_UMOUNT_COPY_IN_USE, "umount -l", OF_TO, false},
	{MODEL_WHY_READ_ONLY_FS, "mount -o remount,rw", OF_PLACE, false},
	{MODEL_WHY_READ_ONLY_MOUNT, "mount -o remount,bind,rw", OF_PLACE, false},
	{MODEL_WHY_IS_MOUNTPOINT, "umount", OF_PLACE, false},
};

void explain_add_command(const struct explain_ask *ask, const char *command, struct explain *answer)
{
	AUTO(buf) struct buf way = {0};

	if (ask->ns == ask->world->self || !mnt_ns_print_way(ask->world, ask->ns, &way))
		return strv_add(&answer->fixes, command);
	bool is_pid = way.data[strspn(way.data, "0123456789")] == 0;
	strv_addf(&answer->fixes, "nsenter %s%s -- %s", is_pid ? "-m -t " : "--mount=", way.data,
		  command);
}

void explain_add_fix(const struct explain_ask *ask, enum model_why why, const struct op *op,
		     const char *place, struct explain *answer)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(rows) && rows[i].why != why)
		i++;
	if (i == ARRAY_SIZE(rows))
		return;
	const char *path = rows[i].of == OF_PLACE ? place
			   : rows[i].of == OF_TO  ? op->to.path
						  : op->from.path;
	AUTO(buf) struct buf command = {0};
	if (!path || *path != '/')
		return;
	buf_addf(&command, "%s ", rows[i].command);
	shell_add_word(&command, path);
	if (rows[i].twice) {
		buf_addc(&command, ' ');
		shell_add_word(&command, path);
	}
	explain_add_command(ask, command.data, answer);
}
