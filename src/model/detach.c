// SPDX-License-Identifier: Apache-2.0
/* Files of a task: plain ones, and detached trees, which end with the file that they were made by.
 */
#include "base/mem.h"
#include "model/parts.h"

struct file *task_file(const struct model_task *task, int fd)
{
	return fd >= 0 && fd < task->n_files && task->files[fd].used ? &task->files[fd] : NULL;
}

int model_free_file(const struct model_task *task)
{
	int fd = 0;

	while (task_file(task, fd))
		fd++;
	return fd;
}

bool model_file_is_dir(const struct model_task *task, int fd)
{
	const struct file *file = task_file(task, fd);

	return file && dentry_is_dir(file->at.d);
}

bool model_files_fit(const struct model_task *task, int fd, int other)
{
	const struct file *a = task_file(task, fd), *b = task_file(task, other);

	return a && b && dentries_fit(a->at.d, b->at.d);
}

static void file_set(struct model_task *task, int fd, struct place at, bool owns_tree)
{
	while (task->n_files <= fd)
		VEC_PUSH(task->files, task->n_files, (struct file){0});
	task->files[fd] = (struct file){.at = place_hold(at), .used = true, .owns_tree = owns_tree};
}

int model_open(struct model *m, struct model_task *task, int fd, const struct model_at *at)
{
	struct place place;

	int rc = lookup(m, task, at, true, &place);
	if (rc == 0)
		file_set(task, fd, place, false);
	return rc;
}

int model_open_write(struct model *m, struct model_task *task, int fd, const struct model_at *at)
{
	struct place place;
	int rc = lookup(m, task, at, false, &place);

	if (rc == 0 && dentry_is_dir(place.d))
		rc = refuse(m, MODEL_WHY_WRITE_DIR);
	if (rc == 0)
		rc = mount_check_writable(m, place.mnt);
	if (rc < 0)
		return rc;
	file_set(task, fd, place, false);
	task->files[fd].writes = true;
	place.mnt->writers++;
	place.d->sb->writers++;
	return 0;
}

int model_close(struct model *m, struct model_task *task, int fd)
{
	struct file *file = task_file(task, fd);

	if (!file)
		return refuse(m, MODEL_WHY_NOT_OPEN);
	struct model_ns *ns = file->at.mnt->ns;
	file->at.mnt->writers -= file->writes;
	file->at.d->sb->writers -= file->writes;
	if (file->owns_tree && ns && ns->anonymous && ns->root == file->at.mnt) {
		umount_tree(m, file->at.mnt, false, UMOUNT_CONNECTED);
		ns_forget_anonymous(m, ns);
	}
	place_set(m, &file->at, (struct place){0});
	file->used = false;
	ns_settle(m);
	return 0;
}

int model_open_tree(struct model *m, struct model_task *task, int fd, const struct model_at *at,
		    bool rec)
{
	struct place place;
	struct mount *copy;

	if (!task_may(task))
		return refuse(m, MODEL_WHY_MAY_NOT);
	int rc = lookup(m, task, at, true, &place);
	if (rc == 0)
		rc = clone_source(m, task, &place, rec, &copy);
	if (rc < 0)
		return rc;
	const struct model_ns *ns = place.mnt->ns;
	uint64_t origin = ns && ns->anonymous ? ns->origin : ns ? ns->id : 0;
	ns_new_anonymous(m, task, origin, copy);
	file_set(task, fd, (struct place){copy, copy->root}, true);
	return 0;
}

int model_fsmount(struct model *m, struct model_task *task, int fd, const char *fstype,
		  const char *source, unsigned attr)
{
	if (!task_may(task))
		return refuse(m, MODEL_WHY_MAY_NOT);
	if (attr & ~(unsigned)MODEL_ATTR_ALL)
		return refuse(m, MODEL_WHY_FSMOUNT_UNKNOWN);
	if (!is_atime_mode(attr & MODEL_ATTR_ATIME))
		return refuse(m, MODEL_WHY_FSMOUNT_ATIME);
	struct mount *mnt = new_fs(m, task, fstype, source, attr);
	ns_new_anonymous(m, task, 0, mnt);
	file_set(task, fd, (struct place){mnt, mnt->root}, true);
	return 0;
}
