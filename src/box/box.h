/* SPDX-License-Identifier: Apache-2.0 */
/* Running a spec. The functions a front end calls; everything else in box/ is private to it. */
#ifndef BOX_BOX_H
#define BOX_BOX_H

#include "box/spec.h"
#include "op/op.h"

/* Exit statuses of our own, as docker, podman and env(1) have them. */
enum {
	BOX_EXIT_FAILED = 125,
	BOX_EXIT_NOT_EXECUTABLE = 126,
	BOX_EXIT_NOT_FOUND = 127
};

/*
 * Starts the program, forwards signals to it and waits for its end. Returns its exit status
 * (128+n: killed by signal n), or one of BOX_EXIT_* with err set.
 */
int box_run(const struct spec *spec, struct err *err);
/* The same with the supervisor in the background: 0 and the program's PID once it runs. */
int box_detach(const struct spec *spec, pid_t *ret_pid, struct err *err);
/* The ops that box_run would carry out here, now. Looks at the machine, changes nothing. */
int box_plan(const struct spec *spec, struct ops *ret, struct err *err);

/* One that runs, of those with a name or with limits: the others leave no record. */
struct box_entry {
	char *name; /* as given, or made up */
	pid_t pid;  /* of its first process, in the caller's PID namespace; 0: not yet born */
	char *root;
	struct strv command;
	struct strv cgroups;
};
struct box_list {
	struct box_entry *v;
	size_t n;
};
/* The caller's boxes, by name. */
int box_list(struct box_list *ret, struct err *err);
void box_list_done(struct box_list *list);

/* Removes what killed boxes left behind (cgroups, records). Cheap when there is nothing. */
void box_clean(void);
/* Removes the template's pin, and every pin of ours; the number of pins removed. */
int box_unpin_all(struct err *err);

#endif
