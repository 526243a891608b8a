/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A value in a JSON document that knows where it stands, so that whatever is wrong with it can be
 * said with its path: "linux.namespaces[2].type: expected a string". Absent and null are the same:
 * the getters leave *ret alone then.
 */
#ifndef OCI_PLACE_H
#define OCI_PLACE_H

#include <jansson.h>
#include <sys/types.h>

#include "base/str.h"

struct place {
	const struct place *up;
	const char *key; /* NULL: an element of an array, or the top */
	size_t index;
	json_t *v; /* borrowed; NULL: absent */
};

/* A new reference, or NULL and why. Integers beyond 2^63-1 are read as real numbers. */
json_t *place_load(const char *text, size_t len, json_error_t *why);

struct place place_whole(json_t *v);
/* The member `key` of an object; its own type is not looked at. */
struct place place_in(const struct place *up, const char *key);
bool place_is_there(const struct place *p);
/* "PATH: SENTENCE" */
int place_refuse(const struct place *p, struct err *err, const char *fmt, ...) FORMAT(3, 4);

/* An element or member that is an object. */
int place_is_object(const struct place *p, struct err *err);
/* The member `key`, which must be an object where it is there. */
int place_object(const struct place *up, const char *key, struct place *ret, struct err *err);
int place_str(const struct place *up, const char *key, char **ret, struct err *err);
int place_bool(const struct place *up, const char *key, bool *ret, struct err *err);
int place_int(const struct place *up, const char *key, int64_t min, int64_t max, int64_t *ret,
	      struct err *err);
int place_u32(const struct place *up, const char *key, uint32_t *ret, struct err *err);
int place_strv(const struct place *up, const char *key, struct strv *ret, struct err *err);
/* What must be there. */
int place_need(const struct place *up, const char *key, struct err *err);

/* Each element of the array `key`, or each member of the object `key`, in order. */
typedef int place_visit(const struct place *p, void *arg, struct err *err);
int place_each(const struct place *up, const char *key, place_visit *visit, void *arg,
	       struct err *err);
int place_members(const struct place *up, const char *key, place_visit *visit, void *arg,
		  struct err *err);
/* The value itself as a string; NULL with err: it is none. Borrowed. */
const char *place_text(const struct place *p, struct err *err);

struct place_word {
	const char *name;
	uint64_t value;
};
/* The value itself as one of n words. */
int place_word(const struct place *p, const struct place_word *words, size_t n, uint64_t *ret,
	       struct err *err);
/* `text`, "0-3,7": numbers below `max` become bits. */
int place_list(const struct place *p, const char *text, size_t max, unsigned long *bits,
	       struct err *err);

#endif
