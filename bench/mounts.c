// SPDX-License-Identifier: Apache-2.0
/*
 * mounts DIR N [PER]: makes a busy host: N mounts below DIR, each on a directory of its own, as
 * containers' volumes are: all in DIR, or PER of them in each directory of it. They are binds of
 * one tmpfs, the quickest to make; a copy of the mount table costs the same for every kind of
 * mount.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 3 && argc != 4)
		errx(2, "usage: mounts DIR N [PER]");
	if (mkdir(argv[1], 0755) || mount("tmpfs", argv[1], "tmpfs", 0, "mode=755") ||
	    chdir(argv[1]) || mkdir("source", 0755))
		err(1, "%s", argv[1]);
	int n = atoi(argv[2]), per = argc == 4 ? atoi(argv[3]) : 0;
	for (int i = 1; i < n; i++) { /* the tmpfs itself is the first */
		char name[64];
		if (per) {
			snprintf(name, sizeof(name), "pod-%d", i / per);
			if (mkdir(name, 0755) && errno != EEXIST)
				err(1, "%s", name);
			snprintf(name, sizeof(name), "pod-%d/%d", i / per, i);
		} else {
			snprintf(name, sizeof(name), "%d", i);
		}
		if (mkdir(name, 0755) || mount("source", name, NULL, MS_BIND, NULL))
			err(1, "mount %d of %d below %s", i, n, argv[1]);
	}
	return 0;
}
