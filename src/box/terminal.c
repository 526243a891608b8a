// SPDX-License-Identifier: Apache-2.0
/* Pseudo terminals, see pts(4). The slave is never opened by a path: TIOCGPTPEER. */
#include "box/terminal.h"
#include "base/io.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static int open_master(const struct box *box)
{
	int flags = O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK;

	if (box->view.pts)
		return openat(box->exec.fds[box->view.pts], "ptmx", flags);
	return open("/dev/ptmx", flags);
}

static bool is_ptmx(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(5, 2);
}

static void copy_size(int from, int to)
{
	struct winsize size;

	if (ioctl(from, TIOCGWINSZ, &size) == 0)
		ioctl(to, TIOCSWINSZ, &size);
}

static void set_size(const struct spec_process *process, int slave)
{
	struct winsize size = {0};

	if (!process || !process->rows || !process->columns)
		return;
	size.ws_row = process->rows;
	size.ws_col = process->columns;
	ioctl(slave, TIOCSWINSZ, &size);
}

/* To an engine, which is told the name of what it gets and expects it to block. */
static int send_to_console(int console, int master)
{
	static const char name[] = "/dev/ptmx";

	if (fcntl(master, F_SETFL, O_RDWR) < 0)
		return -errno;
	ssize_t n = sys_send_fd(console, name, sizeof(name), master);
	return n < 0 ? (int)n : 0;
}

int terminal_open(struct box *box, struct err *err)
{
	AUTO_FD int master = open_master(box);
	AUTO_FD int slave = -1;
	int unlocked = 0, rc;

	if (master < 0 || !is_ptmx(master))
		return err_say(err, ENODEV,
			       "-t needs a terminal device in the box; leave --dev on");
	if (ioctl(master, TIOCSPTLCK, &unlocked) < 0 ||
	    (slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0)
		return err_set(err, errno, "-t: open the terminal");
	if (ioctl(slave, TIOCSCTTY, 0) < 0)
		return err_set(err, errno, "-t: controlling terminal");
	/* Before the program can look at it; until the dup2 standard input is the caller's. */
	copy_size(STDIN_FILENO, slave);
	set_size(box->spec->process, slave);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(slave, fd) < 0)
			return err_set(err, errno, "-t: standard streams");
	if (box->spec->process && fchown(slave, box->spec->process->uid, (gid_t)-1) < 0 &&
	    errno != EINVAL && errno != EPERM)
		return err_set(err, errno, "-t: owner of the terminal");
	if (box->console >= 0)
		rc = send_to_console(box->console, master);
	else
		rc = sync_send(box->sync, &(struct sync_message){.kind = SYNC_TERMINAL}, master);
	return rc < 0 ? err_set(err, -rc, "-t: hand the terminal over") : 0;
}

void terminal_init(struct terminal *t, int master)
{
	struct termios raw;

	*t = (struct terminal){.master = master};
	if (tcgetattr(STDIN_FILENO, &t->saved) < 0)
		return;
	raw = t->saved;
	cfmakeraw(&raw);
	t->raw = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
	terminal_resize(t);
}

void terminal_resize(const struct terminal *t)
{
	copy_size(STDIN_FILENO, t->master);
}

bool terminal_copy(int from, int to)
{
	char data[4096];
	ssize_t n = read(from, data, sizeof(data));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	for (ssize_t done = 0, rc; done<n; done += rc> 0 ? rc : 0) {
		rc = write(to, data + done, (size_t)(n - done));
		if (rc < 0 && errno == EAGAIN)
			poll(&(struct pollfd){to, POLLOUT, 0}, 1, 1000);
		else if (rc < 0 && errno != EINTR)
			return false;
	}
	return n > 0;
}

void terminal_done(struct terminal *t)
{
	struct pollfd more = {t->master, POLLIN, 0};

	while (poll(&more, 1, 0) > 0 && more.revents & POLLIN &&
	       terminal_copy(t->master, STDOUT_FILENO))
		;
	if (t->raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &t->saved);
}
