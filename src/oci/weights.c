// SPDX-License-Identifier: Apache-2.0
#include "oci/weights.h"
#include "base/mem.h"

#include <string.h>

#define LOG2_10 3.321928094887362

/* By squaring, a bit each time: what libm has is a lot to link for this. */
static double log_2(double x)
{
	double log = 0;

	for (; x >= 2; x /= 2)
		log++;
	for (double bit = 0.5; bit > 1e-12; bit /= 2) {
		x *= x;
		if (x >= 2) {
			x /= 2;
			log += bit;
		}
	}
	return log;
}

/*
 * A line from 2..262144 to 1..10000 makes 39 of 1024, so that a container with the usual shares had
 * less than half of a service with the usual weight. What crun and runc agreed on meets all three:
 * the decimal logarithm of the weight is (l² + 125 l)/612 - 7/34, l being the binary one of shares.
 */
int64_t weight_of_shares(int64_t shares)
{
	double l = log_2((double)(shares < 2 ? 2 : shares > 262144 ? 262144 : shares));
	double wanted = ((l * l + 125 * l) / 612 - 7.0 / 34) * LOG2_10 - 1e-9;
	int64_t low = 1, high = 10000;

	while (low < high) {
		int64_t middle = (low + high) / 2;
		if (log_2((double)middle) < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

char *weight_for_io(const char *bfq)
{
	const char *space = strrchr(bfq, ' ');
	const char *number = space ? space + 1 : bfq;
	long weight = strtol(number, NULL, 10);

	return xasprintf("%.*s%ld", (int)(number - bfq), bfq,
			 1 + (weight < 10 ? 0 : weight - 10) * 9999 / 990);
}
