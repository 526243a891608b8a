// SPDX-License-Identifier: Apache-2.0
/* On which processor a new thread begins; by bare calls, as its caller may have no libc yet. */
#include "box/elsewhere.h"
#include "sys/bare.h"

#include <fcntl.h>

#ifdef BARE_CALLS

/* Tasks that run or could, here among them; 0: unknown. */
BARE static long count_running(void)
{
	char text[64]; /* three averages, and then "2/117" */
	long n = 0, spaces = 0;
	long fd = bare_call(SYS_openat, AT_FDCWD, ADDRESS("/proc/loadavg"), O_RDONLY | O_CLOEXEC, 0,
			    0);
	long size = bare_call(SYS_read, fd, ADDRESS(text), sizeof(text), 0, 0);

	bare_call(SYS_close, fd, 0, 0, 0, 0);
	for (long i = 0; i < size && text[i] != '/'; i++) {
		spaces += text[i] == ' ';
		if (spaces == 3 && text[i] != ' ')
			n = n * 10 + text[i] - '0';
	}
	return n;
}

BARE void elsewhere_begin(int tid)
{
	unsigned long mask[16]; /* of processors */
	const unsigned int bits = 8 * sizeof(*mask);
	unsigned int own = 0, n = 0;
	long size = bare_call(SYS_sched_getaffinity, 0, sizeof(mask), ADDRESS(mask), 0, 0);

	for (long i = 0; i < size / (long)sizeof(*mask); i++)
		for (unsigned long rest = mask[i]; rest; rest &= rest - 1)
			n++;
	long running = n < 2 ? 0 : count_running();
	if (!running || running > n || bare_call(SYS_getcpu, ADDRESS(&own), 0, 0, 0, 0) < 0 ||
	    own >= 8 * size)
		return;
	mask[own / bits] ^= 1UL << own % bits;
	bare_call(SYS_sched_setaffinity, tid, size, ADDRESS(mask), 0, 0);
	mask[own / bits] ^= 1UL << own % bits;
	bare_call(SYS_sched_setaffinity, tid, size, ADDRESS(mask), 0, 0);
}

#endif
