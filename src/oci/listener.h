/* SPDX-License-Identifier: Apache-2.0 */
/* Who answers for a container's seccomp filter: linux.seccomp.listenerPath. */
#ifndef OCI_LISTENER_H
#define OCI_LISTENER_H

#include "oci/state.h"

/* A stream to the socket `path`, as long as a path may be. -errno. */
int listener_connect(const char *path);
/* Sends the container process state with the listener of `pid`. */
int listener_send(const struct config *config, const struct state *state, enum status status,
		  pid_t pid, int listener, struct err *err);

#endif
