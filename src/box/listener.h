/* SPDX-License-Identifier: Apache-2.0 */
/* A seccomp filter that asks somebody outside, and the way of its listener to there. */
#ifndef BOX_LISTENER_H
#define BOX_LISTENER_H

#include "box/spec.h"

/* Called outside with the listener of process `pid`, which waits. */
struct box_notify {
	int (*deliver)(void *arg, pid_t pid, int listener, struct err *err);
	void *arg;
};

/*
 * Loads the filter of `process` into the caller. If it has a listener, that goes over `sync`, and
 * this returns once it was delivered.
 */
int listener_load(const struct spec_process *process, int sync, struct err *err);
/* The other side: hands on what came over `sync`, and closes it. */
int listener_deliver(const struct box_notify *notify, int sync, pid_t pid, int listener,
		     struct err *err);

#endif
