/* SPDX-License-Identifier: Apache-2.0 */
/* A container's life as the commands make it: creation with all it needs, and one way to its end.
 */
#ifndef OCI_CONTAINER_H
#define OCI_CONTAINER_H

#include "oci/args.h"
#include "oci/cgroups.h"
#include "oci/state.h"

struct container {
	struct config config;
	struct buf text; /* of the configuration, where it is a new one */
	struct state state;
	struct cgroups cgroups;
	struct box_into into;  /* those that were made */
	int listener, console; /* -1: none */
	const struct log *log; /* for its warnings */
	const char *pid_file;  /* NULL: none */
	pid_t holder;	       /* of systemd's scope until the container's process is there */
	bool has_cgroups;      /* unless it is to have none */
	bool started_by_birth; /* run: the program follows without a `start` */
};

void container_init(struct container *c);
/* One that is there. */
int container_open(struct container *c, const struct args *args, const char *id, bool lock,
		   struct err *err);
void container_done(struct container *c);
/* How engines know which of their errors it is. */
int container_say_failure(const struct spec *spec, int status, struct err *err);

/* --- container_prepare.c --- */
/* Reads the configuration, takes the id, makes cgroups and sockets. */
int container_prepare(struct container *c, const struct args *args, bool listen, struct err *err);
/* The socket of --console-socket. */
int container_console(const char *path, bool tty, int *ret, struct err *err);

/* --- container_cgroups.c --- */
/* What its cgroups are to allow; `limit` of box/contain.h. */
int container_limit(void *container, struct err *err);
int container_await_cgroups(void *container, uint32_t *ret_made, struct err *err);

/* --- container_settle.c --- */
/* Nothing is done before the program that needs the container to be in its cgroups: no hook. */
bool container_settles_early(const struct container *c);
/* Between birth and release: cgroups, record, hooks. A `settle` of box/contain.h. */
int container_settle(void *container, pid_t pid, struct err *err);
/* By the process itself: the hooks that run inside; `inside` and `starting` of box/contain.h. */
int container_inside(void *container, int root, struct err *err);
int container_starting(void *container, struct err *err);
/* Delivers a seccomp listener; of struct box_notify. */
int container_notify(void *container, pid_t pid, int listener, struct err *err);
/* Runs the hooks of one kind with the state as it is. */
int container_hooks(struct container *c, enum hook_kind kind, enum status status, struct err *err);

/* --- container_pid.c --- */
/* NULL: nowhere. */
int container_write_pid(const char *path, pid_t pid, struct err *err);

/* --- container_destroy.c --- */
/* All that exists of it goes: processes, cgroups, record. */
int container_destroy(struct container *c, struct err *err);

#endif
