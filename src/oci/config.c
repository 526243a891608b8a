// SPDX-License-Identifier: Apache-2.0
/* config.json's top: version, root, names, and the order in which its parts are read. */
#include "oci/config.h"
#include "base/io.h"
#include "base/mem.h"
#include "box/sysctl.h"
#include "mnt/attr.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>

#define CONFIG_MAX (16 << 20)

static int read_version(const struct place *top, struct config *config, struct err *err)
{
	struct place p = place_in(top, "ociVersion");

	if (place_need(top, "ociVersion", err) < 0 ||
	    place_str(top, "ociVersion", &config->version, err) < 0)
		return -err->code;
	if (!str_starts(config->version, "1."))
		return place_refuse(&p, err, "this is a runtime of version 1, not of '%s'",
				    config->version);
	return 0;
}

static int read_root(const struct place *top, const char *bundle, struct config *config,
		     struct err *err)
{
	struct spec *spec = &config->spec;
	struct place root, path;
	AUTO_FREE char *said = NULL;

	if (place_need(top, "root", err) < 0 || place_object(top, "root", &root, err) < 0 ||
	    place_need(&root, "path", err) < 0 || place_str(&root, "path", &said, err) < 0 ||
	    place_bool(&root, "readonly", &spec->read_only, err) < 0)
		return -err->code;
	path = place_in(&root, "path");
	if (!*said)
		return place_refuse(&path, err, "expected a directory");
	spec->root = *said == '/' ? xstrdup(said) : xasprintf("%s/%s", bundle, said);
	if (!spec->root[strspn(spec->root, "/")])
		return place_refuse(&path, err, "the host's own root cannot be a container's");
	return 0;
}

static int read_propagation(const struct place *lin, struct spec *spec, struct err *err)
{
	struct place p = place_in(lin, "rootfsPropagation");
	AUTO_FREE char *word = NULL;

	spec->propagation = MS_PRIVATE;
	if (place_str(lin, "rootfsPropagation", &word, err) < 0)
		return -err->code;
	if (!word || !*word)
		return 0;
	spec->propagation = mnt_propagation_parse(*word == 'r' ? word + 1 : word);
	if (!spec->propagation)
		return place_refuse(&p, err,
				    "expected shared, slave, private, unbindable or one of them "
				    "with r in front, not '%s'",
				    word);
	if (spec->propagation == MS_UNBINDABLE)
		spec->propagation = MS_PRIVATE;
	return 0;
}

static int read_sysctl(const struct place *p, void *arg, struct err *err)
{
	struct spec *spec = arg;
	const char *value = place_text(p, err);
	AUTO_FREE char *path = xstrdup(p->key);
	const struct sysctl_kind *kind = sysctl_kind(path);

	if (!value)
		return -EINVAL;
	if (strstr(path, ".."))
		return place_refuse(p, err, "expected a name like net.ipv4.ip_forward");
	if (!kind)
		return place_refuse(p, err, "is no sysctl of a namespace: it is the whole host's");
	if (!spec_has_namespace(spec, kind->kind))
		return place_refuse(p, err, "needs a %s namespace that is not the host's",
				    kind->name);
	if (!strchr(path, '/'))
		for (char *dot = path; (dot = strchr(dot, '.'));)
			*dot = '/';
	strv_addf(&spec->sysctl, "%s=%s", path, value);
	return 0;
}

static int refuse_rdt(const struct place *lin, struct err *err)
{
	struct place p = place_in(lin, "intelRdt");

	return place_is_there(&p)
		       ? place_refuse(&p, err, "Intel RDT is not supported by this runtime")
		       : 0;
}

static int read_mount_label(const struct place *lin, struct spec *spec, struct err *err)
{
	struct place p = place_in(lin, "mountLabel");

	if (place_str(lin, "mountLabel", &spec->mount_label, err) < 0)
		return -err->code;
	if (spec->mount_label && strchr(spec->mount_label, '\n'))
		return place_refuse(&p, err, "expected one line");
	if (spec->mount_label && !*spec->mount_label) {
		free(spec->mount_label);
		spec->mount_label = NULL;
	}
	return 0;
}

static int read_path(const struct place *p, void *arg, struct err *err)
{
	const char *path = place_text(p, err);

	if (!path)
		return -EINVAL;
	if (*path != '/')
		return place_refuse(p, err, "expected an absolute path, not '%s'", path);
	strv_add(arg, path);
	return 0;
}

