// SPDX-License-Identifier: Apache-2.0
/* mounts: one more mount in a container that lives, or one less. */
#include "base/io.h"
#include "base/mem.h"
#include "box/graft.h"
#include "oci/cmds.h"
#include "oci/container.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define MOUNTS_MAX (1 << 20)

/* {"mounts": what the file has}, as it is in config.json. */
static json_t *read_mounts(const char *path, struct err *err)
{
	AUTO(buf) struct buf text = {0};
	json_error_t why;

	if (io_read_file(AT_FDCWD, path, MOUNTS_MAX, &text, err) < 0)
		return NULL;
	json_t *json = place_load(text.data ? text.data : "", text.len, &why);
	if (!json) {
		err_say(err, EINVAL, "%s: line %d, column %d: %s", path, why.line, why.column,
			why.text);
		return NULL;
	}
	if (json_is_array(json))
		return json_pack("{s:o}", "mounts", json);
	json_decref(json);
	err_say(err, EINVAL, "%s: expected an array of mounts, as config.json has it", path);
	return NULL;
}

static int change(struct container *c, bool add, const json_t *json, struct err *err)
{
	struct place top = place_whole((json_t *)json);
	AUTO_FD int pidfd = state_pidfd(&c->state, err);
	struct box_graft order = {&c->config.spec, pidfd};

	if (pidfd < 0)
		return pidfd;
	if (add)
		return config_other_mounts(&top, &c->config, err) < 0 ? -err->code
								      : box_mounts_add(&order, err);
	return config_destinations(&top, &c->config, err) < 0 ? -err->code
							      : box_mounts_remove(&order, err);
}

static int open_live(struct container *c, const struct args *args, struct err *err)
{
	if (container_open(c, args, args->words[1], true, err) < 0)
		return -err->code;
	int is = state_status(&c->state, err);
	if (is < 0)
		return is;
	if (is != STATUS_CREATED && is != STATUS_RUNNING && is != STATUS_PAUSED)
		return err_say(err, EINVAL, "cannot change the mounts of a container that is %s",
			       status_name((enum status)is));
	return state_config(&c->state, args->root, &c->config, err);
}

static int mounts(struct args *args, struct err *err)
{
	bool add = !strcmp(args->words[0], "add");
	struct container c;

	if (!add && strcmp(args->words[0], "remove") != 0)
		return err_say(err, EINVAL, "expected add or remove, not '%s'", args->words[0]), 1;
	json_t *json = read_mounts(args->words[2], err);
	if (!json)
		return 1;
	int rc = open_live(&c, args, err);
	if (rc == 0)
		rc = change(&c, add, json, err);
	container_done(&c);
	json_decref(json);
	return rc < 0;
}

const struct oci_command oci_mounts = {
	.name = "mounts",
	.usage = "mounts add|remove ID FILE",
	.summary = "attach mounts in a container that lives, or detach them",
	.args = (const struct arg[]){{0}},
	.min_words = 3,
	.max_words = 3,
	.run = mounts,
};
