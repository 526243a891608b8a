// SPDX-License-Identifier: Apache-2.0
/* linux.namespaces with their id maps and time offsets. */
#include "base/mem.h"
#include "oci/config.h"
#include "op/op.h"
#include "sys/uapi.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

static const struct {
	const char *name;
	uint64_t kind;
} kinds[] = {
	{"pid", CLONE_NEWPID},	     {"network", CLONE_NEWNET}, {"mount", CLONE_NEWNS},
	{"ipc", CLONE_NEWIPC},	     {"uts", CLONE_NEWUTS},	{"user", CLONE_NEWUSER},
	{"cgroup", CLONE_NEWCGROUP}, {"time", CLONE_NEWTIME},
};

struct seen {
	struct spec *spec;
	uint64_t kinds;
};

static int add(const struct place *p, struct seen *seen, uint64_t kind, char *path, struct err *err)
{
	struct place at = place_in(p, "path");

	if (!path || !*path) {
		free(path);
		seen->spec->unshare |= kind & ~(uint64_t)CLONE_NEWNS;
		return 0;
	}
	VEC_PUSH(seen->spec->joins, seen->spec->n_joins, (struct spec_join){kind, path});
	if (*path != '/')
		return place_refuse(&at, err, "expected an absolute path, not '%s'", path);
	return 0;
}

static int read_namespace(const struct place *p, void *arg, struct err *err)
{
	struct seen *seen = arg;
	struct place type = place_in(p, "type");
	const char *name = place_is_object(p, err) < 0 ? NULL : place_text(&type, err);
	char *path = NULL;
	size_t i = 0;

	if (!name)
		return -EINVAL;
	while (i < ARRAY_SIZE(kinds) && strcmp(kinds[i].name, name))
		i++;
	if (i == ARRAY_SIZE(kinds))
		return place_refuse(&type, err, "there is no namespace '%s'", name);
	if (seen->kinds & kinds[i].kind)
		return place_refuse(&type, err, "'%s' is there twice", name);
	seen->kinds |= kinds[i].kind;
	if (place_str(p, "path", &path, err) < 0)
		return -EINVAL;
	return add(p, seen, kinds[i].kind, path, err);
}

uint64_t config_new_namespaces(const json_t *json)
{
	const json_t *all = json_object_get(json_object_get(json, "linux"), "namespaces");
	uint64_t found = 0;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i);
		const char *type = json_string_value(json_object_get(one, "type"));
		if (json_object_get(one, "path"))
			return 0;
		for (size_t k = 0; type && k < ARRAY_SIZE(kinds); k++)
			if (!strcmp(kinds[k].name, type))
				found |= kinds[k].kind;
	}
	return found;
}

int config_range(const struct place *p, void *arg, struct err *err)
{
	struct config_ranges *ranges = arg;
	int64_t inside = 0, outside = 0, size = 0, most = UINT32_MAX - 1;
	struct place at = place_in(p, "size");

	if (place_is_object(p, err) < 0 || place_need(p, "containerID", err) < 0 ||
	    place_need(p, "hostID", err) < 0 || place_need(p, "size", err) < 0 ||
	    place_int(p, "containerID", 0, most, &inside, err) < 0 ||
	    place_int(p, "hostID", 0, most, &outside, err) < 0 ||
	    place_int(p, "size", 1, most + 1, &size, err) < 0)
		return -EINVAL;
	if (inside + size > most + 1 || outside + size > most + 1)
		return place_refuse(&at, err,
				    "expected a range of ids that ends at 2^32-2 at most");
	buf_addf(ranges->map, "%s%c:%u:%u:%u", ranges->map->len ? "," : "", ranges->kind,
		 (uint32_t)inside, (uint32_t)outside, (uint32_t)size);
	return 0;
}

