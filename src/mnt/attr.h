/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be said about one mount, apart from where it is: its attributes (the
 * MOUNT_ATTR_ bits of mount_setattr(2)), its propagation type (the MS_ bits of
 * mount_namespaces(7)) and its id map. A `struct mnt_attr` is a change of these.
 */
#ifndef MNT_ATTR_H
#define MNT_ATTR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct mnt_attr {
	uint64_t set, clear;  /* MOUNT_ATTR_*; set wins where both are given for the atime mode */
	uint64_t propagation; /* MS_PRIVATE, MS_SLAVE, MS_SHARED, MS_UNBINDABLE; 0: unchanged */
	char *idmap;	      /* "u:INSIDE:OUTSIDE:LENGTH,g:…", see mnt_idmap_check; owned */
};

bool mnt_attr_is_empty(const struct mnt_attr *attr);
/*
 * Adds one word (ro, rw, nosuid, …, private, slave, …, idmap=…). Returns 1 if it was
 * one, 0 if the word is no attribute, -EINVAL if it contradicts what was said before.
 */
int mnt_attr_add_word(struct mnt_attr *attr, const char *word, struct err *err);
/* The words that make `attr`, each with `sep` in front, in the fixed order of the table. */
void mnt_attr_print(const struct mnt_attr *attr, char sep, struct buf *out);
struct mnt_attr mnt_attr_copy(const struct mnt_attr *attr);
void mnt_attr_done(struct mnt_attr *attr);

/* private, slave, shared, unbindable -> MS_ bit; 0: no such word. "unchanged" is not one. */
uint64_t mnt_propagation_parse(const char *word);
/* One of these words, or with r in front for a whole tree. */
bool mnt_propagation_is_word(const char *word);
const char *mnt_propagation_word(uint64_t propagation);

/*
 * An id map is a list of "[u:|g:]INSIDE:OUTSIDE:LENGTH" joined by commas, in the meaning of
 * user_namespaces(7); without u: or g: a range holds for both. At least one range of each kind,
 * none empty, none beyond 2^32-2, none overlapping another of its kind on either side.
 */
int mnt_idmap_check(const char *map, struct err *err);
/* The ranges of one kind ('u' or 'g') as lines for /proc/PID/uid_map; the map was checked. */
char *mnt_idmap_lines(const char *map, char kind);

#endif
