// SPDX-License-Identifier: Apache-2.0
/* Random flags: mostly those that go together, now and then some that do not. */
#include "model/model.h"
#include "scenario/places.h"

static unsigned bits(struct random *random, const unsigned *from, size_t n)
{
	unsigned all = 0;

	for (size_t i = 0; i < n; i++)
		if (chance(random, 20))
			all |= from[i];
	return all;
}

unsigned random_mount_flags(struct random *random)
{
	static const unsigned flags[] = {
		MODEL_MS_RDONLY,   MODEL_MS_NOSUID,	 MODEL_MS_NODEV,
		MODEL_MS_NOEXEC,   MODEL_MS_NOATIME,	 MODEL_MS_NODIRATIME,
		MODEL_MS_RELATIME, MODEL_MS_STRICTATIME, MODEL_MS_NOSYMFOLLOW};

	return bits(random, flags, ARRAY_SIZE(flags));
}

unsigned random_type(struct random *random)
{
	static const unsigned types[] = {MODEL_MS_SHARED,    MODEL_MS_SHARED, MODEL_MS_SHARED,
					 MODEL_MS_SLAVE,     MODEL_MS_SLAVE,  MODEL_MS_PRIVATE,
					 MODEL_MS_UNBINDABLE};

	return types[random_below(random, ARRAY_SIZE(types))];
}

void random_setattr(struct random *random, struct call *call)
{
	static const unsigned attrs[] = {MODEL_ATTR_RDONLY,	MODEL_ATTR_NOSUID,
					 MODEL_ATTR_NODEV,	MODEL_ATTR_NOEXEC,
					 MODEL_ATTR_NODIRATIME, MODEL_ATTR_NOSYMFOLLOW};
	static const unsigned modes[] = {0, MODEL_ATTR_NOATIME, MODEL_ATTR_STRICTATIME, 0x30};

	call->set = bits(random, attrs, ARRAY_SIZE(attrs));
	call->clear = bits(random, attrs, ARRAY_SIZE(attrs));
	if (chance(random, 30)) {
		call->clear |= chance(random, 95) ? MODEL_ATTR_ATIME : MODEL_ATTR_NOATIME;
		call->set |= modes[random_below(random, ARRAY_SIZE(modes))];
	} else if (chance(random, 5)) {
		call->set |= MODEL_ATTR_NOATIME;
	}
	if (chance(random, 30))
		call->propagation = random_type(random);
	if (chance(random, 2))
		call->propagation |= random_type(random);
	if (chance(random, 2))
		call->set |= 1 << 9;
	call->rec = chance(random, 40);
}

unsigned random_umount_flags(struct random *random)
{
	unsigned flags = chance(random, 50) ? MODEL_UMOUNT_DETACH : 0;

	if (chance(random, 4))
		flags |= MODEL_UMOUNT_FORCE;
	if (chance(random, 6))
		flags |= MODEL_UMOUNT_EXPIRE;
	if (chance(random, 4))
		flags |= MODEL_UMOUNT_NOFOLLOW;
	if (chance(random, 1))
		flags |= MODEL_UMOUNT_UNKNOWN;
	return flags;
}

unsigned random_move_flags(struct random *random)
{
	unsigned flags = 0;

	if (chance(random, 25))
		flags |= MODEL_MOVE_SET_GROUP;
	if (chance(random, flags ? 3 : 30))
		flags |= MODEL_MOVE_BENEATH;
	if (chance(random, 1))
		flags |= MODEL_MOVE_UNKNOWN;
	return flags;
}
