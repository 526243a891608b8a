// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a command and makes exactly one system call of one of its processes fail, or kills there.
 *
 *   fault -l FILE COMMAND…    lists the calls: PROCESS NUMBER NAME, a line each
 *   fault -p POINT -e ERRNO … that call is not made and fails with ERRNO (a number)
 *   fault -p POINT -k …       the process is killed where it would make that call
 *   fault -p POINT -s SIGNAL… it is sent that signal there; if it lives, the call is made
 *   fault -f …                also each later call of that name in that process fails
 *   fault -w FILE …           is made where a process is forked by a program that could be
 *                             overwritten: one on a file system that is not read-only
 *   fault -a PID              also traces that process, named "w", and what it makes
 *   fault -t SECONDS          kills the command then, and ends with 124
 *
 * A POINT is PROCESS:NUMBER:NAME. A process is named by its descent: 0 the command, 0.1 its second
 * child. A number counts the calls of that name of one process, so a point means the same call in
 * each run, whatever the scheduler does and wherever the memory lies. What is executed by any
 * process but the command itself is not ours and is let go: the container's program, hooks. The
 * status is the command's; 200: the point was not reached.
 */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 256
#define NAME	  60
#define CALLS	  512

struct process {
	pid_t pid;
	char name[NAME]; /* empty: its parent has not said yet whose child it is */
	unsigned children;
	unsigned short calls[CALLS]; /* so far, by number */
	bool target, held, inject;
};

struct tracer {
	struct process processes[PROCESSES];
	FILE *list;
	const char *exposed;
	char at[NAME];
	unsigned when;
	int error, signal, call;
	bool kill, further, done, execed;
	pid_t command;
};

static volatile sig_atomic_t late;

static void on_alarm(int signal)
{
	(void)signal;
	late = 1;
}

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(126);
}

static struct process *find(struct tracer *t, pid_t pid)
{
	struct process *unused = NULL;

	for (size_t i = 0; i < PROCESSES; i++) {
		if (t->processes[i].pid == pid)
			return &t->processes[i];
		if (!t->processes[i].pid && !unused)
			unused = &t->processes[i];
	}
	if (!unused)
		die("too many processes");
	*unused = (struct process){.pid = pid};
	return unused;
}

static void name(struct tracer *t, struct process *p, const char *text)
{
	memccpy(p->name, text, 0, sizeof(p->name) - 1);
	p->target = t->list || !strcmp(p->name, t->at);
}

/* Only the process that is to fail is slowed down by stops at its calls. */
static void go_on(const struct tracer *t, const struct process *p, int signal)
{
	bool calls = p->target && (!t->done || p->inject || t->further);

	ptrace(calls ? PTRACE_SYSCALL : PTRACE_CONT, p->pid, NULL, (void *)(intptr_t)signal);
}

static void list_call(const struct tracer *t, const struct process *p, int call)
{
	char *text = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call);

	fprintf(t->list, "%s %u %s\n", p->name, p->calls[call], text ? text : "?");
	free(text);
}

/* As the kernel fails: close does close, and brk has no errno but leaves the break where it is. */
static void take_away(struct process *p)
{
	struct user_regs_struct regs;

	ptrace(PTRACE_GETREGS, p->pid, NULL, &regs);
	/* It cannot fail; a process that was attached to while it slept may be one call further. */
	if (regs.orig_rax == SYS_umask)
		return;
	p->inject = regs.orig_rax != SYS_brk;
	if (regs.orig_rax == SYS_brk)
		regs.rdi = 0;
	else if (regs.orig_rax != SYS_close)
		regs.orig_rax = (unsigned long long)-1;
	ptrace(PTRACE_SETREGS, p->pid, NULL, &regs);
}

static void set_result(pid_t pid, long value)
{
	struct user_regs_struct regs;

	ptrace(PTRACE_GETREGS, pid, NULL, &regs);
	regs.rax = (unsigned long long)value;
	ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

static void strike(struct tracer *t, struct process *p)
{
	t->done = true;
	if (t->kill)
		kill(p->pid, SIGKILL);
	else if (t->signal)
		kill(p->pid, t->signal);
	else
		take_away(p);
}

static void on_call(struct tracer *t, struct process *p)
{
	struct __ptrace_syscall_info info = {0};

	ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, (void *)sizeof(info), &info);
	if (info.op == PTRACE_SYSCALL_INFO_EXIT && p->inject) {
		set_result(p->pid, -t->error);
		p->inject = false;
	}
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !t->execed)
		return;
	if (info.entry.nr >= CALLS)
		die("too high a number of a call");
	const int call = (int)info.entry.nr;
	if (t->list)
		list_call(t, p, call);
	else if (!p->target || call != t->call)
		;
	else if (!t->done && p->calls[call] == t->when)
		strike(t, p);
	else if (t->done && t->further)
		take_away(p);
	p->calls[call]++;
}

