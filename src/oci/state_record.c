// SPDX-License-Identifier: Apache-2.0
/* The files of a container: its record, and the configuration it was made from. */
#include "oci/state_parts.h"
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STATE_MAX  (1 << 20)
#define CONFIG_MAX (16 << 20)

static int write_file(int dir, const char *name, const char *text, size_t len)
{
	AUTO_FREE char *fresh = xasprintf(".%s", name);
	AUTO_FD int fd =
		openat(dir, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	int rc = io_write_all(fd, text, len);
	if (rc == 0 && renameat(dir, fresh, dir, name) < 0)
		rc = -errno;
	if (rc < 0)
		unlinkat(dir, fresh, 0);
	return rc;
}

int state_write_config(const struct state *state, const struct buf *text, struct err *err)
{
	int rc = write_file(state->dir, "config.json", text->data, text->len);

	return rc < 0 ? err_set(err, -rc, "write the configuration of container %s", state->id) : 0;
}

int state_save(const struct state *state, struct err *err)
{
	json_t *json = json_pack("{s:s s:s s:s s:s s:s s:i s:I s:O* s:s*}", "ociVersion",
				 state->version, "id", state->id, "bundle", state->bundle, "rootfs",
				 state->rootfs, "created", state->created, "pid", (int)state->pid,
				 "born", (json_int_t)state->born, "annotations", state->annotations,
				 "unit", state->unit);
	json_t *cgroups = json_array();

	for (size_t i = 0; i < state->cgroups.n; i++)
		json_array_append_new(cgroups, json_string(state->cgroups.v[i]));
	json_object_set_new(json, "cgroups", cgroups);
	AUTO_FREE char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	int rc = text ? write_file(state->dir, "state.json", text, strlen(text)) : -EINVAL;
	return rc < 0 ? err_set(err, -rc, "write the state of container %s", state->id) : 0;
}

static char *text_of(json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return xstrdup(text ? text : "");
}

void state_read_record(struct state *state)
{
	AUTO(buf) struct buf text = {0};
	json_t *json = NULL, *cgroups;

	int rc = io_read_file(state->dir, "state.json", STATE_MAX, &text, NULL);

	if (rc == 0)
		json = json_loadb(text.data, text.len, 0, NULL);
	else if (rc != -ENOENT)
		state->unread = -rc;
	state->version = text_of(json, "ociVersion");
	state->bundle = text_of(json, "bundle");
	state->rootfs = text_of(json, "rootfs");
	state->created = text_of(json, "created");
	state->pid = (pid_t)json_integer_value(json_object_get(json, "pid"));
	state->born = (uint64_t)json_integer_value(json_object_get(json, "born"));
	state->annotations = json_incref(json_object_get(json, "annotations"));
	if (state->pid <= 0)
		state_read_spare(state);
	if (json_object_get(json, "unit"))
		state->unit = text_of(json, "unit");
	cgroups = json_object_get(json, "cgroups");
	for (size_t i = 0; i < json_array_size(cgroups); i++)
		if (json_string_value(json_array_get(cgroups, i)))
			strv_add(&state->cgroups, json_string_value(json_array_get(cgroups, i)));
	json_decref(json);
}

int state_config(const struct state *state, const char *kept, struct config *ret, struct err *err)
{
	AUTO(buf) struct buf text = {0};
	json_error_t why;
	json_t *json;

	if (io_read_file(state->dir, "config.json", CONFIG_MAX, &text, err) < 0)
		return err_add(err, "configuration of container %s", state->id);
	json = place_load(text.data ? text.data : "", text.len, &why);
	if (!json)
		return err_say(err, EINVAL, "the configuration of container %s is damaged",
			       state->id);
	return config_parse(json, state->bundle, kept, ret, err);
}
