// SPDX-License-Identifier: Apache-2.0
/* The words for mount attributes and propagation types: one table, read both ways. */
#include "mnt/attr.h"
#include "base/mem.h"
#include "mnt/bits.h"

#include <errno.h>
#include <string.h>

#define ATIME MNT_ATTR_ATIME

/* A row sets `set` within `mask`; rows of one mask exclude each other. First row of a pair prints.
 */
static const struct {
	const char *word;
	uint64_t mask, set;
	uint64_t propagation;
} words[] = {
	{"ro", MNT_ATTR_RDONLY, MNT_ATTR_RDONLY, 0},
	{"rw", MNT_ATTR_RDONLY, 0, 0},
	{"nosuid", MNT_ATTR_NOSUID, MNT_ATTR_NOSUID, 0},
	{"suid", MNT_ATTR_NOSUID, 0, 0},
	{"nodev", MNT_ATTR_NODEV, MNT_ATTR_NODEV, 0},
	{"dev", MNT_ATTR_NODEV, 0, 0},
	{"noexec", MNT_ATTR_NOEXEC, MNT_ATTR_NOEXEC, 0},
	{"exec", MNT_ATTR_NOEXEC, 0, 0},
	{"noatime", ATIME, MNT_ATTR_NOATIME, 0},
	{"strictatime", ATIME, MNT_ATTR_STRICTATIME, 0},
	{"relatime", ATIME, MNT_ATTR_RELATIME, 0},
	{"nodiratime", MNT_ATTR_NODIRATIME, MNT_ATTR_NODIRATIME, 0},
	{"diratime", MNT_ATTR_NODIRATIME, 0, 0},
	{"nosymfollow", MNT_ATTR_NOSYMFOLLOW, MNT_ATTR_NOSYMFOLLOW, 0},
	{"symfollow", MNT_ATTR_NOSYMFOLLOW, 0, 0},
	{"private", 0, 0, MNT_TYPE_PRIVATE},
	{"slave", 0, 0, MNT_TYPE_SLAVE},
	{"shared", 0, 0, MNT_TYPE_SHARED},
	{"unbindable", 0, 0, MNT_TYPE_UNBINDABLE},
};

bool mnt_attr_is_empty(const struct mnt_attr *attr)
{
	return !attr->set && !attr->clear && !attr->propagation && !attr->idmap;
}

static int add_idmap(struct mnt_attr *attr, const char *map, struct err *err)
{
	if (attr->idmap)
		return err_say(err, EINVAL, "idmap is given twice");
	if (mnt_idmap_check(map, err) < 0)
		return -EINVAL;
	attr->idmap = xstrdup(map);
	return 1;
}

int mnt_attr_add_word(struct mnt_attr *attr, const char *word, struct err *err)
{
	if (str_starts(word, "idmap="))
		return add_idmap(attr, word + strlen("idmap="), err);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		uint64_t mask = words[i].mask, said = (attr->set | attr->clear) & mask;
		if (strcmp(word, words[i].word))
			continue;
		if (words[i].propagation) {
			if (attr->propagation && attr->propagation != words[i].propagation)
				return err_say(err, EINVAL, "'%s' contradicts '%s'", word,
					       mnt_propagation_word(attr->propagation));
			attr->propagation = words[i].propagation;
			return 1;
		}
		if (said && (attr->set & mask) != words[i].set)
			return err_say(err, EINVAL, "'%s' contradicts what was said before", word);
		attr->set |= words[i].set;
		/* The kernel wants all of the atime mode cleared, or nothing of it. */
		attr->clear |= mask == ATIME ? mask : mask & ~words[i].set;
		return 1;
	}
	return 0;
}

void mnt_attr_print(const struct mnt_attr *attr, char sep, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		uint64_t mask = words[i].mask;
		bool said = mask ? (attr->set | attr->clear) & mask &&
					    (attr->set & mask) == words[i].set
				 : attr->propagation == words[i].propagation;
		if (!said)
			continue;
		buf_addc(out, sep);
		buf_adds(out, words[i].word);
	}
	if (attr->idmap) {
		buf_addc(out, sep);
		buf_adds(out, "idmap=");
		buf_adds(out, attr->idmap);
	}
}

struct mnt_attr mnt_attr_copy(const struct mnt_attr *attr)
{
	struct mnt_attr copy = *attr;

	copy.idmap = xstrdup(attr->idmap);
	return copy;
}

void mnt_attr_done(struct mnt_attr *attr)
{
	free(attr->idmap);
	*attr = (struct mnt_attr){0};
}

uint64_t mnt_propagation_parse(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].propagation && !strcmp(words[i].word, word))
			return words[i].propagation;
	return 0;
}

bool mnt_propagation_is_word(const char *word)
{
	return mnt_propagation_parse(word) || (*word == 'r' && mnt_propagation_parse(word + 1));
}

const char *mnt_propagation_word(uint64_t propagation)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].propagation && words[i].propagation == propagation)
			return words[i].word;
	return "unchanged";
}