static int read_maps(const struct place *lin, struct spec *spec, struct err *err)
{
	AUTO(buf) struct buf map = {0};
	struct config_ranges uids = {&map, 'u'}, gids = {&map, 'g'};
	struct place p = place_in(lin, "uidMappings");

	if (place_each(lin, "uidMappings", config_range, &uids, err) < 0 ||
	    place_each(lin, "gidMappings", config_range, &gids, err) < 0)
		return -EINVAL;
	if (!spec_has_namespace(spec, CLONE_NEWUSER))
		return map.len ? place_refuse(&p, err, "needs a new user namespace") : 0;
	if (!map.len && spec_joined(spec, CLONE_NEWUSER))
		return 0;
	if (!map.len)
		return place_refuse(&p, err, "a new user namespace needs mappings");
	spec->idmap = buf_take(&map);
	return mnt_idmap_check(spec->idmap, err) < 0 ? err_add(err, "linux.uidMappings") : 0;
}

static int read_offset(const struct place *p, void *arg, struct err *err)
{
	int64_t secs = 0, nanosecs = 0;

	if (place_is_object(p, err) < 0)
		return -EINVAL;
	if (strcmp(p->key, "monotonic") && strcmp(p->key, "boottime"))
		return place_refuse(p, err, "expected monotonic or boottime");
	if (place_int(p, "secs", INT64_MIN, INT64_MAX, &secs, err) < 0 ||
	    place_int(p, "nanosecs", 0, 999999999, &nanosecs, err) < 0)
		return -EINVAL;
	buf_addf(arg, "%s %lld %lld\n", p->key, (long long)secs, (long long)nanosecs);
	return 0;
}

static int read_offsets(const struct place *lin, struct spec *spec, struct err *err)
{
	AUTO(buf) struct buf lines = {0};
	struct place p = place_in(lin, "timeOffsets");

	if (place_members(lin, "timeOffsets", read_offset, &lines, err) < 0)
		return -EINVAL;
	if (lines.len && !(spec->unshare & CLONE_NEWTIME))
		return place_refuse(&p, err, "needs a new time namespace");
	if (lines.len)
		spec->time_offsets = buf_take(&lines);
	return 0;
}

int config_namespaces(const struct place *lin, struct spec *spec, struct err *err)
{
	struct seen seen = {spec, 0};

	if (place_each(lin, "namespaces", read_namespace, &seen, err) < 0)
		return -EINVAL;
	spec->shared_mounts = !(seen.kinds & CLONE_NEWNS) || spec_joined(spec, CLONE_NEWNS);
	if (read_maps(lin, spec, err) < 0 || read_offsets(lin, spec, err) < 0)
		return -EINVAL;
	return 0;
}

/*
 * Who has no mount namespace of his own gets his root by chroot(2), and no mount at all: it would
 * be one of the host, or of whoever is in there, stay after the container's end, and a switch of
 * the root would be theirs too.
 */
int config_check_shared(const struct place *top, struct config *config, struct err *err)
{
	const struct spec *spec = &config->spec;
	struct place lin = place_in(top, "linux"), root = place_in(top, "root"),
		     process = place_in(top, "process");
	const struct {
		bool asked;
		struct place at;
	} mounts[] = {
		{spec->n_mounts, place_in(top, "mounts")},
		{spec->read_only, place_in(&root, "readonly")},
		{spec->masked.n, place_in(&lin, "maskedPaths")},
		{spec->protected.n, place_in(&lin, "readonlyPaths")},
		{spec->tty, place_in(&process, "terminal")},
		{spec_has_namespace(spec, CLONE_NEWUSER), place_in(&lin, "namespaces")},
	};
	static const char *const why[] = {
		"is a mount",
		"is a mount",
		"is a mount",
		"is a mount",
		"needs a mounted devpts",
		"in a user namespace devices are mounts",
	};

	for (size_t i = 0; spec->shared_mounts && i < ARRAY_SIZE(mounts); i++)
		if (mounts[i].asked)
			return place_refuse(&mounts[i].at, err,
					    "%s, and without a mount namespace of the container's "
					    "own it would be made in that of others and stay there",
					    why[i]);
	if (spec->shared_mounts)
		strv_add(&config->warnings,
			 "linux.namespaces: no mount namespace of its own: the container's root is "
			 "entered by chroot, which who may call chroot can leave");
	return 0;
}
