// SPDX-License-Identifier: Apache-2.0
/* No copy of the file is made: a detached mount of it, of this one process, is enough. */
#include "oci/self.h"
#include "base/auto.h"
#include "sys/uapi.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>

extern char **environ;

void self_protect(char **argv)
{
	static const char own[] = "/proc/self/exe";
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY, .propagation = MS_PRIVATE};
	struct statvfs fs;

	if (statvfs(own, &fs) < 0 || fs.f_flag & ST_RDONLY) {
		prctl(PR_SET_NAME, "mntns-oci");
		return;
	}
	AUTO_FD int fd = open_tree(AT_FDCWD, own, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (fd >= 0 && mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) == 0)
		execveat(fd, "", argv, environ, AT_EMPTY_PATH);
}
