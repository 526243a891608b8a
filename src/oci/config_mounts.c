// SPDX-License-Identifier: Apache-2.0
/* "mounts": each in the words of box/ and op/. */
#include "base/mem.h"
#include "box/labels.h"
#include "oci/config_parts.h"
#include "op/lower.h"

#include <errno.h>
#include <string.h>

bool config_is_bind(const char *word)
{
	return !strcmp(word, "bind") || !strcmp(word, "rbind");
}

static const char *bind_of(const struct strv *options, const char *type)
{
	const char *bind = type && config_is_bind(type) ? type : NULL;

	for (size_t i = 0; i < options->n; i++)
		if (config_is_bind(options->v[i]))
			bind = options->v[i];
	return bind;
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
	if (str_has_component(m->target, ".."))
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

static bool ramfs_has(const char *option)
{
	static const char *const flags[] = {"sync", "async", "dirsync", "lazytime"};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (!strcmp(option, flags[i]))
			return true;
	return str_starts(option, "mode=") || labels_is_option(option);
}

/* It takes every option, and engines say a tmpfs's: who counts on its size is told. */
static void warn_of_ramfs(const struct spec_mount *m, struct strv *warnings)
{
	struct lower_words words;

	if (strcmp(m->type, "ramfs") || lower_words_parse(&words, &m->words, NULL) < 0)
		return;
	for (size_t i = 0; i < words.options.n; i++)
		if (!ramfs_has(words.options.v[i]))
			strv_addf(warnings,
				  "%s.options: '%s' does nothing: a ramfs has mode= alone", m->said,
				  words.options.v[i]);
	lower_words_done(&words);
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
	    config_mount_options(p, &options, m, spec, err) < 0)
		return -EINVAL;
	warn_of_ramfs(m, &config->warnings);
	return config_mount_check_proc(p, m, err);
}

int config_mounts(const struct place *top, struct config *config, struct err *err)
{
	if (place_each(top, "mounts", read_mount, config, err) < 0)
		return -EINVAL;
	for (size_t i = 0; i < config->spec.n_mounts; i++)
		config_mount_finish(config->spec.mount_label, &config->spec.mounts[i]);
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
