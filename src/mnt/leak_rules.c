// SPDX-License-Identifier: Apache-2.0
/*
 * Which paths name an owner. A new engine is a new row. In a pattern
 *
 *	%p  a pod's UID, with dashes or (a static pod's) 32 hexadecimal digits
 *	%x  a container's or layer's id: 64 hexadecimal digits
 *	%d  a number
 *	%n  any name, up to the next slash, or up to what follows in the pattern
 *	*   any name, which is not the owner's
 *
 * One that begins with a slash begins the path, another one stands behind any slash; behind the
 * pattern the path ends or goes on with a slash.
 */
#include "base/mem.h"
#include "mnt/leak.h"

#include <ctype.h>
#include <string.h>

static const struct {
	enum mnt_leak_kind kind;
	const char *engine, *pattern;
} rules[] = {
	{MNT_LEAK_POD, "kubelet", "kubelet/pods/%p"},
	{MNT_LEAK_CONTAINER, "docker", "docker/containers/%x"},
	{MNT_LEAK_ROOT, "docker", "docker/overlay2/%x/merged"},
	{MNT_LEAK_CONTAINER, "containerd", "io.containerd.runtime.v2.task/*/%n"},
	{MNT_LEAK_CONTAINER, "containerd", "io.containerd.runtime.v1.linux/*/%n"},
	{MNT_LEAK_CONTAINER, "containerd", "io.containerd.grpc.v1.cri/sandboxes/%x"},
	{MNT_LEAK_CONTAINER, "containerd", "io.containerd.grpc.v1.cri/containers/%x"},
	{MNT_LEAK_CONTAINER, "podman or cri-o", "storage/overlay-containers/%x"},
	{MNT_LEAK_ROOT, "podman or cri-o", "storage/overlay/%x/merged"},
	{MNT_LEAK_NETNS, "cni", "/run/netns/cni-%n"},
	{MNT_LEAK_NETNS, "cni", "/var/run/netns/cni-%n"},
	{MNT_LEAK_NETNS, "docker", "docker/netns/%n"},
	{MNT_LEAK_UNIT, "systemd", "/run/credentials/%n"},
	{MNT_LEAK_USER, "systemd", "/run/user/%d"},
	{MNT_LEAK_SNAP, "snapd", "/run/snapd/ns/%n.mnt"},
};
/* The same for the directory that is shown: a unit's own /tmp. */
static const char private_tmp[] = "systemd-private-*-%n-*";

const char *const mnt_leak_words[] = {
	[MNT_LEAK_POD] = "pod",
	[MNT_LEAK_CONTAINER] = "container",
	[MNT_LEAK_ROOT] = "container root",
	[MNT_LEAK_UNIT] = "unit",
	[MNT_LEAK_USER] = "user",
	[MNT_LEAK_SNAP] = "snap",
	[MNT_LEAK_NETNS] = "netns",
	[MNT_LEAK_DIRECTORY] = "directory",
	[MNT_LEAK_NAMESPACE] = "namespace",
};

static size_t digits(const char *s)
{
	return strspn(s, "0123456789abcdef");
}

static size_t uid_length(const char *s)
{
	static const size_t parts[] = {8, 4, 4, 4, 12};
	size_t at = 0;

	if (digits(s) == 32)
		return 32;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (digits(s + at) != parts[i])
			return 0;
		at += parts[i];
		if (i + 1 < ARRAY_SIZE(parts) && s[at++] != '-')
			return 0;
	}
	return at;
}

/* How long what stands for the letter is; 0: it is not there. */
static size_t length(char letter, const char *s)
{
	if (letter == 'p')
		return uid_length(s);
	if (letter == 'x')
		return digits(s) == 64 ? 64 : 0;
	if (letter == 'd')
		return strspn(s, "0123456789");
	return strcspn(s, "/");
}

struct capture {
	const char *start;
	size_t len;
};

static bool matches(const char *pattern, const char *s, struct capture *ret);

/* The owner's name is taken as long as the rest still fits, another one as short. */
static bool matches_name(const char *pattern, const char *s, struct capture *ret)
{
	bool named = *pattern == '%', fixed = named && pattern[1] != 'n';
	size_t most = length(named ? pattern[1] : '*', s);
	const char *rest = pattern + (named ? 2 : 1);

	for (size_t i = 0; i < (fixed ? most > 0 : most); i++) {
		size_t len = named ? most - i : i + 1;
		if (!matches(rest, s + len, ret))
			continue;
		if (named)
			*ret = (struct capture){s, len};
		return true;
	}
	return false;
}

static bool matches(const char *pattern, const char *s, struct capture *ret)
{
	for (; *pattern && *pattern != '%' && *pattern != '*'; pattern++, s++)
		if (*pattern != *s)
			return false;
	return *pattern ? matches_name(pattern, s, ret) : !*s || *s == '/';
}

static bool matches_somewhere(const char *pattern, const char *path, struct capture *ret)
{
	if (*pattern == '/')
		return matches(pattern, path, ret);
	for (const char *c = strchr(path, '/'); c; c = strchr(c + 1, '/'))
		if (matches(pattern, c + 1, ret))
			return true;
	return false;
}

bool mnt_leak_match(const struct mnt *mnt, struct mnt_leak *ret, struct arena *text)
{
	struct capture owner;

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (!matches_somewhere(rules[i].pattern, mnt->target, &owner))
			continue;
		ret->kind = rules[i].kind;
		ret->engine = rules[i].engine;
		ret->owner = arena_strn(text, owner.start, owner.len);
		return true;
	}
	if (!matches_somewhere(private_tmp, mnt->root, &owner))
		return false;
	ret->kind = MNT_LEAK_UNIT;
	ret->engine = "systemd";
	ret->owner = arena_strn(text, owner.start, owner.len);
	return true;
}
