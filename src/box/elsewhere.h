/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels of some virtual machines pack what is new onto a processor that is busy, though another
 * is idle: a thread would begin only when its caller waits for it.
 */
#ifndef BOX_ELSEWHERE_H
#define BOX_ELSEWHERE_H

/*
 * The thread begins on another processor than its caller's, if there is one for it; after that it
 * may be anywhere. Only where BARE_CALLS of sys/bare.h is defined, like the next.
 */
void elsewhere_begin(int tid);
/* It has not begun, as the other was busy, too: it begins where the caller is, which waits for it.
 */
void elsewhere_fetch(int tid);

#endif
