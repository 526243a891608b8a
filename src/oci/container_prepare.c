// SPDX-License-Identifier: Apache-2.0
/* A creation up to the birth. What is to be made is written down first; see oci/state.h. */
#include "oci/container_parts.h"
#include "base/mem.h"
#include "box/ahead.h"
#include "box/labels.h"
#include "oci/listener.h"
#include "oci/reclaim.h"

#include <errno.h>
#include <stdlib.h>

/* Absolute path of --bundle, or of the working directory. */
static char *bundle_path(const struct args *args, struct err *err)
{
	const char *said = args->bundle ? args->bundle : ".";
	char *path = realpath(said, NULL);

	if (!path)
		err_set(err, errno, "--bundle %s", said);
	return path;
}

int container_console(const char *path, bool tty, int *ret, struct err *err)
{
	if (!path)
		return 0;
	if (!tty)
		return err_say(err, EINVAL, "--console-socket is of use only with a terminal");
	int fd = listener_connect(path);
	if (fd < 0)
		return err_set(err, -fd, "--console-socket %s", path);
	*ret = fd;
	return 0;
}

static int check_terminal(const struct container *c, const struct args *args, struct err *err)
{
	if (c->config.spec.tty && c->console < 0 && (c->listener >= 0 || args->detach))
		return err_say(err, EINVAL,
			       "process.terminal: somebody must hold the terminal of a container "
			       "that is left alone; give --console-socket");
	return 0;
}

static int take_name(struct container *c, const struct args *args, const char *bundle,
		     struct err *err)
{
	const char *id = args->words[0];
	int rc = state_new(args->root, id, bundle, &c->config, &c->state, err);

	if (rc != -EEXIST || !reclaim(args, id))
		return rc;
	err_done(err);
	*err = (struct err){0};
	return state_new(args->root, id, bundle, &c->config, &c->state, err);
}

int container_prepare(struct container *c, const struct args *args, bool listen, struct err *err)
{
	const char *id = args->words[0];
	AUTO_FREE char *bundle = bundle_path(args, err);

	if (!bundle || state_check_id(id, err) < 0)
		return -err->code;
	AUTO_FREE char *path =
		args->config ? xstrdup(args->config) : xasprintf("%s/config.json", bundle);
	json_t *json = config_load(path, &c->text, err);
	if (!json)
		return -err->code;
	ahead_begin(config_new_namespaces(json));
	if (config_parse(json, bundle, args->root, &c->config, err) < 0)
		return err_add(err, "%s", path);
	c->log = args->to;
	c->config.spec.process->keep_keyring = args->no_new_keyring;
	if (labels_check(&c->config.spec, err) < 0 ||
	    args_preserve_fds(args, &c->config.spec.preserve_fds, err) < 0 ||
	    container_console(args->console_socket, c->config.spec.tty, &c->console, err) < 0 ||
	    take_name(c, args, bundle, err) < 0)
		return -err->code;
	c->config.bundle = c->state.bundle;
	if (container_make_cgroups(c, args, err) < 0)
		return -err->code;
	cgroups_give(&c->cgroups, &c->config.spec);
	cgroups_expand_mounts(&c->cgroups, &c->config.spec);
	if (listen)
		c->listener = state_listen(&c->state, err);
	if (listen && c->listener < 0)
		return -err->code;
	return check_terminal(c, args, err);
}
