// SPDX-License-Identifier: Apache-2.0
/* Files in /proc/thread-self/attr; what is written there is the label of the next program. */
#include "box/labels.h"
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static bool has_apparmor(void)
{
	AUTO(buf) struct buf text = {0};

	return io_read_file(AT_FDCWD, "/sys/module/apparmor/parameters/enabled", 16, &text, NULL) ==
		       0 &&
	       str_starts(text.data, "Y");
}

/* A kernel that has it but was started without does not list its file system. */
static bool has_selinux(void)
{
	AUTO(buf) struct buf text = {0};

	return io_read_file(AT_FDCWD, "/proc/filesystems", 1 << 16, &text, NULL) == 0 &&
	       strstr(text.data, "\tselinuxfs\n");
}

bool labels_is_option(const char *word)
{
	static const char *const keys[] = {"context=", "fscontext=", "defcontext=", "rootcontext="};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (str_starts(word, keys[i]))
			return true;
	return false;
}

int labels_check_mount(const struct spec_mount *m, struct err *err)
{
	for (size_t i = 0; i < m->words.n; i++)
		if (labels_is_option(m->words.v[i]) && !has_selinux())
			return err_say(err, ENOTSUP, "%s: %s: this kernel runs without SELinux",
				       m->said, m->words.v[i]);
	return 0;
}

int labels_check(const struct spec *spec, struct err *err)
{
	const struct spec_process *p = spec->process;

	if (p->apparmor && !has_apparmor())
		return err_say(err, ENOTSUP,
			       "process.apparmorProfile: this kernel runs without AppArmor");
	if (p->selinux && !has_selinux())
		return err_say(err, ENOTSUP,
			       "process.selinuxLabel: this kernel runs without SELinux");
	if (spec->mount_label && !has_selinux())
		return err_say(err, ENOTSUP, "linux.mountLabel: this kernel runs without SELinux");
	for (size_t i = 0; i < spec->n_mounts; i++)
		if (labels_check_mount(&spec->mounts[i], err) < 0)
			return -err->code;
	return 0;
}

static int new_proc(struct err *err)
{
	AUTO_FD int fs = fsopen("proc", FSOPEN_CLOEXEC);
	int fd = -1;

	if (fs >= 0 && fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		fd = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
	return fd < 0 ? err_set(err, errno, "a procfs of our own") : fd;
}

static int write_label(int procfd, const char *file, const char *text, struct err *err)
{
	AUTO_FREE char *path = xasprintf("thread-self/attr/%s", file);

	return io_write_file(procfd, path, text, err);
}

static int write_labels(const struct spec_process *process, int procfd, struct err *err)
{
	if (process->apparmor) {
		AUTO_FREE char *text = xasprintf("exec %s", process->apparmor);
		/* Before Linux 5.8 there is one file for all modules. */
		bool own = faccessat(procfd, "thread-self/attr/apparmor/exec", F_OK, 0) == 0;
		if (write_label(procfd, own ? "apparmor/exec" : "exec", text, err) < 0)
			return err_add(err, "process.apparmorProfile: %s", process->apparmor);
	}
	if (process->selinux && write_label(procfd, "exec", process->selinux, err) < 0)
		return err_add(err, "process.selinuxLabel: %s", process->selinux);
	return 0;
}

int labels_apply(const struct spec_process *process, int procfd, struct err *err)
{
	AUTO_FD int fresh = -1;

	if (!process->apparmor && !process->selinux)
		return 0;
	if (procfd < 0) {
		fresh = new_proc(err);
		if (fresh < 0)
			return fresh;
	}
	return write_labels(process, procfd < 0 ? fresh : procfd, err);
}
