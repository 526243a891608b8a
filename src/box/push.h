/* SPDX-License-Identifier: Apache-2.0 */
/* The few phrases of ops that the compilers of a box's view are written in. */
#ifndef BOX_PUSH_H
#define BOX_PUSH_H

#include "op/op.h"

/* A target; the path is copied. */
struct op_target push_at(int handle, const char *path);
/* Each returns a new handle. */
int push_open(struct ops *ops, struct op_target from, unsigned flags, const char *said);
int push_fs(struct ops *ops, const char *type, uint64_t attr, const char *options);
/* An empty directory to hide others with. */
int push_empty(struct ops *ops);
void push_attach(struct ops *ops, int handle, struct op_target to, unsigned flags);
void push_set(struct ops *ops, struct op_target to, uint64_t set, uint64_t propagation,
	      unsigned flags);
/*
 * Makes the tree `handle`, attached at "/", the root, and drops the old one with the `covers`
 * mounts that lay on it before.
 */
void push_switch_root(struct ops *ops, int handle, int covers);

#endif
