/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a box is born: two const arrays of named steps, one for the parent and one for the child,
 * read from top to bottom. A step that fails names itself; the child sends its error home over
 * the sync socket, whose end of file means that the program was executed.
 */
#ifndef BOX_BIRTH_H
#define BOX_BIRTH_H

#include <signal.h>

#include "box/box.h"
#include "box/cgroup.h"
#include "box/compile.h"
#include "box/identity.h"
#include "box/journal.h"
#include "box/listener.h"
#include "exec/kernel.h"

struct box_into;
struct contain;

struct box {
	const struct spec *spec;
	struct box_view view;
	size_t view_at; /* the first of its ops behind the clone that is still to come, 0: all */
	struct exec exec;
	struct identity identity;
	struct journal journal;
	struct cgroup cgroup;
	struct strv cgroup_dirs;
	char *template;
	char *idmap;	 /* of the user namespace, NULL: none */
	bool is_initial; /* the user namespace of the caller is the machine's */
	bool rootless;	 /* the caller has no privilege but over that */
	int procfd;	 /* O_PATH of the caller's /proc, which is out of sight in the template */
	int sync;	 /* this side's end of the socket */
	int child_sync;	 /* the child's end, until it has it */
	int master;	 /* of the terminal, -1: none */
	int listener;	 /* a container's process waits here to be started, -1: nowhere */
	int console;	 /* where a container's terminal goes, -1: to the caller */
	int userns;	 /* of the user namespace that a container joins, -1: none */
	int old_root;	 /* of a container that is not in its own yet, -1: it is */
	struct box_notify notify;    /* a container's, where its listener goes */
	const struct contain *order; /* a container's, NULL: none */
	int report; /* where a detached supervisor says that the program runs, -1: nowhere */
	const struct box_into *into; /* the cgroups of a container's process, NULL: none */
	uint32_t v1_made;	     /* a bit for each of v1 that there is, of the first 32 */
	int *tasks;		     /* their files `tasks`, of v1 */
	int v2;			     /* its directory of v2, -1: none */
	uint64_t made_ahead;	     /* namespaces that its helper made */
	bool is_gone;		     /* the child, before it was told something */
	bool joined;		     /* it is in them */
	bool is_direct;		     /* a container's process was born without a midwife */
	bool masks_directory;	     /* with the mount that the other masks are copies of */
	bool settles_early;	     /* and enters its cgroups when it is released */
	int (*started)(void *arg, struct err *err); /* called once the program runs, or NULL */
	void *started_arg;
	pid_t pid;     /* of the child */
	bool executed; /* the program runs */
	int status;    /* exit status, when it failed before that */
	sigset_t mask; /* the caller's */
	mode_t umask;  /* likewise */
};

void box_init(struct box *box, const struct spec *spec);
/* Everything up to the child's release. On failure nothing of it is left. */
int box_birth(struct box *box, struct err *err);
/* Waits for the end: forwards signals, relays the terminal. The exit status. */
int box_supervise(struct box *box, struct err *err);
/* Kills the child if it still runs, removes what was made. */
void box_done(struct box *box);

/* The map and the template as they are here and now, into box->idmap and ->template. */
int box_survey(struct box *box, struct err *err);
/* The child's life; does not return. */
/* True if the child must wait for what only the parent can do: id maps, cgroups. */
bool box_waits(const struct box *box);
_Noreturn void box_child(struct box *box);

/* --- steps that the births of boxes and of containers share --- */
struct box_step {
	const char *name;
	int (*run)(struct box *box, struct err *err);
};
/* All of them. A step that fails without a sentence gets its name. */
int box_walk(struct box *box, const struct box_step *steps, size_t n, struct err *err);
/* The same in a child, which reports a failure and ends; the last one does not return. */
_Noreturn void box_walk_child(struct box *box, const struct box_step *steps, size_t n);
int step_compile(struct box *box, struct err *err);
int step_check_root(struct box *box, struct err *err);
int step_open_proc(struct box *box, struct err *err);
int step_open_sources(struct box *box, struct err *err);
int step_wait_for_release(struct box *box, struct err *err);
int step_become_root(struct box *box, struct err *err);
int step_new_session(struct box *box, struct err *err);
int step_open_terminal(struct box *box, struct err *err);
int step_attach_console(struct box *box, struct err *err);
int step_set_hostname(struct box *box, struct err *err);
int step_raise_loopback(struct box *box, struct err *err);
int step_enter_workdir(struct box *box, struct err *err);

/* --- the sync socket: one packet a message --- */
enum sync_kind {
	SYNC_GO,       /* parent: id maps and cgroups are set, go on */
	SYNC_FAILED,   /* child: exit status, code and text of the error */
	SYNC_WAITS,    /* child: for its cgroups */
	SYNC_CGROUPS,  /* parent: they are made, status has a bit for each of v1 */
	SYNC_BORN,     /* midwife: status is the child's PID */
	SYNC_JOINED,   /* child: it is in its cgroups */
	SYNC_READY,    /* child: all is done but the execution of the program */
	SYNC_TERMINAL, /* child: the terminal's master end as SCM_RIGHTS */
	SYNC_LISTENER, /* child: its seccomp filter's listener as SCM_RIGHTS; SYNC_GO answers */
};
struct sync_message {
	enum sync_kind kind;
	int status, code;
	char text[2048];
};
int sync_pair(int *ret_parent, int *ret_child, struct err *err);
int sync_send(int fd, const struct sync_message *message, int pass_fd);
/* In the child: the next message, of that kind. It ends with the parent. */
int box_hear(struct box *box, enum sync_kind kind, int *ret_status, struct err *err);
/* To the child. Of one that is gone that is no error: it has said why, or was killed. */
int box_tell_child(struct box *box, const struct sync_message *message, struct err *err);
/*
 * 1: a message (and *ret_fd, -1: none came), 0: the other side is gone, -errno; EPROTO: no message
 * of ours. A descriptor that nobody asked for is closed.
 */
int sync_receive(int fd, struct sync_message *ret, int *ret_fd);

#endif
