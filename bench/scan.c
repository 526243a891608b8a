// SPDX-License-Identifier: Apache-2.0
/*
 * scan: what mntns takes to look at the whole machine, without saying anything about it. Linked
 * with the program's own layers.
 */
#include "read/scan.h"

#include <stdio.h>

int main(void)
{
	AUTO(err) struct err err = {0};
	struct mnt_world world;

	if (scan_world(SCAN_TABLES | SCAN_USES | SCAN_MAPS | SCAN_BLOCKS, &world, &err) < 0) {
		fprintf(stderr, "scan: %s\n", err.msg);
		return 1;
	}
	mnt_world_done(&world);
	return 0;
}
