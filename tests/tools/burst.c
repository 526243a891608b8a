// SPDX-License-Identifier: Apache-2.0
/* burst DIR N [shared]: a tmpfs on DIR, and N mounts in it as fast as can be. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int n = argc == 3 || argc == 4 ? atoi(argv[2]) : 0;
	char name[16];

	if (n < 1 || mount("burst", argv[1], "tmpfs", 0, NULL) < 0 || chdir(argv[1]) < 0 ||
	    mkdir("source", 0755) < 0)
		err(1, "burst DIR N [shared]");
	if (argc == 4 && mount(NULL, ".", NULL, MS_SHARED, NULL) < 0)
		err(1, "shared");
	/* The tmpfs itself is the first. */
	for (int i = 1; i < n; i++) {
		snprintf(name, sizeof(name), "%d", i);
		if (mkdir(name, 0755) < 0)
			err(1, "%s", name);
	}
	for (int i = 1; i < n; i++) {
		snprintf(name, sizeof(name), "%d", i);
		if (mount("source", name, NULL, MS_BIND, NULL) < 0)
			err(1, "mount %s", name);
	}
	return 0;
}
