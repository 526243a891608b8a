// SPDX-License-Identifier: Apache-2.0
/* What is the same for all processes of a container: execution domain, memory policy, filter. */
#include "base/mem.h"
#include "oci/config.h"

#include <errno.h>
#include <string.h>
#include <sys/personality.h>
#include <linux/mempolicy.h>

static int refuse_flag(const struct place *p, void *arg, struct err *err)
{
	return place_refuse(p, err, "the specification has no flags of a personality");
}

static int read_personality(const struct place *lin, struct spec_process *ret, struct err *err)
{
	static const struct place_word domains[] = {{"LINUX", PER_LINUX}, {"LINUX32", PER_LINUX32}};
	uint64_t domain = 0;
	struct place p;

	if (place_object(lin, "personality", &p, err) < 0)
		return -EINVAL;
	if (!place_is_there(&p))
		return 0;
	struct place name = place_in(&p, "domain");
	if (place_word(&name, domains, ARRAY_SIZE(domains), &domain, err) < 0 ||
	    place_each(&p, "flags", refuse_flag, NULL, err) < 0)
		return -EINVAL;
	ret->has_personality = true;
	ret->personality = (unsigned)domain;
	return 0;
}

static int add_memory_flag(const struct place *p, void *arg, struct err *err)
{
	static const struct place_word flags[] = {
		{"MPOL_F_NUMA_BALANCING", MPOL_F_NUMA_BALANCING},
		{"MPOL_F_RELATIVE_NODES", MPOL_F_RELATIVE_NODES},
		{"MPOL_F_STATIC_NODES", MPOL_F_STATIC_NODES},
	};
	uint64_t flag = 0;
	int rc = place_word(p, flags, ARRAY_SIZE(flags), &flag, err);

	*(unsigned *)arg |= (unsigned)flag;
	return rc;
}

/* Of version 1.3. */
static int read_memory_policy(const struct place *lin, struct spec_process *ret, struct err *err)
{
	static const struct place_word modes[] = {
		{"MPOL_DEFAULT", MPOL_DEFAULT},
		{"MPOL_BIND", MPOL_BIND},
		{"MPOL_INTERLEAVE", MPOL_INTERLEAVE},
		{"MPOL_LOCAL", MPOL_LOCAL},
		{"MPOL_PREFERRED", MPOL_PREFERRED},
		{"MPOL_PREFERRED_MANY", MPOL_PREFERRED_MANY},
		{"MPOL_WEIGHTED_INTERLEAVE", MPOL_PREFERRED_MANY + 1}, /* Linux 6.9 */
	};
	uint64_t mode = 0;
	struct place p;

	if (place_object(lin, "memoryPolicy", &p, err) < 0)
		return -EINVAL;
	if (!place_is_there(&p))
		return 0;
	struct place name = place_in(&p, "mode"), nodes = place_in(&p, "nodes");
	const char *list = place_is_there(&nodes) ? place_text(&nodes, err) : "";
	if (!list || place_word(&name, modes, ARRAY_SIZE(modes), &mode, err) < 0 ||
	    (*list && place_list(&nodes, list, SPEC_NODES, ret->memory.nodes, err) < 0) ||
	    place_each(&p, "flags", add_memory_flag, &ret->memory.flags, err) < 0)
		return -EINVAL;
	ret->memory.is_set = true;
	ret->memory.has_nodes = *list;
	ret->memory.mode = (unsigned)mode;
	return 0;
}

int config_domain(const struct place *lin, struct spec_process *ret, struct err *err)
{
	return read_personality(lin, ret, err) < 0 ? -EINVAL : read_memory_policy(lin, ret, err);
}

void config_confine_alike(const struct spec_process *own, struct spec_process *ret)
{
	const size_t size = own->seccomp_len * SPEC_FILTER_STEP;

	ret->has_personality = own->has_personality;
	ret->personality = own->personality;
	ret->memory = own->memory;
	ret->seccomp_flags = own->seccomp_flags;
	ret->seccomp_len = own->seccomp_len;
	if (!own->seccomp)
		return;
	ret->seccomp = xcalloc(size, 1);
	memcpy(ret->seccomp, own->seccomp, size);
}
