/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a box must leave behind while it runs is written down before it is made, so that whoever
 * comes next can remove it. One file per box below RUNTIME/boxes/, held locked (flock) by the
 * mntns that runs it: a record nobody locks is a dead box's. Only boxes with a name or with
 * limits have one. RUNTIME is /run/mntns for root, $XDG_RUNTIME_DIR/mntns for others
 * (/tmp/mntns-UID when that is unset; $MNTNS_RUNTIME_DIR overrides all).
 */
#ifndef BOX_JOURNAL_H
#define BOX_JOURNAL_H

#include "box/record.h"

struct journal {
	int fd;	   /* the locked record, -1: none */
	int dirfd; /* of RUNTIME/boxes, so that closing works after a change of namespace */
	char *id;
};

/* 1 to 63 of A-Z a-z 0-9 and, but for the first, _ + - and dot: a file's name, a word, a host. */
bool journal_name_is_valid(const char *name);
/* The same with a sentence. */
int journal_check_name(const char *name, struct err *err);
/* The runtime directory, made with mode 0700 if missing and `create`; owned by the caller.
 * Refuses (EPERM) one that others own or can write. */
int runtime_dir(bool create, char **ret, struct err *err);
/* Gives it a private mount of its own, so that its peers see nothing that is mounted in it. */
int runtime_dir_make_private(const char *dir);
/* Takes that down, if there is one. */
int runtime_dir_release(const char *dir, struct err *err);
/* Takes the name (EEXIST: a running box has it) or, name NULL, makes an id; writes the record. */
int journal_open(struct journal *j, const char *name, struct err *err);
/* Writes the record anew: cgroup directories must be in it before they are made. */
int journal_write(struct journal *j, const struct record *record, struct err *err);
/* Removes the record: after everything in it is gone. */
void journal_close(struct journal *j);
/* Lets go of the record but keeps it, for the next mntns to clean up after: not all is gone. */
void journal_leave(struct journal *j);
/* Cleans up after every record that nobody holds: kills and removes its cgroups, then itself. */
void journal_clean(void);

#endif
