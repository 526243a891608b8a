// SPDX-License-Identifier: Apache-2.0
/* A process whose first thread ends, which /proc calls a zombie; another goes on, until it is
 * killed. Says "ready" once it is so. Static: it is copied into roots. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static _Noreturn void *go_on(void *first)
{
	pthread_join(*(pthread_t *)first, NULL);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

int main(void)
{
	static pthread_t first;
	pthread_t other;

	first = pthread_self();
	if (pthread_create(&other, NULL, go_on, &first))
		return 1;
	pthread_exit(NULL);
}
