// SPDX-License-Identifier: Apache-2.0
/* What may be mounted on /proc and below: nothing that stands for the kernel's own files. */
#include "base/mem.h"
#include "oci/config_parts.h"

#include <string.h>

/*
 * What the runtime or the container's programs read and write there must be procfs: only files that
 * lxcfs gives, and the like, may cover its own.
 */
static bool may_cover(const char *below_proc)
{
	static const char *const files[] = {
		"cpuinfo", "diskstats", "meminfo",    "stat",	 "swaps",
		"uptime",  "loadavg",	"slabinfo",   "net/dev", "sys/kernel/ns_last_pid",
		"acpi",	   "scsi",	"interrupts", "version",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (!strcmp(files[i], below_proc))
			return true;
	return false;
}

int config_mount_check_proc(const struct place *p, const struct spec_mount *m, struct err *err)
{
	AUTO_FREE char *path = str_plain_path(m->target);
	struct place at = place_in(p, "destination");
	bool is_proc = !strcmp(m->type, "proc") ||
		       (config_is_bind(m->type) && m->source && !strcmp(m->source, "/proc"));

	if (!strcmp(path, "/proc") && !is_proc)
		return place_refuse(&at, err, "/proc may only be a proc, or a bind of the host's");
	if (str_starts(path, "/proc/") && !may_cover(path + strlen("/proc/")))
		return place_refuse(&at, err,
				    "'%s': what is mounted there would stand for the kernel's own "
				    "files; only single files like /proc/meminfo may be covered",
				    path);
	return 0;
}
