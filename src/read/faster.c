// SPDX-License-Identifier: Apache-2.0
/*
 * Which way to read a table is the faster one. A mount costs statmount(2) about twice as much as
 * mountinfo, but for a slave mountinfo goes through the peers of its masters as well. Where that
 * takes longer than the other half is a matter of the machine and of the moment, so a few mounts
 * are measured: with some ten peers both ways cost the same, with 100 peers mountinfo takes five
 * times as long as statmount, with 1,000 thirty times.
 */
#include "read/statmount.h"
#include "sys/calls.h"

#include <time.h>

#define SAMPLES 8

struct cost {
	uint64_t all;	/* of statmount with what a table needs, ns */
	uint64_t peers; /* of the walk through the peers */
};

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint64_t cost_of(uint64_t ns, uint64_t id, uint64_t mask)
{
	union {
		struct uapi_statmount st;
		char room[4096];
	} buf;
	uint64_t start = now();

	sys_statmount(ns, id, mask, &buf.st, sizeof(buf));
	return now() - start;
}

static void add_sample(uint64_t ns, uint64_t id, struct cost *cost)
{
	struct uapi_statmount st;

	if (sys_statmount(ns, id, STATMOUNT_MNT_BASIC, &st, sizeof(st)) < 0 || !st.mnt_master)
		return;
	uint64_t basic = cost_of(ns, id, STATMOUNT_MNT_BASIC);
	uint64_t from = cost_of(ns, id, STATMOUNT_MNT_BASIC | STATMOUNT_PROPAGATE_FROM);
	cost->peers += from > basic ? from - basic : 0;
	cost->all += cost_of(ns, id, READ_STATMOUNT_MASK);
}

/* What is true for one mount is mostly true for all: a copy of a namespace is made slave as a
 * whole. */
bool read_statmount_is_faster(uint64_t ns)
{
	uint64_t ids[512];
	ssize_t n = sys_listmount(ns, LSMT_ROOT, 0, ids, ARRAY_SIZE(ids));
	struct cost cost = {0};

	for (ssize_t i = 0; i < n; i += 1 + n / SAMPLES)
		add_sample(ns, ids[i], &cost);
	return cost.peers > cost.all / 2;
}
