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

/* Each option: its group and key in linux.resources, and whether its value is text there. */
#define LIMITS(X)                                                                                  \
	X(memory, "memory", "memory", "limit", false, "bytes")                                     \
	X(swap, "memory-swap", "memory", "swap", false, "bytes of both")                           \
	X(reservation, "memory-reservation", "memory", "reservation", false, "bytes")              \
	X(kernel, "kernel-memory", "memory", "kernel", false, "bytes; older kernels have it")      \
	X(tcp, "kernel-memory-tcp", "memory", "kernelTCP", false, "bytes of TCP buffers")          \
	X(quota, "cpu-quota", "cpu", "quota", false, "microseconds of a period")                   \
	X(period, "cpu-period", "cpu", "period", false, "microseconds")                            \
	X(rt_runtime, "cpu-rt-runtime", "cpu", "realtimeRuntime", false,                           \
	  "microseconds of a realtime period")                                                     \
	X(rt_period, "cpu-rt-period", "cpu", "realtimePeriod", false, "microseconds")              \
	X(shares, "cpu-share", "cpu", "shares", false, "weight, 2 to 262144")                      \
	X(cpus, "cpuset-cpus", "cpu", "cpus", true, "CPUs, like 0-2,4")                            \
	X(mems, "cpuset-mems", "cpu", "mems", true, "memory nodes")                                \
	X(pids, "pids-limit", "pids", "limit", false, "processes")                                 \
	X(weight, "blkio-weight", "blockIO", "weight", false, "weight, 10 to 1000")                \
	X(l3, "l3-cache-schema", NULL, NULL, true, "refused: this runtime has no Intel RDT")       \
	X(bandwidth, "mem-bw-schema", NULL, NULL, true, "refused: this runtime has no Intel RDT")

enum limit {
#define INDEX(id, ...) LIMIT_##id,
	LIMITS(INDEX)
#undef INDEX
	LIMITS_END
};
_Static_assert(LIMITS_END == ARRAY_SIZE(((struct args *)NULL)->limits), "args has one of each");

static const struct limit_row {
	const char *option, *group, *key;
	bool text;
} limit_rows[] = {
#define ROW(id, option, group, key, text, help) {option, group, key, text},
	LIMITS(ROW)
#undef ROW
};

static int add_limit(json_t *json, const struct limit_row *row, const char *value, struct err *err)
{
	bool minus = value && !strcmp(value, "-1");
	uint64_t number = 0;

	if (!value)
		return 0;
	if (!row->group)
		return err_say(err, ENOTSUP, "--%s: Intel RDT is not supported by this runtime",
			       row->option);
	if (row->text) {
		json_object_set_new(group_of(json, row->group), row->key, json_string(value));
		return 0;
	}
	if (!minus && str_to_size(value, &number, err) < 0)
		return err_add(err, "--%s", row->option);
	json_object_set_new(group_of(json, row->group), row->key,
			    json_integer(minus ? -1 : (json_int_t)number));
	return 0;
}

static int add_limits(json_t *json, const struct args *args, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(limit_rows); i++)
		if (add_limit(json, &limit_rows[i], args->limits[i], err) < 0)
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
		rc = cgroups_limit(&c->cgroups, &resources, err);
	if (rc == 0)
		rc = cgroups_rule_devices(&c->cgroups, &resources, err);
	resources_done(&resources);
	return rc;
}

static int update(struct args *args, struct err *err)
{
	json_t *json = args->resources ? read_resources(args->resources, err) : json_object();
	struct container c;
	int rc = -EINVAL;

	container_init(&c);
	if (json && add_limits(json, args, err) == 0 &&
	    container_open(&c, args, args->words[0], true, err) == 0) {
		int status = state_status(&c.state, err);
		if (status == STATUS_STOPPED)
			err_say(err, EINVAL, "cannot update a container that is stopped");
		else if (status >= 0)
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
#define ARG(id, option, group, key, text, help) ARG_TEXT(option, 0, limits[LIMIT_##id], help),
			LIMITS(ARG)
#undef ARG
				{0},
		},
	.min_words = 1,
	.max_words = 1,
	.run = update,
};
