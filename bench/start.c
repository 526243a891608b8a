// SPDX-License-Identifier: Apache-2.0
/*
 * start [--runs N] [--warm N] [--parallel K] [--rest MS] NAME [--in NS] COMMAND... [@ NAME ...]
 *
 * Times the commands against each other, from before the spawn until their end is known. They
 * take turns, so that what slows the machine down slows all of them down, and every other round
 * goes backwards, so that none always pays for what its predecessor left the kernel to clean up.
 * With --rest so long nothing is started before each turn: what the predecessor left is done then.
 * With --parallel a turn is K copies at once, until the last one has ended. With --in the command
 * is started in the mount namespace of the file NS; going there and back is not timed.
 *
 * One line a command: name, median and minimum in ms, peak memory in KiB, separated by tabs. The
 * peak is wait4's ru_maxrss: the resident set, file pages included, of the largest among the
 * command and those of its descendants that were waited for; not the sum over them. This
 * program's own peak (about as much as any static program's) is the least that it can show,
 * because the kernel counts the moment between spawn and exec.
 */
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum {
	MAX_COMMANDS = 16
};

struct command {
	const char *name;
	char **argv;
	int ns;	    /* mount namespace, -1: the one this program was started in */
	double *ms; /* one a round */
	long peak_kib;
};

struct plan {
	int runs, warm, parallel;
	struct timespec rest;
	struct command commands[MAX_COMMANDS];
	int n;
	int home;    /* this program's own mount namespace */
	pid_t *pids; /* of one turn */
	posix_spawn_file_actions_t actions;
};

extern char **environ;

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* A command that fails is no measurement. */
static void reap(struct command *c, pid_t pid)
{
	int status;
	struct rusage usage;
	if (wait4(pid, &status, 0, &usage) != pid)
		err(1, "%s: wait4", c->name);
	if (WIFSIGNALED(status))
		errx(1, "%s: killed by signal %d", c->name, WTERMSIG(status));
	if (WEXITSTATUS(status))
		errx(1, "%s: exit status %d", c->name, WEXITSTATUS(status));
	if (usage.ru_maxrss > c->peak_kib)
		c->peak_kib = usage.ru_maxrss;
}

static void enter(int ns)
{
	if (ns >= 0 && setns(ns, CLONE_NEWNS))
		err(1, "entering a mount namespace");
}

static double turn(struct plan *p, struct command *c)
{
	enter(c->ns);
	double begin = now_ms();
	for (int i = 0; i < p->parallel; i++) {
		int e = posix_spawnp(&p->pids[i], c->argv[0], &p->actions, NULL, c->argv, environ);
		if (e)
			errx(1, "%s: %s: %s", c->name, c->argv[0], strerror(e));
	}
	for (int i = 0; i < p->parallel; i++)
		reap(c, p->pids[i]);
	double ms = now_ms() - begin;
	if (c->ns >= 0)
		enter(p->home);
	return ms;
}

static void measure(struct plan *p)
{
	for (int round = -p->warm; round < p->runs; round++)
		for (int i = 0; i < p->n; i++) {
			struct command *c = &p->commands[round & 1 ? p->n - 1 - i : i];
			nanosleep(&p->rest, NULL);
			double ms = turn(p, c);
			if (round >= 0)
				c->ms[round] = ms;
		}
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void report(const struct plan *p)
{
	for (int i = 0; i < p->n; i++) {
		const struct command *c = &p->commands[i];
		qsort(c->ms, p->runs, sizeof(*c->ms), by_size);
		double median = (c->ms[(p->runs - 1) / 2] + c->ms[p->runs / 2]) / 2;
		printf("%s\t%.3f\t%.3f\t%ld\n", c->name, median, c->ms[0], c->peak_kib);
	}
}

static int number(const char *option, const char *text, int least)
{
	char *end;
	long n = strtol(text, &end, 10);
	if (*end || end == text || n < least || n > 100000)
		errx(2, "--%s %s: expected a number from %d to 100000", option, text, least);
	return n;
}

static struct timespec milliseconds(int n)
{
	return (struct timespec){n / 1000, n % 1000 * 1000000L};
}

static void parse_options(struct plan *p, int argc, char **argv)
{
	static const struct option options[] = {{"runs", required_argument, NULL, 'r'},
						{"warm", required_argument, NULL, 'w'},
						{"parallel", required_argument, NULL, 'p'},
						{"rest", required_argument, NULL, 'e'},
						{0}};
	int c;
	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c == 'r')
			p->runs = number("runs", optarg, 1);
		else if (c == 'w')
			p->warm = number("warm", optarg, 0);
		else if (c == 'p')
			p->parallel = number("parallel", optarg, 1);
		else if (c == 'e')
			p->rest = milliseconds(number("rest", optarg, 1));
		else
			exit(2);
	}
}

static int open_namespace(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "namespace %s", path);
	return fd;
}

/* NAME [--in NS] COMMAND...; argv ends with NULL. */
static void add_command(struct plan *p, char **argv)
{
	if (p->n == MAX_COMMANDS)
		errx(2, "more than %d commands", MAX_COMMANDS);
	struct command *c = &p->commands[p->n++];
	*c = (struct command){.name = argv[0], .argv = argv + 1, .ns = -1};
	if (argv[0] && argv[1] && argv[2] && !strcmp(argv[1], "--in")) {
		c->ns = open_namespace(argv[2]);
		c->argv = argv + 3;
	}
	if (!argv[0] || !c->argv[0])
		errx(2, "expected NAME [--in NS] COMMAND... between two @");
	c->ms = calloc(p->runs, sizeof(*c->ms));
	if (!c->ms)
		err(1, "%d runs", p->runs);
}

/* Cuts argv at each "@". */
static void parse_commands(struct plan *p, char **argv)
{
	while (*argv) {
		char **begin = argv;
		while (*argv && strcmp(*argv, "@"))
			argv++;
		if (*argv)
			*argv++ = NULL;
		add_command(p, begin);
	}
	if (!p->n)
		errx(2, "usage: start [--runs N] [--warm N] [--parallel K] "
			"NAME [--in NS] COMMAND... [@ NAME ...]");
}

int main(int argc, char **argv)
{
	struct plan p = {.runs = 100, .warm = 3, .parallel = 1};
	parse_options(&p, argc, argv);
	parse_commands(&p, argv + optind);
	p.home = open_namespace("/proc/self/ns/mnt");
	p.pids = calloc(p.parallel, sizeof(*p.pids));
	if (!p.pids || posix_spawn_file_actions_init(&p.actions) ||
	    posix_spawn_file_actions_addopen(&p.actions, 0, "/dev/null", O_RDONLY, 0) ||
	    posix_spawn_file_actions_addopen(&p.actions, 1, "/dev/null", O_WRONLY, 0))
		err(1, "preparing to spawn");
	measure(&p);
	report(&p);
	return 0;
}
