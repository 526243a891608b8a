/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the program is: user, groups, capabilities. Names are looked up in the box's own
 * /etc/passwd and /etc/group, which are hostile input: regular files, size-limited, no NSS.
 */
#ifndef BOX_IDENTITY_H
#define BOX_IDENTITY_H

#include "box/spec.h"

struct identity {
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	size_t n_groups;
	char *home; /* NULL: unknown */
};

/* Looks `spec->user` up; the root is switched. */
int identity_find(const struct spec *spec, struct identity *ret, struct err *err);
/*
 * Becomes it, with the capabilities of the spec, and reads all of it back: a mismatch is an
 * error. In a user namespace that denies setgroups(2), supplementary groups are left alone.
 */
int identity_become(const struct spec *spec, const struct identity *id, struct err *err);
/* The spec's capability names are known, a sentence if not. Pure. */
int identity_check_caps(const struct spec *spec, struct err *err);
/* "SYS_ADMIN", "cap_sys_admin", "ALL" -> bits; 0: unknown. */
uint64_t identity_cap_bits(const char *name);
void identity_done(struct identity *id);

#endif
