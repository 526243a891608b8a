/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of a container between two commands: a directory ROOT/ID with the record
 * (state.json, replaced in one step), the configuration it was made from, and the socket on which
 * its first process waits to be started. The directory itself is the lock.
 */
#ifndef OCI_STATE_H
#define OCI_STATE_H

#include "oci/config.h"

enum status {
	STATUS_CREATING,
	STATUS_CREATED,
	STATUS_RUNNING,
	STATUS_PAUSED,
	STATUS_STOPPED,
};

struct state {
	char *id, *bundle, *created, *rootfs;
	int dir;       /* of the container, locked unless it was opened to be looked at; -1: none */
	int root;      /* of all containers */
	pid_t pid;     /* of the first process, 0: there is none yet */
	uint64_t born; /* when it was, in ticks since boot: tells it from a later one of that PID */
	int unread;    /* errno of a record that is there and cannot be read, 0: it was */
	uid_t owner;
	struct strv cgroups;
	char *unit;	     /* of systemd, NULL: none */
	json_t *annotations; /* NULL: none */
	char *version;
};

int state_check_id(const char *id, struct err *err);
/* Takes the name, EEXIST if it is taken, and writes the configuration. */
int state_new(const char *root, const char *id, const char *bundle, const struct config *config,
	      struct state *ret, struct err *err);
/* Its creation is over. */
void state_made(const struct state *state);
/* It is not, and nobody is at it; of one that was opened to be looked at. */
bool state_is_abandoned(const struct state *state);
enum state_lock {
	STATE_LOOK,
	STATE_LOCK,  /* nobody else changes it meanwhile; waits for who does */
	STATE_SEIZE, /* who does it for long is ended */
};
/* ENOENT: there is none. */
int state_open(const char *root, const char *id, enum state_lock lock, struct state *ret,
	       struct err *err);
/* The lock of a container's directory, from whoever has it; EWOULDBLOCK: he does not end. */
int state_seize(int dir);
/* Others may change it from here on. Of no use, or no harm, where it cannot be done. */
void state_unlock(const struct state *state);
/* Nobody may again; false: it was deleted meanwhile, and the name may be another's. */
bool state_lock_again(const struct state *state);
int state_save(const struct state *state, struct err *err);
/* Its process alone, in another place; read only where the record says none. */
int state_save_spare(const struct state *state, struct err *err);
void state_read_spare(struct state *state);
/* Removes all of it. */
int state_remove(struct state *state);
void state_done(struct state *state);

/* Says that its record could not be read. */
int state_unread(const struct state *state, struct err *err);
/* An enum status; -errno: it is not known, as the process cannot be looked at. */
int state_status(const struct state *state, struct err *err);
const char *status_name(enum status status);
/* As `state` prints it, and hooks read it. */
json_t *state_json(const struct state *state, enum status status);
/* The configuration the container was made from, for those who come later. */
int state_write_config(const struct state *state, const struct buf *text, struct err *err);
int state_config(const struct state *state, const char *kept, struct config *ret, struct err *err);
/*
 * What no other process with this pid has: the inode of its pidfd, before Linux 6.9 when it was
 * born. 0: it is not there, or a zombie.
 */
int process_born(pid_t pid, uint64_t *ret, struct err *err);
/* The process, if it is still the one; else -ESRCH. */
int state_pidfd(const struct state *state, struct err *err);

int state_listen(const struct state *state, struct err *err);
/* -errno; ECONNREFUSED: nobody waits. */
int state_connect(const struct state *state);

/* Every id below `root`, sorted. */
int state_list(const char *root, struct strv *ret, struct err *err);

#endif
