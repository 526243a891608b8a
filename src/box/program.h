/* SPDX-License-Identifier: Apache-2.0 */
/* The last step: execve of the program, found as a shell would find it. */
#ifndef BOX_PROGRAM_H
#define BOX_PROGRAM_H

#include "box/spec.h"

/* The program is there: 0, or a sentence with *ret_status 126 or 127, as the execution would. */
int program_find(const struct spec *spec, int *ret_status, struct err *err);
/* Returns only on failure, with *ret_status 126 or 127. `home` goes to HOME if env has none. */
int program_execute(const struct spec *spec, const char *home, int *ret_status, struct err *err);

#endif
