/* SPDX-License-Identifier: Apache-2.0 */
/* pidfd_send_signal(2), as glibc 2.36 has it. */
#ifndef MUSL_SYS_PIDFD_H
#define MUSL_SYS_PIDFD_H

#include <signal.h>

int pidfd_send_signal(int pidfd, int number, siginfo_t *info, unsigned flags);

#endif
