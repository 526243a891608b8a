/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels of some virtual machines pack what is new onto a processor that is busy, though another
 * is idle: a new process would begin only when its parent waits for it.
 */
#ifndef BOX_ELSEWHERE_H
#define BOX_ELSEWHERE_H

/*
 * The process begins on another processor than its parent's, if there is one for it; after that it
 * may be anywhere. Without libc, like the next; see sys/bare.h.
 */
void elsewhere_begin(int pid);
/* It has not begun, as the other was busy, too: it begins where the caller is, which waits for it.
 */
void elsewhere_fetch(int pid);
/*
 * It sleeps, and is to end: where the caller is, which has nothing to do, as the container's
 * program is probably on the other. By libc.
 */
void elsewhere_end(int pid);

#endif
