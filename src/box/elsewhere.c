// SPDX-License-Identifier: Apache-2.0
/* On which processor a new process begins; by bare calls, as its caller may have no libc yet. */
#include "box/elsewhere.h"
#include "sys/bare.h"

#include <sched.h>

enum {
	BITS = 8 * sizeof(unsigned long)
};

/* Where the caller may be, and so the other; `own`: where it is. */
struct processors {
	unsigned long mask[16];
	long size;
	unsigned int own, n;
};

BARE static bool look(struct processors *all)
{
	all->own = all->n = 0;
	all->size =
		bare_call(SYS_sched_getaffinity, 0, sizeof(all->mask), ADDRESS(all->mask), 0, 0);
	for (long i = 0; i < all->size / (long)sizeof(*all->mask); i++)
		for (unsigned long rest = all->mask[i]; rest; rest &= rest - 1)
			all->n++;
	return all->n > 1 && bare_call(SYS_getcpu, ADDRESS(&all->own), 0, 0, 0, 0) == 0 &&
	       all->own < 8 * all->size;
}

/* To where it may be more than once: it stays there until the scheduler has a reason. */
BARE static void move(int pid, struct processors *all, bool to_own)
{
	unsigned long *word = &all->mask[all->own / BITS], bit = 1UL << all->own % BITS;
	unsigned long only[16];

	for (long i = 0; i < 16; i++) {
		only[i] = to_own ? 0 : all->mask[i];
		/* Else the compiler makes a call of it. */
		__asm__ volatile("" ::: "memory");
	}
	only[word - all->mask] = to_own ? bit : *word & ~bit;
	bare_call(SYS_sched_setaffinity, pid, all->size, ADDRESS(only), 0, 0);
	bare_call(SYS_sched_setaffinity, pid, all->size, ADDRESS(all->mask), 0, 0);
}

BARE void elsewhere_begin(int pid)
{
	struct processors all;

	if (look(&all))
		move(pid, &all, false);
}

BARE void elsewhere_fetch(int pid)
{
	struct processors all;

	if (look(&all))
		move(pid, &all, true);
}

void elsewhere_end(int pid)
{
	int own = sched_getcpu();
	cpu_set_t only;

	if (own < 0)
		return;
	CPU_ZERO(&only);
	CPU_SET(own, &only);
	sched_setaffinity(pid, sizeof(only), &only);
}
