// SPDX-License-Identifier: Apache-2.0
/*
 * No copy of the file is made: a detached mount that this one process has is enough. The program
 * is executed again before its libc has begun: that asks the processor what it is, which on a
 * virtual machine costs as much as all the rest of a start of a program. So nothing here may call
 * libc, nor use the memory of a thread, errno among it.
 */
#include "oci/self.h"
#include "box/ahead.h"
#include "oci/guess.h"
#include "sys/bare.h"
#include "sys/uapi.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#if defined(__x86_64__)
/* The stack as the kernel made it: argc, argv, NULL, the environment. */
__asm__(".text\n"
	".globl self_start\n"
	".type self_start, @function\n"
	"self_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rdx, %r12\n"
	"	mov %rsp, %rdi\n"
	"	call self_protect\n"
	"	mov %r12, %rdx\n"
	"	jmp _start\n"
	".size self_start, . - self_start\n");
#elif defined(__aarch64__)
__asm__(".text\n"
	".globl self_start\n"
	".type self_start, %function\n"
	"self_start:\n"
	"	mov x29, #0\n"
	"	mov x19, x0\n"
	"	mov x0, sp\n"
	"	bl self_protect\n"
	"	mov x0, x19\n"
	"	mov x30, #0\n"
	"	b _start\n"
	".size self_start, . - self_start\n");
#else
/* Another processor: with libc, and so later; see meson.build. */
__attribute__((constructor)) static void protect_late(int argc, char **argv)
{
	self_protect((long *)argv - 1);
}
#endif

static const char own[] = "/proc/self/exe";
static bool exposed;

/* Wherever the word stands: it is the command, or it does no harm. */
BARE static inline bool makes_container(char **argv)
{
	for (; *argv; argv++)
		if (bare_same(*argv, "create") || bare_same(*argv, "run"))
			return true;
	return false;
}

BARE static inline bool enters_containers(char **argv)
{
	char **from = argv;

	for (; *argv; argv++)
		if (bare_same(*argv, "exec") || bare_same(*argv, "mounts"))
			return true;
	return makes_container(from);
}

/*
 * The mount that execute_overlaid left open: its directory is in the name that it was executed by.
 */
BARE static inline long left_open(long *stack)
{
	long *auxiliary = stack + 1 + *stack + 1;
	const char *digit = 0;
	long fd = 0;

	while (*auxiliary)
		auxiliary++;
	for (auxiliary++; auxiliary[0] != AT_NULL; auxiliary += 2)
		if (auxiliary[0] == AT_EXECFN)
			digit = bare_behind((const char *)auxiliary[1], "/dev/fd/");
	for (; digit && *digit >= '0' && *digit <= '9' && fd < INT_MAX / 10; digit++)
		fd = fd * 10 + *digit - '0';
	return digit && *digit == '/' ? fd : -1;
}

struct again {
	long argv, environment;
};

/* The path may be one of another root, or the file gone from there. */
BARE static inline bool names_own(const char *path)
{
	struct stat here, there;

	return bare_call(SYS_newfstatat, AT_FDCWD, ADDRESS(own), ADDRESS(&here), 0, 0) == 0 &&
	       bare_call(SYS_newfstatat, AT_FDCWD, ADDRESS(path), ADDRESS(&there), 0, 0) == 0 &&
	       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/*
 * Of an overlay of its directory, whose file is another inode: who opens a file of a mount that is
 * only read-only for writing counts as its writer until he is refused, and for so long nobody can
 * execute it (ETXTBSY). A container could keep the engine from starting others.
 */
BARE static inline void execute_overlaid(const struct again *again)
{
	static const char type[] = "overlay", key[] = "lowerdir";
	char path[4096 + 8], name[sizeof(path)];
	long n = bare_call(SYS_readlinkat, AT_FDCWD, ADDRESS(own), ADDRESS(path), 4096, 0);
	long slash = n - 1;

	while (slash > 0 && path[slash] != '/')
		slash--;
	if (slash <= 0)
		return;
	for (long i = 0; i < n; i++) {
		name[i] = path[i];
		/* Else the compiler makes a call of it. */
		__asm__ volatile("" ::: "memory");
	}
	name[n] = 0;
	if (!names_own(name))
		return;
	/* It wants a second layer, with nothing in common with the first. */
	path[slash] = ':', path[slash + 1] = '/', path[slash + 2] = 'd';
	path[slash + 3] = 'e', path[slash + 4] = 'v', path[slash + 5] = 0;
	long context = bare_call(SYS_fsopen, ADDRESS(type), FSOPEN_CLOEXEC, 0, 0, 0), mount = -1;
	if (context < 0)
		return;
	if (bare_call(SYS_fsconfig, context, FSCONFIG_SET_STRING, ADDRESS(key), ADDRESS(path), 0) ==
		    0 &&
	    bare_call(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0) == 0)
		mount = bare_call(SYS_fsmount, context, 0, MOUNT_ATTR_RDONLY, 0, 0);
	if (mount >= 0) {
		bare_call(SYS_execveat, mount, ADDRESS(name + slash + 1), again->argv,
			  again->environment, 0);
		bare_call(SYS_close, mount, 0, 0, 0, 0);
	}
	bare_call(SYS_close, context, 0, 0, 0, 0);
}

/* Where its file system cannot be a layer. */
BARE static inline void execute_bound(const struct again *again)
{
	static const char empty[] = "";
	struct mount_attr attr;

	attr.attr_set = MOUNT_ATTR_RDONLY;
	attr.attr_clr = 0;
	attr.propagation = MS_PRIVATE;
	attr.userns_fd = 0;
	long fd = bare_call(SYS_open_tree, AT_FDCWD, ADDRESS(own),
			    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC, 0, 0);
	if (fd >= 0 && bare_call(SYS_mount_setattr, fd, ADDRESS(empty), AT_EMPTY_PATH,
				 ADDRESS(&attr), sizeof(attr)) == 0)
		bare_call(SYS_execveat, fd, ADDRESS(empty), again->argv, again->environment,
			  AT_EMPTY_PATH);
	if (fd >= 0)
		bare_call(SYS_close, fd, 0, 0, 0, 0);
}

BARE void self_protect(long *stack)
{
	static const char name[] = "mntns-oci";
	char **argv = (char **)(stack + 1);
	struct again again = {ADDRESS(argv), ADDRESS(argv + *stack + 1)};
	struct statfs fs;

	if (!enters_containers(argv))
		return;
	exposed = true;
	if (bare_call(SYS_statfs, ADDRESS(own), ADDRESS(&fs), 0, 0, 0) < 0)
		return;
	bool read_only = fs.f_flags & ST_RDONLY;
	if (!read_only || fs.f_type != OVERLAYFS_SUPER_MAGIC)
		execute_overlaid(&again);
	if (!read_only) {
		execute_bound(&again);
		return;
	}
	exposed = false;
	bare_call(SYS_prctl, PR_SET_NAME, ADDRESS(name), 0, 0, 0);
	if (makes_container(argv))
		ahead_start(guess_namespaces, stack);
	/* The last one to close it waits a grace period of RCU: that is the helper. */
	if (left_open(stack) >= 0)
		bare_call(SYS_close, left_open(stack), 0, 0, 0, 0);
}

bool self_is_exposed(void)
{
	cap_t caps = exposed ? cap_get_proc() : NULL;
	cap_flag_value_t can_mount = CAP_CLEAR;

	if (caps)
		cap_get_flag(caps, CAP_SYS_ADMIN, CAP_EFFECTIVE, &can_mount);
	cap_free(caps);
	return can_mount == CAP_SET;
}
