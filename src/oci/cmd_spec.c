// SPDX-License-Identifier: Apache-2.0
/* spec, features: what this runtime would do, as JSON. */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cmds.h"
#include "oci/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

/* The usual container: a shell in ./rootfs with little power. */
static const char usual[] =
	"{'ociVersion':'" OCI_VERSION "',"
	"'process':{'terminal':true,'user':{'uid':0,'gid':0},'args':['sh'],"
	"'env':['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin','TERM=xterm'],"
	"'cwd':'/','capabilities':{"
	"'bounding':['CAP_AUDIT_WRITE','CAP_KILL','CAP_NET_BIND_SERVICE'],"
	"'effective':['CAP_AUDIT_WRITE','CAP_KILL','CAP_NET_BIND_SERVICE'],"
	"'permitted':['CAP_AUDIT_WRITE','CAP_KILL','CAP_NET_BIND_SERVICE']},"
	"'rlimits':[{'type':'RLIMIT_NOFILE','hard':1024,'soft':1024}],'noNewPrivileges':true},"
	"'root':{'path':'rootfs','readonly':true},'hostname':'mntns',"
	"'mounts':["
	"{'destination':'/proc','type':'proc','source':'proc'},"
	"{'destination':'/dev','type':'tmpfs','source':'tmpfs',"
	"'options':['nosuid','strictatime','mode=755','size=65536k']},"
	"{'destination':'/dev/pts','type':'devpts','source':'devpts','options':['nosuid','noexec',"
	"'newinstance','ptmxmode=0666','mode=0620','gid=5']},"
	"{'destination':'/dev/shm','type':'tmpfs','source':'shm','options':['nosuid','noexec',"
	"'nodev','mode=1777','size=65536k']},"
	"{'destination':'/dev/mqueue','type':'mqueue','source':'mqueue',"
	"'options':['nosuid','noexec','nodev']},"
	"{'destination':'/sys','type':'sysfs','source':'sysfs',"
	"'options':['nosuid','noexec','nodev','ro']},"
	"{'destination':'/sys/fs/cgroup','type':'cgroup','source':'cgroup',"
	"'options':['nosuid','noexec','nodev','relatime','ro']}],"
	"'linux':{'resources':{'devices':[{'allow':false,'access':'rwm'}]},"
	"'namespaces':[{'type':'pid'},{'type':'network'},{'type':'ipc'},{'type':'uts'},"
	"{'type':'cgroup'},{'type':'mount'}],"
	"'maskedPaths':['/proc/acpi','/proc/asound','/proc/kcore','/proc/keys',"
	"'/proc/latency_stats','/proc/timer_list','/proc/timer_stats','/proc/sched_debug',"
	"'/proc/scsi','/proc/interrupts','/sys/firmware','/sys/devices/virtual/powercap'],"
	"'readonlyPaths':['/proc/bus','/proc/fs','/proc/irq','/proc/sys','/proc/sysrq-trigger']}}";

static json_t *usual_json(void)
{
	AUTO_FREE char *text = xstrdup(usual);

	for (char *at = text; *at; at++)
		if (*at == '\'')
			*at = '"';
	return json_loads(text, 0, NULL);
}

/* An ordinary user's: a user namespace, and nothing that only root may have. */
static void make_rootless(json_t *json)
{
	json_t *lin = json_object_get(json, "linux"), *mounts = json_object_get(json, "mounts");
	json_t *names = json_object_get(lin, "namespaces");
	json_t *pts = json_object_get(json_array_get(mounts, 2), "options");

	json_object_del(lin, "resources");
	json_array_append_new(names, json_pack("{s:s}", "type", "user"));
	json_object_set_new(lin, "uidMappings",
			    json_pack("[{s:i s:I s:i}]", "containerID", 0, "hostID",
				      (json_int_t)geteuid(), "size", 1));
	json_object_set_new(lin, "gidMappings",
			    json_pack("[{s:i s:I s:i}]", "containerID", 0, "hostID",
				      (json_int_t)getegid(), "size", 1));
	json_array_remove(pts, json_array_size(pts) - 1); /* gid=5 is not mapped */
}

static int spec(struct args *args, struct err *err)
{
	const char *name = args->file ? args->file : "config.json";
	AUTO_FREE char *path =
		*name == '/' ? xstrdup(name)
			     : xasprintf("%s/%s", args->bundle ? args->bundle : ".", name);
	json_t *json = usual_json();

	if (args->rootless_spec)
		make_rootless(json);
	AUTO_FREE char *text = json_dumps(json, JSON_INDENT(4));
	json_decref(json);
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_set(err, errno, "%s", path), 1;
	if (io_write_all(fd, text, strlen(text)) < 0 || io_write_all(fd, "\n", 1) < 0)
		return err_set(err, errno, "write %s", path), 1;
	return 0;
}

