/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of a snapshot: one const row per key gives writing and reading. A key is left out where
 * its value is the usual one (0, false, none), unless it is required. Keys that have no row are
 * ignored, so that a later minor version may add some.
 */
#ifndef READ_RECORD_H
#define READ_RECORD_H

#include <stdio.h>

#include "base/arena.h"
#include "read/cursor.h"

enum record_kind {
	RECORD_U32,
	RECORD_U64,
	RECORD_I64,
	RECORD_INT,
	RECORD_INDEX,  /* uint32_t, usually MAP_NONE */
	RECORD_TEXT,   /* const char *, usually "" */
	RECORD_STRING, /* const char *, usually NULL */
	RECORD_DEVICE, /* two uint32_t: "MAJOR:MINOR" */
	RECORD_BOOL,
	RECORD_FLAG,  /* `flag` in a uint32_t: a bool */
	RECORD_WORD,  /* an enum: one of `words` */
	RECORD_WORDS, /* struct strv */
	RECORD_ATTR,  /* uint32_t of MOUNT_ATTR_*: "ro,nosuid,relatime" */
	RECORD_OTHER, /* by the two functions; the offset means nothing */
};

struct record_key {
	const char *name; /* NULL ends the rows */
	enum record_kind kind;
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
int record_read(struct cursor *c, const struct record_key *keys, void *record, struct arena *text);
/* The keys with their values, each but the first behind `separator`. */
void record_print(const struct record_key *keys, const void *record, const char *separator,
		  FILE *out);

#endif
