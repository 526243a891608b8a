// SPDX-License-Identifier: Apache-2.0
/* What is known of one mount, and its neighbors in the tree. */
#include "lib/parts.h"

#include <string.h>

const struct mntns_namespace *mntns_mount_namespace(const struct mntns_mount *mount)
{
	return mount->ns;
}

#define FIELD(type, name, member)                                                                  \
	type mntns_mount_##name(const struct mntns_mount *mount)                                   \
	{                                                                                          \
		return lib_mount(mount)->member;                                                   \
	}

FIELD(uint32_t, id, id)
FIELD(uint32_t, parent_id, parent)
FIELD(uint64_t, unique_id, unique)
FIELD(uint32_t, major, major)
FIELD(uint32_t, minor, minor)
FIELD(const char *, root, root)
FIELD(const char *, target, target)
FIELD(const char *, fstype, fstype)
FIELD(const char *, source, source)
FIELD(const char *, fs_options, options)
FIELD(uint64_t, attributes, attr)
FIELD(uint32_t, group, group)
FIELD(uint32_t, master, master)
FIELD(uint32_t, propagate_from, from)

size_t mntns_mount_vfs_options(const struct mntns_mount *mount, char *buffer, size_t size)
{
	AUTO(buf) struct buf text = {0};

	mnt_options_print(lib_mount(mount), &text);
	size_t len = text.len < size ? text.len : size - 1;
	if (size) {
		memcpy(buffer, text.data, len);
		buffer[len] = 0;
	}
	return text.len;
}

#define FLAG(name, flag)                                                                           \
	bool mntns_mount_is_##name(const struct mntns_mount *mount)                                \
	{                                                                                          \
		return lib_mount(mount)->flags & flag;                                             \
	}

FLAG(unbindable, MNT_UNBINDABLE)
FLAG(idmapped, MNT_IDMAPPED)
FLAG(deleted, MNT_DELETED)

const char *mntns_mount_propagation(const struct mntns_mount *mount)
{
	return mnt_type_word(lib_mount(mount));
}

#define LINK(name, member)                                                                         \
	const struct mntns_mount *mntns_mount_##name(const struct mntns_mount *mount)              \
	{                                                                                          \
		return lib_handle(mount->ns, mount->ns->tree.v[mount->index].member);              \
	}

LINK(parent, parent)
LINK(child, child)
LINK(next, next)
LINK(cover, cover)
LINK(hidden_by, hidden)

uint32_t mntns_mount_depth(const struct mntns_mount *mount)
{
	return mount->ns->tree.v[mount->index].depth;
}
