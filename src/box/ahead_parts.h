/* SPDX-License-Identifier: Apache-2.0 */
/* What the caller and its helper share: a mapping, with the futexes in it. */
#ifndef BOX_AHEAD_PARTS_H
#define BOX_AHEAD_PARTS_H

#include "box/ahead.h"
#include "sys/bare.h"

#include <linux/futex.h>
#include <stdbool.h>
#include <sys/types.h>

enum ahead_state {
	AHEAD_GUESSING,
	AHEAD_IDLE,
	AHEAD_MADE, /* or failed */
};

enum {
	AHEAD_SIZE = 8192, /* of the mapping */
	AHEAD_DIRS = 32,
	AHEAD_UNMADE = 1, /* as a directory's code */
};

struct ahead {
	int state;  /* a futex, set by the helper */
	int told;   /* a futex: counts what the caller has said */
	int n_made; /* a futex: directories, woken when all of them are */
	int n_dirs, n_begun;
	int code; /* errno of what failed */
	pid_t caller;
	bool begun;	     /* by the helper */
	bool is_awaited;     /* what is made is needed at once */
	bool is_ended;	     /* by the caller */
	uint64_t wanted;     /* by the caller; 0: nothing yet */
	uint64_t namespaces; /* that are made */
	struct ahead_dir dirs[AHEAD_DIRS];
	char text[]; /* of the directories */
};
_Static_assert(sizeof(struct ahead) < AHEAD_SIZE / 2, "most of it is for text");

/* NULL: there is none. */
extern struct ahead *ahead_shared;

/* --- ahead_work.c: without libc --- */
/* Its PID, or what is not positive. 0 as `wanted`: `guess` says it, if that is not NULL. */
int ahead_bear(uint64_t (*guess)(char **argv), char **argv, uint64_t wanted);
/* The next directory that nobody has begun, by whichever of the two. False: there is none. */
bool ahead_make_dir(void);
/* In whatever state it is. */
void ahead_make_it(struct ahead_dir *dir);
/* Until it is woken or `nanoseconds` are over; at once where the futex has another value. */
void ahead_sleep(int *futex, int value, long nanoseconds);
void ahead_wake(int *futex);

#endif
