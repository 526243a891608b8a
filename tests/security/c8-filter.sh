#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C8: no_new_privs and the filter are what was asked for, and the last things before the program.
#
# That a failure of the calls ends the start is in b4-fail-open.sh.
. "$(dirname "$0")/lib.sh"
look='grep -E "^(NoNewPrivs|Seccomp):" /proc/self/status | cut -f 2 | tr "\n" " "'
filter='.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 2}]}'
sh_config "$look"
prints "no_new_privs" "1 0 "
sh_config "$look" '.process.noNewPrivileges = false'
prints "none asked" "0 0 "
for nnp in true false; do
	sh_config "$look"'; mkdir /mnt/x 2>&1 | grep -o "No such file"' "$filter | .process.noNewPrivileges = $nnp"
	prints "the filter acts (no_new_privs $nnp)" "$([ $nnp = true ] && echo 1 || echo 0) 2 No such file"
done
# A call the filter's author did not know is not refused in a way that breaks programs.
sh_config 'echo runs' '.linux.seccomp = {defaultAction: "SCMP_ACT_ERRNO", architectures: ["SCMP_ARCH_X86_64"],
	syscalls: [{names: ["read", "write", "close", "mmap", "brk", "execve", "exit_group", "arch_prctl", "set_tid_address", "set_robust_list",
	"rseq", "mprotect", "prlimit64", "readlink", "getrandom", "newfstatat", "ioctl", "getuid", "getpid", "getppid", "rt_sigaction",
	"rt_sigprocmask", "getcwd", "fstat", "stat", "uname", "fcntl", "openat", "open", "munmap", "no_such_call_ever", "capset", "prctl", "getgid",
	"geteuid", "getegid", "futex", "sched_yield", "nanosleep", "close_range", "readlinkat", "lseek", "fchdir", "chdir", "setgroups", "setgid", "setuid", "epoll_ctl", "epoll_pwait", "tgkill", "getdents64", "fstatfs", "statfs", "faccessat", "faccessat2", "clone", "clone3", "capget", "sigaltstack", "gettid", "mmap", "madvise", "pread64", "access"], action: "SCMP_ACT_ALLOW"}]}'
prints "names that are no calls are passed over" runs
for bad in '.defaultAction = "SCMP_ACT_NOPE"' '.syscalls[0].action = "SCMP_ACT_NOPE"' '.architectures = ["SCMP_ARCH_NOPE"]' \
	'.syscalls[0].names = 7' '.syscalls[0].args = [{index: 99, value: 1, op: "SCMP_CMP_EQ"}]' '.syscalls[0].args = [{index: 0, value: 1, op: "NOPE"}]' \
	'.flags = ["NOPE"]' 'del(.defaultAction)'; do
	sh_config "$look" "$filter | .linux.seccomp |= ($bad)"
	denied "a filter that cannot be had: $bad"
done
sh_config 'sleep 60' "$filter"
ok "a container to join" begin
jq --arg look "$look" '.process | .args = ["/bin/sh", "-c", $look + "; mkdir /mnt/x"]' "$bundle/config.json" >"$work/process"
like "one that joins has both" "$(rt exec --process "$work/process" "$id" </dev/null 2>&1)" '^1 2 '
is "and the filter acts" "$(ls "$rootfs/mnt")" ""
end
finish
