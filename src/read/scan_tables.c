// SPDX-License-Identifier: Apache-2.0
/* The tables of many namespaces: nearly all of the time goes to the kernel, so on all CPUs. */
#include "base/mem.h"
#include "read/scan_parts.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define THREADS_MAX 8
#define FEW	    16 /* namespaces, for which no thread is worth its start */

struct reading {
	struct scan *scan;
	const uint32_t *todo;
	struct err *errs;
	uint32_t n;
	atomic_uint next;
};

/* Nothing of the world grows meanwhile, and no two threads have the same namespace. */
static void *read_tables(void *ctx)
{
	struct reading *r = ctx;

	for (uint32_t k; (k = atomic_fetch_add(&r->next, 1)) < r->n;) {
		uint32_t i = r->todo[k];
		AUTO_FD int fd = scan_open(r->scan, i);
		scan_table(&r->scan->world->ns[i], &r->scan->ways[i], fd, &r->errs[k]);
	}
	return NULL;
}

static unsigned count_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

static void read_all(struct reading *r)
{
	pthread_t threads[THREADS_MAX];
	unsigned cpus = count_cpus(), n = 0;

	while (r->n > FEW && n + 1 < cpus && n < THREADS_MAX &&
	       pthread_create(&threads[n], NULL, read_tables, r) == 0)
		n++;
	read_tables(r);
	while (n)
		pthread_join(threads[--n], NULL);
}

bool scan_tables(struct scan *scan)
{
	uint32_t n = scan->world->n_ns;
	AUTO_FREE uint32_t *todo = xcalloc(n + 1, sizeof(*todo));
	struct reading r = {.scan = scan, .todo = todo};

	for (uint32_t i = 0; i < n; i++)
		if (scan->ways[i].pending)
			todo[r.n++] = i;
	r.errs = xcalloc(r.n + 1, sizeof(*r.errs));
	read_all(&r);
	for (uint32_t k = 0; k < r.n; k++) {
		scan->ways[todo[k]].pending = false;
		scan_finish(scan, todo[k], &r.errs[k]);
		err_done(&r.errs[k]);
	}
	free(r.errs);
	return r.n;
}
