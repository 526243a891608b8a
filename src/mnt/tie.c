// SPDX-License-Identifier: Apache-2.0
/* How two mounts of one directory hang together. */
#include "mnt/why.h"

enum mnt_tie mnt_tie(const struct mnt_groups *groups, const struct mnt *a, const struct mnt *b,
		     uint32_t *ret_group)
{
	uint32_t of_a = mnt_groups_of(groups, a), of_b = mnt_groups_of(groups, b);
	uint32_t common = of_a == MAP_NONE || of_b == MAP_NONE
				  ? MAP_NONE
				  : mnt_groups_common(groups, of_a, of_b);

	*ret_group = common;
	if (common == MAP_NONE)
		return MNT_TIE_NONE;
	bool a_gives = a->group && common == of_a, b_gives = b->group && common == of_b;
	return a_gives && b_gives ? MNT_TIE_PEERS
	       : a_gives	  ? MNT_TIE_DOWN
	       : b_gives	  ? MNT_TIE_UP
				  : MNT_TIE_SISTERS;
}
