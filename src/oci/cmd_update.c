// SPDX-License-Identifier: Apache-2.0
/* update: limits changed. */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cmds.h"
#include "oci/container.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define RESOURCES_MAX (1 << 20)

static json_t *read_resources(const char *path, struct err *err)
{
	AUTO(buf) struct buf text = {0};
	json_error_t why;
	char part[4096];
	size_t n;

	if (!strcmp(path, "-"))
		while (text.len < RESOURCES_MAX && (n = fread(part, 1, sizeof(part), stdin)) > 0)
			buf_add(&text, part, n);
	else if (io_read_file(AT_FDCWD, path, RESOURCES_MAX, &text, err) < 0)
		return err_add(err, "--resources"), NULL;
	json_t *json = place_load(text.data ? text.data : "", text.len, &why);
	if (!json)
		err_say(err, EINVAL, "--resources %s: line %d, column %d: %s", path, why.line,
			why.column, why.text);
	return json;
}

static json_t *group_of(json_t *json, const char *name)
{
	json_t *group = json_object_get(json, name);

	if (!group) {
		group = json_object();
		json_object_set_new(json, name, group);
	}
	return group;
}

static int add_flag(json_t *json, const char *group, const char *key, const char *value, bool text,
		    const char *option, struct err *err)
{
	bool minus = value && !strcmp(value, "-1");
	uint64_t number = 0;

	if (!value)
		return 0;
	if (text) {
		json_object_set_new(group_of(json, group), key, json_string(value));
		return 0;
	}
	if (!minus && str_to_size(value, &number, err) < 0)
		return err_add(err, "--%s", option);
	json_object_set_new(group_of(json, group), key,
			    json_integer(minus ? -1 : (json_int_t)number));
	return 0;
}

static int add_flags(json_t *json, const struct limits *l, struct err *err)
{
	const struct {
		const char *group, *key, *value, *option;
		bool text;
	} flags[] = {
		{"memory", "limit", l->memory, "memory", false},
		{"memory", "swap", l->memory_swap, "memory-swap", false},
		{"memory", "reservation", l->memory_reservation, "memory-reservation", false},
		{"cpu", "quota", l->cpu_quota, "cpu-quota", false},
		{"cpu", "period", l->cpu_period, "cpu-period", false},
		{"cpu", "shares", l->cpu_share, "cpu-share", false},
		{"cpu", "cpus", l->cpuset_cpus, "cpuset-cpus", true},
		{"cpu", "mems", l->cpuset_mems, "cpuset-mems", true},
		{"pids", "limit", l->pids_limit, "pids-limit", false},
		{"blockIO", "weight", l->blkio_weight, "blkio-weight", false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (add_flag(json, flags[i].group, flags[i].key, flags[i].value, flags[i].text,
			     flags[i].option, err) < 0)
			return -err->code;
	return 0;
}

static int apply(struct container *c, json_t *json, struct err *err)
{
	struct resources resources = {0};
	struct place place = {.key = "resources", .v = json};
	int rc = json_is_object(json) ? resources_parse(&place, &resources, err)
				      : place_refuse(&place, err, "expected an object");

	if (rc == 0)
		rc = cgroups_apply(&c->cgroups, &resources, false, err);
	resources_done(&resources);
	return rc;
}

static int update(struct args *args, struct err *err)
{
	json_t *json = args->resources ? read_resources(args->resources, err) : json_object();
	struct container c;
	int rc = -EINVAL;

	container_init(&c);
	if (json && add_flags(json, &args->limits, err) == 0 &&
	    container_open(&c, args, args->words[0], true, err) == 0) {
		if (state_status(&c.state) == STATUS_STOPPED)
			err_say(err, EINVAL, "cannot update a container that is stopped");
		else
			rc = apply(&c, json, err);
	}
	json_decref(json);
	container_done(&c);
	return rc < 0;
}

const struct oci_command oci_update = {
	.name = "update",
	.usage = "update [OPTIONS] ID",
	.summary = "change a container's limits",
	.args =
		(const struct arg[]){
			ARG_TEXT("resources", 'r', resources,
				 "file with linux.resources; -: stdin"),
			ARG_TEXT("memory", 0, limits.memory, "bytes"),
			ARG_TEXT("memory-swap", 0, limits.memory_swap, "bytes of both"),
			ARG_TEXT("memory-reservation", 0, limits.memory_reservation, "bytes"),
			ARG_TEXT("cpu-quota", 0, limits.cpu_quota, "microseconds of a period"),
			ARG_TEXT("cpu-period", 0, limits.cpu_period, "microseconds"),
			ARG_TEXT("cpu-share", 0, limits.cpu_share, "weight, 2 to 262144"),
			ARG_TEXT("cpuset-cpus", 0, limits.cpuset_cpus, "CPUs, like 0-2,4"),
			ARG_TEXT("cpuset-mems", 0, limits.cpuset_mems, "memory nodes"),
			ARG_TEXT("pids-limit", 0, limits.pids_limit, "processes"),
			ARG_TEXT("blkio-weight", 0, limits.blkio_weight, "weight, 10 to 1000"),
			{0},
		},
	.min_words = 1,
	.max_words = 1,
	.run = update,
};
