/* SPDX-License-Identifier: Apache-2.0 */
/* The last step: execve of the program, found as a shell would find it. */
#ifndef BOX_PROGRAM_H
#define BOX_PROGRAM_H

#include "box/spec.h"

/* Returns only on failure, with *ret_status 126 or 127. `home` goes to HOME if env has none. */
int program_execute(const struct spec *spec, const char *home, int *ret_status, struct err *err);

#endif
