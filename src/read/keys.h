/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of a snapshot: one const row per key gives writing and reading. A key is left out where
 * its value is the usual one (0, false, none), unless it is required. Keys that have no row are
 * ignored, so that a later minor version may add some.
 */
#ifndef READ_KEYS_H
#define READ_KEYS_H

#include <stdio.h>

#include "base/arena.h"
#include "read/cursor.h"

enum key_kind {
	KEY_U32,
	KEY_U64,
	KEY_I64,
	KEY_INT,    /* int, usually -1: a descriptor */
	KEY_INDEX,  /* uint32_t, usually MAP_NONE */
	KEY_TEXT,   /* const char *, usually "" */
	KEY_STRING, /* const char *, usually NULL */
	KEY_DEVICE, /* two uint32_t: "MAJOR:MINOR" */
	KEY_BOOL,
	KEY_FLAG,  /* `flag` in a uint32_t: a bool */
	KEY_WORD,  /* an enum: one of `words` */
	KEY_WORDS, /* struct strv */
	KEY_ATTR,  /* uint32_t of MOUNT_ATTR_*: "ro,nosuid,relatime" */
	KEY_OTHER, /* by the two functions; the offset means nothing */
};

struct key {
	const char *name; /* NULL ends the rows */
	enum key_kind kind;
	size_t offset;
	bool required;
	uint32_t flag;
	const char *const *words; /* in the enum's order, NULL at the end */
	/* `text` is where strings go. */
	int (*read)(struct cursor *c, void *record, struct arena *text);
	void (*print)(const void *record, FILE *out);
	bool (*usual)(const void *record); /* NULL: it is always written */
};

/* An object; what it does not name gets the usual value. */
int keys_read(struct cursor *c, const struct key *keys, void *record, struct arena *text);
/* The keys with their values, each but the first behind `separator`. */
void keys_print(const struct key *keys, const void *record, const char *separator, FILE *out);

#endif
