/* SPDX-License-Identifier: Apache-2.0 */
/* Weights of cgroup v1 on the scales of v2. */
#ifndef OCI_WEIGHTS_H
#define OCI_WEIGHTS_H

#include <stdint.h>

/* cpu.shares, 2 to 262144, as cpu.weight, 1 to 10000; 1024, the usual, is 100, the usual. */
int64_t weight_of_shares(int64_t shares);
/* "[MAJOR:MINOR ]WEIGHT" of BFQ, 10 to 1000, for io.weight, 1 to 10000. */
char *weight_for_io(const char *bfq);

#endif