static int read_linux(const struct place *top, struct config *config, struct err *err)
{
	struct spec *spec = &config->spec;
	struct place lin, resources;

	if (place_object(top, "linux", &lin, err) < 0 || refuse_rdt(&lin, err) < 0 ||
	    read_mount_label(&lin, spec, err) < 0 || config_domain(&lin, spec->process, err) < 0 ||
	    config_namespaces(&lin, spec, err) < 0 || read_propagation(&lin, spec, err) < 0 ||
	    config_devices(&lin, spec, err) < 0 ||
	    place_each(&lin, "maskedPaths", read_path, &spec->masked, err) < 0 ||
	    place_each(&lin, "readonlyPaths", read_path, &spec->protected, err) < 0 ||
	    place_members(&lin, "sysctl", read_sysctl, spec, err) < 0 ||
	    place_str(&lin, "cgroupsPath", &config->cgroups_path, err) < 0 ||
	    place_object(&lin, "resources", &resources, err) < 0 ||
	    resources_parse(&resources, &config->resources, err) < 0 ||
	    config_seccomp(&lin, config, err) < 0)
		return -err->code;
	return 0;
}

static int read_names(const struct place *top, struct spec *spec, struct err *err)
{
	static const char *const keys[] = {"hostname", "domainname"};
	char **to[] = {&spec->hostname, &spec->domainname};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct place p = place_in(top, keys[i]);
		if (place_str(top, keys[i], to[i], err) < 0)
			return -err->code;
		if (*to[i] && !**to[i]) {
			free(*to[i]);
			*to[i] = NULL;
		}
		if (*to[i] && !spec_has_namespace(spec, CLONE_NEWUTS))
			return place_refuse(&p, err,
					    "needs a uts namespace that is not the host's");
	}
	return 0;
}

static int check_annotation(const struct place *p, void *arg, struct err *err)
{
	if (!*p->key)
		return place_refuse(p, err, "an annotation has a name");
	return place_text(p, err) ? 0 : -EINVAL;
}

static int parse(const struct place *top, const char *bundle, struct config *config,
		 struct err *err)
{
	struct place process;

	if (!json_is_object(top->v))
		return place_refuse(top, err, "expected an object");
	if (read_version(top, config, err) < 0 || read_root(top, bundle, config, err) < 0 ||
	    place_need(top, "process", err) < 0 ||
	    place_object(top, "process", &process, err) < 0 ||
	    config_process(&process, &config->spec, &config->warnings, err) < 0 ||
	    read_linux(top, config, err) < 0 || read_names(top, &config->spec, err) < 0 ||
	    config_mounts(top, config, err) < 0 || config_hooks(top, config, err) < 0 ||
	    config_check_shared(top, config, err) < 0 ||
	    place_members(top, "annotations", check_annotation, NULL, err) < 0)
		return -err->code;
	return 0;
}

int config_parse(json_t *json, const char *bundle, const char *kept, struct config *ret,
		 struct err *err)
{
	struct config config = {.json = json, .bundle = bundle, .kept = kept};
	struct place top = place_whole(json);
	int rc = parse(&top, bundle, &config, err);

	if (rc < 0) {
		config_done(&config);
		return rc;
	}
	*ret = config;
	return 0;
}

json_t *config_load(const char *file, struct buf *ret_text, struct err *err)
{
	json_error_t why;

	if (io_read_file(AT_FDCWD, file, CONFIG_MAX, ret_text, err) < 0)
		return NULL;
	json_t *json = place_load(ret_text->data ? ret_text->data : "", ret_text->len, &why);
	if (!json)
		err_say(err, EINVAL, "%s: line %d, column %d: %s", file, why.line, why.column,
			why.text);
	return json;
}

void config_done(struct config *config)
{
	spec_done(&config->spec);
	json_decref(config->json);
	free(config->version);
	free(config->cgroups_path);
	free(config->listener_path);
	free(config->listener_metadata);
	resources_done(&config->resources);
	for (size_t i = 0; i < config->n_hooks; i++) {
		free(config->hooks[i].path);
		strv_done(&config->hooks[i].args);
		strv_done(&config->hooks[i].env);
	}
	free(config->hooks);
	strv_done(&config->warnings);
	*config = (struct config){0};
}
