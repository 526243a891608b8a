// SPDX-License-Identifier: Apache-2.0
/*
 * Owners from cgroup paths. systemd and the engines name their cgroups after what runs in them;
 * each row below is one engine's way to do so. A name of 64 hexadecimal digits is a container's id
 * whoever made it.
 */
#include "mnt/owner.h"
#include "base/mem.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>

#define ID_LENGTH 64

/* PREFIX id SUFFIX is a component of the path; `is_id`: what is between must be a container's id.
 */
static const struct {
	const char *engine, *prefix, *suffix;
	bool is_id;
} rows[] = {
	{"docker", "docker-", ".scope", true},
	{"containerd", "cri-containerd-", ".scope", true},
	{"containerd", "nerdctl-", ".scope", true},
	{"cri-o", "crio-", ".scope", true},
	{"cri-o", "crio-", "", true},
	{"podman", "libpod-", ".scope", true},
	{"podman", "libpod-", "", true},
	{"lxc", "lxc.payload.", "", false},
	{"mntns", "mntns-", "", false},
	{"systemd-nspawn", "systemd-nspawn@", ".service", false},
	{"machined", "machine-", ".scope", false},
};

/* The directory above a bare id tells whose it is. */
static const char *const parents[][2] = {
	{"docker", "docker"},	     {"lxc", "lxc"},
	{"podman", "libpod_parent"}, {"buildkit", "buildkit"},
	{"containerd", "default"},
};

static bool is_container_id(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isxdigit((unsigned char)s[i]) || isupper((unsigned char)s[i]))
			return false;
	return len == ID_LENGTH;
}

static bool ends_with(const char *s, size_t len, const char *suffix)
{
	size_t n = strlen(suffix);

	return len > n && !memcmp(s + len - n, suffix, n);
}

static bool by_row(struct mnt_owner *owner, const char *s, size_t len, struct arena *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t prefix = strlen(rows[i].prefix), suffix = strlen(rows[i].suffix);
		if (len <= prefix + suffix || memcmp(s, rows[i].prefix, prefix) ||
		    !ends_with(s, len, rows[i].suffix))
			continue;
		size_t id = len - prefix - suffix;
		if (rows[i].is_id && !is_container_id(s + prefix, id))
			continue;
		owner->engine = rows[i].engine;
		owner->container = arena_strn(text, s + prefix, id);
		return true;
	}
	return false;
}

/* s[-1] is a slash; `path` is where the component before it may begin. */
static void by_parent(struct mnt_owner *owner, const char *path, const char *s, size_t len,
		      struct arena *text)
{
	const char *end = s - 1, *start = end, *engine = NULL;

	while (start > path && start[-1] != '/')
		start--;
	for (size_t i = 0; i < ARRAY_SIZE(parents); i++)
		if ((size_t)(end - start) == strlen(parents[i][1]) &&
		    !memcmp(start, parents[i][1], (size_t)(end - start)))
			engine = parents[i][0];
	if (!is_container_id(s, len) && !(engine && !strcmp(engine, "lxc")))
		return;
	owner->engine = engine;
	owner->container = arena_strn(text, s, len);
}

/* "pod<uid>", or systemd's "kubepods-burstable-pod<uid>.slice" with _ for -. */
static void read_pod(struct mnt_owner *owner, const char *s, size_t len, struct arena *text)
{
	AUTO_FREE char *name = xstrndup(s, len);
	bool slice = str_starts(name, "kubepods-") && ends_with(s, len, ".slice");
	char *pod = slice ? strstr(name, "-pod") : name;

	if (slice && pod)
		pod++;
	if (!pod || !str_starts(pod, "pod") || strlen(pod) < 3 + 32)
		return;
	pod += 3;
	pod[strcspn(pod, ".")] = 0;
	for (char *c = pod; slice && *c; c++)
		*c = *c == '_' ? '-' : *c;
	owner->pod = arena_str(text, pod);
}

static void read_component(struct mnt_owner *owner, const char *path, const char *s, size_t len,
			   struct arena *text)
{
	if (ends_with(s, len, ".service") || ends_with(s, len, ".scope"))
		owner->unit = arena_strn(text, s, len);
	if (!owner->pod)
		read_pod(owner, s, len, text);
	/* The innermost one counts: a container in a container. */
	if (!by_row(owner, s, len, text) && s > path)
		by_parent(owner, path, s, len, text);
	/* A bare id below a pod is the container runtime's of the node, whichever it is. */
	if (owner->container && !owner->engine && owner->pod)
		owner->engine = "kubernetes";
}

struct mnt_owner mnt_owner_parse(const char *path, struct arena *text)
{
	struct mnt_owner owner = {0};

	for (const char *s = path; *s;) {
		size_t len = strcspn(s, "/");
		if (len)
			read_component(&owner, path, s, len, text);
		s += len + (s[len] == '/');
	}
	return owner;
}
