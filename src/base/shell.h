/* SPDX-License-Identifier: Apache-2.0 */
/* Words of commands that a user copies into a shell. */
#ifndef BASE_SHELL_H
#define BASE_SHELL_H

#include "base/str.h"

/* The word as sh(1) reads it back; with control characters or bytes that are no UTF-8, as bash(1)
 * does: $'...'. */
void shell_add_word(struct buf *out, const char *word);

#endif
