// SPDX-License-Identifier: Apache-2.0
/* state, list, ps: what is. */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cmds.h"
#include "oci/container.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int print_json(json_t *json, size_t flags, struct err *err)
{
	AUTO_FREE char *text = json_dumps(json, flags);

	json_decref(json);
	if (!text)
		return err_set(err, ENOMEM, "standard output");
	printf("%s\n", text);
	return 0;
}

static int state(struct args *args, struct err *err)
{
	struct container c;

	if (container_open(&c, args, args->words[0], false, err) < 0)
		return container_done(&c), 1;
	int status = state_status(&c.state, err);
	if (status < 0)
		return container_done(&c), 1;
	json_t *json = state_json(&c.state, (enum status)status);
	json_object_set_new(json, "rootfs", json_string(c.state.rootfs));
	json_object_set_new(json, "created", json_string(c.state.created));
	container_done(&c);
	return print_json(json, JSON_INDENT(2), err) < 0;
}

const struct oci_command oci_state = {
	.name = "state",
	.usage = "state ID",
	.summary = "print a container's state as JSON",
	.args = (const struct arg[]){{0}},
	.min_words = 1,
	.max_words = 1,
	.run = state,
};

static json_t *list_entry(const struct state *s, enum status status)
{
	json_t *json = state_json(s, status);

	json_object_set_new(json, "rootfs", json_string(s->rootfs));
	json_object_set_new(json, "created", json_string(s->created));
	json_object_set_new(json, "owner", json_string(s->owner == 0 ? "root" : ""));
	return json;
}

static int list_one(const char *root, const char *id, json_t *array, struct err *err)
{
	struct state s;
	int rc = state_open(root, id, STATE_LOOK, &s, err);

	/* Deleted since: it is none of them. */
	if (rc < 0)
		return rc == -ENOENT ? 0 : rc;
	int status = state_status(&s, err);
	if (status >= 0)
		json_array_append_new(array, list_entry(&s, (enum status)status));
	state_done(&s);
	return status;
}

static json_t *list_all(const struct args *args, struct err *err)
{
	AUTO(strv) struct strv ids = {0};
	json_t *array = json_array();

	if (state_list(args->root, &ids, err) < 0)
		return array;
	/* One of which nothing can be known hides no other: the first is told at the end. */
	for (size_t i = 0; i < ids.n; i++) {
		struct err why = {0};
		if (list_one(args->root, ids.v[i], array, &why) < 0 && !err->msg)
			err_say(err, why.code, "%s", why.msg);
		err_done(&why);
	}
	return array;
}

static const char *text_of(json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text : "";
}

static void print_table(json_t *array)
{
	size_t i;
	json_t *v;

	printf("%-24s %-8s %-9s %-40s %-31s %s\n", "ID", "PID", "STATUS", "BUNDLE", "CREATED",
	       "OWNER");
	json_array_foreach (array, i, v) {
		AUTO_FREE char *bundle = str_printable(text_of(v, "bundle"));
		printf("%-24s %-8lld %-9s %-40s %-31s %s\n", text_of(v, "id"),
		       (long long)json_integer_value(json_object_get(v, "pid")),
		       text_of(v, "status"), bundle, text_of(v, "created"), text_of(v, "owner"));
	}
}

static int list(struct args *args, struct err *err)
{
	json_t *array = list_all(args, err), *v;
	size_t i;

	if (args->format && !strcmp(args->format, "json"))
		return print_json(array, JSON_COMPACT, err) < 0 || err->msg;
	if (args->quiet)
		json_array_foreach (array, i, v)
			printf("%s\n", text_of(v, "id"));
	else
		print_table(array);
	json_decref(array);
	return err->msg != NULL;
}

const struct oci_command oci_list = {
	.name = "list",
	.usage = "list [OPTIONS]",
	.summary = "list the containers",
	.args = (const struct arg[]){ARG_TEXT("format", 'f', format, "table or json"),
				     ARG_FLAG("quiet", 'q', quiet, "ids only"),
				     {0}},
	.run = list,
};

static bool has_ended(int code)
{
	return code == ENOENT || code == ESRCH;
}

static int print_process(pid_t pid, struct err *err)
{
	AUTO_FREE char *dir = xasprintf("/proc/%d", pid);
	AUTO_FREE char *path = xasprintf("%s/cmdline", dir);
	AUTO(buf) struct buf command = {0};
	struct stat st;

	int rc =
		stat(dir, &st) < 0 ? -errno : io_read_file(AT_FDCWD, path, 1 << 20, &command, NULL);
	if (rc < 0)
		return has_ended(-rc) ? 0 : err_set(err, -rc, "process %d", pid);
	for (size_t i = 0; i + 1 < command.len; i++)
		if (!command.data[i])
			command.data[i] = ' ';
	AUTO_FREE char *text = str_printable(command.len ? command.data : "");
	printf("%-10u %-10d %s\n", st.st_uid, pid, text);
	return 0;
}

static int ps(struct args *args, struct err *err)
{
	struct container c;
	struct pids pids = {0};

	if (args->format && strcmp(args->format, "json") && strcmp(args->format, "table"))
		return err_say(err, EINVAL, "--format: expected table or json"), 1;
	if (container_open(&c, args, args->words[0], false, err) < 0 ||
	    cgroups_pids(&c.cgroups, &pids, err) < 0)
		return container_done(&c), 1;
	container_done(&c);
	json_t *array = json_array();
	for (size_t i = 0; i < pids.n; i++)
		json_array_append_new(array, json_integer(pids.v[i]));
	if (args->format && !strcmp(args->format, "json")) {
		free(pids.v);
		return print_json(array, JSON_COMPACT, err) < 0;
	}
	json_decref(array);
	printf("%-10s %-10s %s\n", "UID", "PID", "COMMAND");
	int rc = 0;
	for (size_t i = 0; i < pids.n && rc == 0; i++)
		rc = print_process(pids.v[i], err);
	free(pids.v);
	return rc < 0;
}

const struct oci_command oci_ps = {
	.name = "ps",
	.usage = "ps [OPTIONS] ID",
	.summary = "list a container's processes",
	.args = (const struct arg[]){ARG_TEXT("format", 'f', format, "table or json"), {0}},
	.min_words = 1,
	.max_words = 1,
	.run = ps,
};
