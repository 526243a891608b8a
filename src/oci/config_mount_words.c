// SPDX-License-Identifier: Apache-2.0
/* The options of a mount, in the words of box/ and op/. */
#include "base/mem.h"
#include "oci/config_parts.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>

/* Words of mount(8) that say what is so anyway, or that are another word here. */
static const struct {
	const char *said, *word;
} words[] = {
	{"defaults", NULL},
	{"sync", "sb:sync"},
	{"async", "sb:async"},
	{"dirsync", "sb:dirsync"},
	{"mand", NULL},
	{"nomand", NULL},
	{"iversion", NULL},
	{"noiversion", NULL},
	{"norelatime", NULL},
	{"nostrictatime", NULL},
	{"silent", NULL},
	{"loud", NULL},
	{"lazytime", "sb:lazytime"},
	{"nolazytime", NULL},
	{"remount", NULL},
	{"atime", NULL},
};

/* Of one mount: what lies below it would stay a peer of the host's mounts. */
static bool leaves_one_group(const char *word)
{
	uint64_t propagation = mnt_propagation_parse(word);

	return propagation && propagation != MS_SHARED;
}

static void add_word(struct spec_mount *m, const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i].said, word))
			continue;
		if (words[i].word)
			strv_add(&m->words, words[i].word);
		return;
	}
	strv_add(&m->words, word);
}

/* A mount's own map for idmap and ridmap; without one it is the container's. */
static int read_idmap(const struct place *p, struct buf *map, struct err *err)
{
	static const char *const keys[] = {"uidMappings", "gidMappings"};

	for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
		struct config_ranges ranges = {map, keys[k][0]};
		if (place_each(p, keys[k], config_range, &ranges, err) < 0)
			return -EINVAL;
	}
	return 0;
}

static bool in_memory(const struct spec_mount *m)
{
	return !strcmp(m->type, "tmpfs") || !strcmp(m->type, "ramfs");
}

int config_mount_options(const struct place *p, const struct strv *options, struct spec_mount *m,
			 const struct spec *spec, struct err *err)
{
	AUTO(buf) struct buf map = {0};
	bool idmapped = false, propagates = false, leaves_one = false;
	struct place at = place_in(p, "options");

	if (read_idmap(p, &map, err) < 0)
		return -EINVAL;
	for (size_t i = 0; i < options->n; i++) {
		const char *word = options->v[i];
		bool idmap = !strcmp(word, "idmap") || !strcmp(word, "ridmap");
		propagates |= mnt_propagation_is_word(word);
		leaves_one |= leaves_one_group(word);
		idmapped |= idmap;
		if (idmap && map.len)
			strv_addf(&m->words, "%s=%s", word, map.data);
		else if (idmap && !spec_has_namespace(spec, CLONE_NEWUSER))
			return place_refuse(&at, err, "'%s' needs uidMappings and gidMappings",
					    word);
		else if (!strcmp(word, "tmpcopyup") && in_memory(m))
			m->copy_up = true;
		else if (*word && !config_is_bind(word))
			add_word(m, word);
	}
	if (map.len && !idmapped)
		strv_addf(&m->words, "idmap=%s", map.data);
	/* Recursive words are carried out before the others. */
	if (leaves_one && !strcmp(m->type, "rbind"))
		strv_add(&m->words, "rslave");
	/* What is new is private anyway. */
	if (!propagates && (config_is_bind(m->type) || !strcmp(m->type, "overlay")))
		strv_add(&m->words, spec->propagation == MS_SLAVE ? "rslave" : "rprivate");
	return 0;
}

/* How overlay wants its layers: one by one. */
static void split_layers(struct spec_mount *m)
{
	struct strv split = {0};

	for (size_t i = 0; i < m->words.n; i++) {
		const char *word = m->words.v[i];
		AUTO(strv) struct strv layers = {0};
		if (!str_starts(word, "lowerdir=") || strchr(word, '\\')) {
			strv_add(&split, word);
			continue;
		}
		strv_split(&layers, word + strlen("lowerdir="), ':');
		for (size_t k = 0; k < layers.n; k++)
			strv_addf(&split, "lowerdir+=%s", layers.v[k]);
	}
	strv_done(&m->words);
	m->words = split;
}

/* Those whose files are given labels by a rule of the policy take none of ours. */
static void add_label(const char *label, struct spec_mount *m)
{
	static const char *const types[] = {"tmpfs", "devpts", "ramfs", "overlay"};

	for (size_t i = 0; label && i < ARRAY_SIZE(types); i++)
		if (!strcmp(m->type, types[i]))
			strv_addf(&m->words, "context=%s", label);
}

void config_mount_finish(const char *label, struct spec_mount *m)
{
	if (!strcmp(m->type, "overlay"))
		split_layers(m);
	add_label(label, m);
}
