// SPDX-License-Identifier: Apache-2.0
/* linux.resources.blockIO by device: weights and throttles. */
#include "base/mem.h"
#include "oci/resources_parts.h"

#include <errno.h>

static const struct throttle {
	const char *key, *v1, *v2;
} throttles[] = {
	{"throttleReadBpsDevice", "blkio.throttle.read_bps_device", "rbps"},
	{"throttleWriteBpsDevice", "blkio.throttle.write_bps_device", "wbps"},
	{"throttleReadIOPSDevice", "blkio.throttle.read_iops_device", "riops"},
	{"throttleWriteIOPSDevice", "blkio.throttle.write_iops_device", "wiops"},
};

/* An element {major, minor, KEY}; the device as MAJOR:MINOR. */
static int read_device(const struct place *p, const char *key, int64_t most, char **ret_device,
		       int64_t *ret, struct err *err)
{
	int64_t major = 0, minor = 0;

	if (place_is_object(p, err) < 0 || place_need(p, "major", err) < 0 ||
	    place_need(p, "minor", err) < 0 || place_int(p, "major", 0, 4095, &major, err) < 0 ||
	    place_int(p, "minor", 0, 1048575, &minor, err) < 0 ||
	    place_int(p, key, 0, most, ret, err) < 0)
		return -EINVAL;
	*ret_device = xasprintf("%lld:%lld", (long long)major, (long long)minor);
	return 0;
}

struct reading {
	struct resources *r;
	const struct throttle *throttle;
};

static int read_throttle(const struct place *p, void *arg, struct err *err)
{
	const struct reading *reading = arg;
	const struct throttle *throttle = reading->throttle;
	AUTO_FREE char *device = NULL;
	int64_t rate = 0;

	if (read_device(p, "rate", INT64_MAX, &device, &rate, err) < 0)
		return -EINVAL;
	AUTO_FREE char *most = rate ? resources_number(rate) : xstrdup("max");
	struct cgroup_write *w = resources_add(reading->r, "blkio", throttle->v1, "io.max",
					       xasprintf("%s %lld", device, (long long)rate),
					       "blockIO.%s", throttle->key);
	resources_in_v2(w, xasprintf("%s %s=%s", device, throttle->v2, most));
	return 0;
}

static int read_weight(const struct place *p, void *arg, struct err *err)
{
	AUTO_FREE char *device = NULL;
	int64_t weight = 0;

	if (read_device(p, "weight", 1000, &device, &weight, err) < 0)
		return -EINVAL;
	if (weight)
		resources_add(arg, "blkio", "blkio.weight_device", "io.bfq.weight",
			      xasprintf("%s %lld", device, (long long)weight),
			      "blockIO.weightDevice");
	return 0;
}

int resources_block(const struct place *resources, struct resources *r, struct err *err)
{
	struct place block;

	if (place_object(resources, "blockIO", &block, err) < 0 ||
	    place_each(&block, "weightDevice", read_weight, r, err) < 0)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(throttles); i++) {
		struct reading reading = {r, &throttles[i]};
		if (place_each(&block, throttles[i].key, read_throttle, &reading, err) < 0)
			return -EINVAL;
	}
	return 0;
}
