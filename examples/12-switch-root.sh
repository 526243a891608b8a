#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Switching the root: the old root goes away, with pivot_root(".", ".") and with a put_old directory.
# chroot is not enough: a privileged program walks out of it.
. "$(dirname "$0")/lib.sh"
see "ls / lists the root's own entries only" \
	[ "$(mntns run busybox ls /)" = "$(ls "$root")" ]
mkdir busybox/old
see "the same with put_old, said as a list of operations" \
	[ "$(mntns ops --exec 'unshare mnt' 'make-rprivate /' "rbind $root $root" "chdir $root" \
		'pivot-root . old' 'umount /old lazy' -- /bin/ls /)" = "$(ls "$root")" ]
rmdir busybox/old

# The classic escape: a second chroot leaves the working directory outside it, and .. leads up.
cat >escape.c <<'EOF'
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void)
{
	mkdir("/hole", 0700);
	if (chroot("/hole"))
		return 2;
	for (int i = 0; i < 64; i++)
		if (chdir(".."))
			return 3;
	if (chroot("."))
		return 4;
	puts(access("/bin/busybox", F_OK) == 0 && access("/hole", F_OK) == 0 ? "still inside" : "escaped");
	return 0;
}
EOF
cc -static -o busybox/bin/escape escape.c
see "a chroot: it escapes" [ "$(chroot busybox /bin/escape)" = escaped ]
see "a switched root: it does not" \
	[ "$(mntns run --cap-add ALL busybox /bin/escape)" = "still inside" ]
