/* SPDX-License-Identifier: Apache-2.0 */
/* musl's open(2) sets close-on-exec once more, for kernels before 2.6.23; its openat(2) does not.
 */
#ifndef MUSL_FCNTL_H
#define MUSL_FCNTL_H

#include_next <fcntl.h>

#define open(...) openat(AT_FDCWD, __VA_ARGS__)

#endif