/* What is forked may enter a container, whose root then has /proc/PID/exe. */
static void check_program(const struct tracer *t, pid_t pid)
{
	struct statvfs fs;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	if (!t->exposed || (statvfs(path, &fs) == 0 && fs.f_flag & ST_RDONLY))
		return;
	int fd = creat(t->exposed, 0600);
	if (fd < 0)
		die(t->exposed);
	close(fd);
}

static void on_child(struct tracer *t, struct process *p)
{
	unsigned long pid = 0;
	char text[NAME * 2];

	check_program(t, p->pid);
	ptrace(PTRACE_GETEVENTMSG, p->pid, NULL, &pid);
	struct process *child = find(t, (pid_t)pid);
	snprintf(text, sizeof(text), "%s.%u", p->name, p->children++);
	bool held = child->held;
	name(t, child, text);
	if (held) {
		child->held = false;
		go_on(t, child, 0);
	}
}

static void on_stop(struct tracer *t, struct process *p, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		on_child(t, p);
		break;
	case PTRACE_EVENT_EXEC:
		if (p->pid != t->command) {
			ptrace(PTRACE_DETACH, p->pid, NULL, NULL);
			*p = (struct process){0};
			return;
		}
		t->execed = true; /* what was before is ours */
		break;
	case PTRACE_EVENT_STOP:
		if (!*p->name) {
			p->held = true; /* until its parent reports it */
			return;
		}
		if (signal == SIGSTOP || signal == SIGTSTP) {
			ptrace(PTRACE_LISTEN, p->pid, NULL, NULL);
			return;
		}
		break;
	default:
		if (signal == (SIGTRAP | 0x80)) {
			on_call(t, p);
			break;
		}
		go_on(t, p, signal);
		return;
	}
	go_on(t, p, 0);
}

static void seize(struct tracer *t, pid_t pid, const char *text)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;

	if (ptrace(PTRACE_SEIZE, pid, NULL, options) < 0)
		die("seize");
	name(t, find(t, pid), text);
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0)
		die("interrupt");
}

static void start(struct tracer *t, char **argv)
{
	int gate[2];
	char byte;

	if (pipe(gate) < 0)
		die("pipe");
	t->command = fork();
	if (t->command < 0)
		die("fork");
	if (t->command == 0) {
		close(gate[1]);
		if (read(gate[0], &byte, 1) == 0) {
			close(gate[0]);
			execv(*argv, argv);
		}
		die(*argv);
	}
	close(gate[0]);
	seize(t, t->command, "0");
	close(gate[1]);
}

/* A call that we have taken away is not yet one that has failed. */
static bool is_over(const struct tracer *t, bool ended)
{
	for (size_t i = 0; i < PROCESSES; i++)
		if (t->processes[i].pid && t->processes[i].inject)
			return false;
	return ended;
}

static int follow(struct tracer *t)
{
	int status, ret = 0;
	bool ended = false;
	pid_t pid;

	while (!late) {
		if (is_over(t, ended))
			return ret;
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			return 126;
		struct process *p = find(t, pid);
		if (WIFSTOPPED(status)) {
			on_stop(t, p, status);
			continue;
		}
		*p = (struct process){0};
		if (pid != t->command)
			continue;
		ended = true;
		ret = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	kill(t->command, SIGKILL);
	return 124;
}

static bool parse_point(struct tracer *t, const char *text)
{
	char call[NAME];

	if (sscanf(text, "%59[^:]:%u:%59s", t->at, &t->when, call) != 3)
		return false;
	t->call = seccomp_syscall_resolve_name(call);
	return t->call >= 0;
}

int main(int argc, char **argv)
{
	static struct tracer t;
	pid_t other = 0;
	int c;

	while ((c = getopt(argc, argv, "+l:p:e:kfs:a:t:w:")) != -1) {
		if (c == 'l')
			t.list = fopen(optarg, "we");
		else if (c == 'p' && parse_point(&t, optarg))
			;
		else if (c == 'e')
			t.error = atoi(optarg);
		else if (c == 'k')
			t.kill = true;
		else if (c == 'f')
			t.further = true;
		else if (c == 's')
			t.signal = atoi(optarg);
		else if (c == 'w')
			t.exposed = optarg;
		else if (c == 'a')
			other = atoi(optarg);
		else if (c == 't')
			alarm((unsigned)atoi(optarg));
		else
			return 126;
	}
	if (optind == argc)
		return 126;
	sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm}, NULL);
	if (other)
		seize(&t, other, "w");
	start(&t, argv + optind);
	int status = follow(&t);
	if (t.list)
		fclose(t.list);
	return !t.list && !t.done && status != 124 ? 200 : status;
}
