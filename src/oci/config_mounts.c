// SPDX-License-Identifier: Apache-2.0
/* "mounts": each in the words of box/ and op/. */
#include "base/mem.h"
#include "oci/config.h"

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

static bool is_propagation(const char *word)
{
	return mnt_propagation_parse(word) || (*word == 'r' && mnt_propagation_parse(word + 1));
}

/* Of one mount: what lies below it would stay a peer of the host's mounts. */
static bool leaves_one_group(const char *word)
{
	uint64_t propagation = mnt_propagation_parse(word);

	return propagation && propagation != MS_SHARED;
}

static bool is_bind_word(const char *word)
{
	return !strcmp(word, "bind") || !strcmp(word, "rbind");
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

static int add_options(const struct place *p, const struct strv *options, struct spec_mount *m,
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
		propagates |= is_propagation(word);
		leaves_one |= leaves_one_group(word);
		idmapped |= idmap;
		if (idmap && map.len)
			strv_addf(&m->words, "%s=%s", word, map.data);
		else if (idmap && !spec_has_namespace(spec, CLONE_NEWUSER))
			return place_refuse(&at, err, "'%s' needs uidMappings and gidMappings",
					    word);
		else if (!strcmp(word, "tmpcopyup") && !strcmp(m->type, "tmpfs"))
			m->copy_up = true;
		else if (*word && !is_bind_word(word))
			add_word(m, word);
	}
	if (map.len && !idmapped)
		strv_addf(&m->words, "idmap=%s", map.data);
	/* Recursive words are carried out before the others. */
	if (leaves_one && !strcmp(m->type, "rbind"))
		strv_add(&m->words, "rslave");
	/* What is new is private anyway. */
	if (!propagates && (is_bind_word(m->type) || !strcmp(m->type, "overlay")))
		strv_add(&m->words, spec->propagation == MS_SLAVE ? "rslave" : "rprivate");
	return 0;
}

static const char *bind_of(const struct strv *options, const char *type)
{
	const char *bind = type && is_bind_word(type) ? type : NULL;

	for (size_t i = 0; i < options->n; i++)
		if (is_bind_word(options->v[i]))
			bind = options->v[i];
	return bind;
}

/*
 * What the runtime or the container's programs read and write there must be procfs: only files that
 * lxcfs gives, and the like, may cover its own.
 */