const struct oci_command oci_spec = {
	.name = "spec",
	.usage = "spec [OPTIONS]",
	.summary = "write a config.json to begin with",
	.args =
		(const struct arg[]){
			ARG_TEXT("bundle", 'b', bundle, "directory for it"),
			ARG_TEXT("file", 'f', file, "name for it; default: config.json"),
			ARG_FLAG("rootless", 0, rootless_spec, "for a user without privilege"),
			{0}},
	.run = spec,
};

static const char supported[] =
	"{'ociVersionMin':'1.0.0','ociVersionMax':'" OCI_VERSION "',"
	"'hooks':['prestart','createRuntime','createContainer','startContainer','poststart','"
	"poststop'],"
	"'mountOptions':['async','atime','bind','defaults','dev','diratime','dirsync','exec','"
	"idmap',"
	"'lazytime','noatime','nodev','nodiratime','noexec','nosuid','nosymfollow','private',"
	"'rbind','rdev','rexec','ridmap','rnoatime','rnodev','rnodiratime','rnoexec','rnosuid',"
	"'rnosymfollow','rprivate','rrelatime','rro','rrw','rshared','rslave','rstrictatime',"
	"'rsuid','rsymfollow','runbindable','rw','ro','relatime','shared','slave','strictatime',"
	"'suid','symfollow','sync','tmpcopyup','unbindable'],"
	"'linux':{'namespaces':['cgroup','ipc','mount','network','pid','time','user','uts'],"
	"'cgroup':{'v1':true,'v2':true,'systemd':true,'systemdUser':true,'rdma':true},"
	"'seccomp':{'enabled':true,'actions':['SCMP_ACT_ALLOW','SCMP_ACT_ERRNO','SCMP_ACT_KILL',"
	"'SCMP_ACT_KILL_PROCESS','SCMP_ACT_KILL_THREAD','SCMP_ACT_LOG','SCMP_ACT_NOTIFY','SCMP_ACT_"
	"TRACE',"
	"'SCMP_ACT_TRAP'],'operators':['SCMP_CMP_EQ','SCMP_CMP_GE','SCMP_CMP_GT','SCMP_CMP_LE',"
	"'SCMP_CMP_LT','SCMP_CMP_MASKED_EQ','SCMP_CMP_NE'],"
	"'supportedFlags':['SECCOMP_FILTER_FLAG_LOG','SECCOMP_FILTER_FLAG_SPEC_ALLOW',"
	"'SECCOMP_FILTER_FLAG_TSYNC','SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV']},"
	"'apparmor':{'enabled':true},'selinux':{'enabled':true},"
	"'memoryPolicy':{'modes':['MPOL_BIND','MPOL_DEFAULT','MPOL_INTERLEAVE','MPOL_LOCAL',"
	"'MPOL_PREFERRED','MPOL_PREFERRED_MANY','MPOL_WEIGHTED_INTERLEAVE'],"
	"'flags':['MPOL_F_NUMA_BALANCING','MPOL_F_RELATIVE_NODES','MPOL_F_STATIC_NODES']},"
	"'intelRdt':{'enabled':false},'mountExtensions':{'idmap':{'enabled':true}}}}";

static json_t *capabilities(void)
{
	json_t *array = json_array();

	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++) {
		char *name = cap_to_name(cap);
		for (char *at = name; at && *at; at++)
			*at = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
		json_array_append_new(array, json_string(name));
		cap_free(name);
	}
	return array;
}

static int features(struct args *args, struct err *err)
{
	AUTO_FREE char *text = xstrdup(supported);
	AUTO_FREE char *out = NULL;

	for (char *at = text; *at; at++)
		if (*at == '\'')
			*at = '"';
	json_t *json = json_loads(text, 0, NULL);
	json_object_set_new(json_object_get(json, "linux"), "capabilities", capabilities());
	out = json_dumps(json, JSON_INDENT(4));
	json_decref(json);
	printf("%s\n", out);
	return 0;
}

const struct oci_command oci_features = {
	.name = "features",
	.usage = "features",
	.summary = "print what this runtime supports as JSON",
	.args = (const struct arg[]){{0}},
	.run = features,
};
