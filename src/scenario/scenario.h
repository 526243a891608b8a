/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls made on the kernel and on the model of it, and the two compared: results, errors, and the
 * tables of all tasks; at random, or those of a file, which also says what it expects. The kernel's
 * side runs in processes with mount namespaces of their own, whose only file system is a tmpfs:
 * nothing of the machine can be reached from there.
 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "base/str.h"

#define SCENARIO_TASKS 8
#define SCENARIO_ROUND 400

struct scenario_random {
	uint64_t seed; /* of the first round; each further one has the next number */
	uint64_t ops;
	unsigned tasks; /* how many processes there are at most */
	bool userns;	/* some of them in user namespaces of their own */
	/* The end of each round that was reached, for whoever waits; NULL: nobody. */
	void (*progress)(void *ctx, uint64_t done);
	void *ctx;
};
struct scenario_result {
	uint64_t compared, refused, rounds;
	/* Differences that were gone when their calls were repeated: whoever looks into the
	   processes from outside keeps their mounts busy for a moment. */
	uint64_t passing;
	double seconds;
	struct buf passed;     /* a line for each that is passing */
	struct buf difference; /* the shortest calls that show it, and both tables; empty: none */
};

/* EPERM: the caller may not make mount namespaces. A difference is no error. */
int scenario_random(const struct scenario_random *random, struct scenario_result *ret,
		    struct err *err);
void scenario_result_done(struct scenario_result *result);

/* A scenario file, mntns-scenario(5). */
enum scenario_on {
	SCENARIO_ON_BOTH,
	SCENARIO_ON_KERNEL,
	SCENARIO_ON_MODEL,
};
struct scenario_played {
	char *title;
	size_t statements, expectations;
	struct buf failures; /* lines: expectations that were not met, or the first difference */
};
/* `name` is the file's, for sentences. A failure is no error. EINVAL: it cannot be read. */
int scenario_play(const char *name, const char *text, enum scenario_on on,
		  struct scenario_played *ret, struct err *err);
void scenario_played_done(struct scenario_played *played);

#endif
