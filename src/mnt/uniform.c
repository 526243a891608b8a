// SPDX-License-Identifier: Apache-2.0
/* Recursive propagation types: recursion is an act, what is left of it is that all are alike. */
#include "base/mem.h"
#include "mnt/mnt.h"

#include <string.h>

/* Children stand behind their parents in preorder: backwards, each tells the one above it. */
bool *mnt_tree_uniform(const struct mnt_tree *tree, const struct mnt_table *table)
{
	bool *uniform = xcalloc(table->n + 1, sizeof(*uniform));
	uint32_t *order = xcalloc(table->n + 1, sizeof(*order)), n = 0;

	for (uint32_t i = tree->first; i != MAP_NONE; i = mnt_tree_next(tree, i)) {
		uniform[i] = true;
		order[n++] = i;
	}
	while (n-- > 0) {
		uint32_t i = order[n], parent = tree->v[i].parent;
		if (parent != MAP_NONE && (!uniform[i] || strcmp(mnt_type_word(&table->v[i]),
								 mnt_type_word(&table->v[parent]))))
			uniform[parent] = false;
	}
	free(order);
	return uniform;
}
