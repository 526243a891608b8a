/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals by the numbers that glibc's users know, and masks of all that the kernel has: musl keeps
 * 32 to 34 for itself, and this program has no use of its threads.
 */
#ifndef MUSL_SIGNAL_H
#define MUSL_SIGNAL_H

#include_next <signal.h>

#undef SIGRTMIN
#define SIGRTMIN 34

int whole_sigfillset(sigset_t *set);
int whole_sigprocmask(int how, const sigset_t *set, sigset_t *ret_old);
#define sigfillset(set)		       whole_sigfillset(set)
#define sigprocmask(how, set, ret_old) whole_sigprocmask(how, set, ret_old)

#endif