static bool may_cover(const char *below_proc)
{
	static const char *const files[] = {
		"cpuinfo", "diskstats", "meminfo",    "stat",	 "swaps",
		"uptime",  "loadavg",	"slabinfo",   "net/dev", "sys/kernel/ns_last_pid",
		"acpi",	   "scsi",	"interrupts", "version",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (!strcmp(files[i], below_proc))
			return true;
	return false;
}

/* The parts of a path, joined again: without "." and doubled slashes. */
static char *plain_path(const char *path)
{
	AUTO(strv) struct strv parts = {0};
	AUTO(buf) struct buf plain = {0};

	strv_split(&parts, path, '/');
	for (size_t i = 0; i < parts.n; i++)
		if (*parts.v[i] && strcmp(parts.v[i], "."))
			buf_addf(&plain, "/%s", parts.v[i]);
	return plain.len ? buf_take(&plain) : xstrdup("/");
}

static int check_proc(const struct place *p, const struct spec_mount *m, struct err *err)
{
	AUTO_FREE char *path = plain_path(m->target);
	struct place at = place_in(p, "destination");
	bool is_proc = !strcmp(m->type, "proc") ||
		       (is_bind_word(m->type) && m->source && !strcmp(m->source, "/proc"));

	if (!strcmp(path, "/proc") && !is_proc)
		return place_refuse(&at, err, "/proc may only be a proc, or a bind of the host's");
	if (str_starts(path, "/proc/") && !may_cover(path + strlen("/proc/")))
		return place_refuse(&at, err,
				    "'%s': what is mounted there would stand for the kernel's own "
				    "files; only single files like /proc/meminfo may be covered",
				    path);
	return 0;
}

static int read_target(const struct place *p, struct spec_mount *m, struct err *err)
{
	struct place at = place_in(p, "destination");
	const char *text = place_text(&at, err);

	if (!text)
		return -EINVAL;
	if (!*text)
		return place_refuse(&at, err, "expected a path");
	m->target = xasprintf("%s%s", *text == '/' ? "" : "/", text);
	for (size_t len = strlen(m->target); len > 1 && m->target[len - 1] == '/';)
		m->target[--len] = 0;
	AUTO(strv) struct strv parts = {0};
	strv_split(&parts, m->target, '/');
	if (strv_has(&parts, ".."))
		return place_refuse(&at, err, "may not contain ..");
	return 0;
}

static int read_source(const struct place *p, const char *bundle, struct spec_mount *m, bool bind,
		       struct err *err)
{
	struct place at = place_in(p, "source");
	AUTO_FREE char *source = NULL;

	if (place_str(p, "source", &source, err) < 0)
		return -EINVAL;
	if (bind && (!source || !*source))
		return place_refuse(&at, err, "a bind needs a path");
	if (source && *source)
		m->source = bind && *source != '/' ? xasprintf("%s/%s", bundle, source)
						   : TAKE_PTR(source);
	return 0;
}

static int read_mount(const struct place *p, void *arg, struct err *err)
{
	struct config *config = arg;
	struct spec *spec = &config->spec;
	AUTO(strv) struct strv options = {0};
	AUTO_FREE char *type = NULL;

	if (!json_is_object(p->v))
		return place_refuse(p, err, "expected an object");
	if (place_str(p, "type", &type, err) < 0 || place_strv(p, "options", &options, err) < 0)
		return -EINVAL;
	const char *bind = bind_of(&options, type);
	struct spec_mount *m = spec_add_mount(spec, (struct spec_mount){0});
	struct place at = place_in(p, "type");
	if (!bind && (!type || !*type || !strcmp(type, "none")))
		return place_refuse(&at, err, "is missing, and no option says bind or rbind");
	m->type = xstrdup(bind ? bind : type);
	m->said = xasprintf("mounts[%zu]", p->index);
	m->no_symlinks = !strcmp(m->type, "proc") || !strcmp(m->type, "sysfs");
	if (read_target(p, m, err) < 0 || read_source(p, config->bundle, m, bind, err) < 0 ||
	    add_options(p, &options, m, spec, err) < 0)
		return -EINVAL;
	return check_proc(p, m, err);
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

int config_mounts(const struct place *top, struct config *config, struct err *err)
{
	if (place_each(top, "mounts", read_mount, config, err) < 0)
		return -EINVAL;
	for (size_t i = 0; i < config->spec.n_mounts; i++) {
		if (!strcmp(config->spec.mounts[i].type, "overlay"))
			split_layers(&config->spec.mounts[i]);
		add_label(config->spec.mount_label, &config->spec.mounts[i]);
	}
	return 0;
}

static void drop_mounts(struct spec *spec)
{
	for (size_t i = 0; i < spec->n_mounts; i++)
		spec_mount_done(&spec->mounts[i]);
	spec->n_mounts = 0;
}

int config_other_mounts(const struct place *top, struct config *config, struct err *err)
{
	drop_mounts(&config->spec);
	return config_mounts(top, config, err);
}

static int read_destination(const struct place *p, void *arg, struct err *err)
{
	struct config *config = arg;

	if (!json_is_object(p->v))
		return place_refuse(p, err, "expected an object");
	struct spec_mount *m = spec_add_mount(&config->spec, (struct spec_mount){0});
	m->type = xstrdup("none");
	m->said = xasprintf("mounts[%zu]", p->index);
	return read_target(p, m, err);
}

int config_destinations(const struct place *top, struct config *config, struct err *err)
{
	drop_mounts(&config->spec);
	return place_each(top, "mounts", read_destination, config, err);
}
