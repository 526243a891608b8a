/* SPDX-License-Identifier: Apache-2.0 */
/* A terminal for the program, from the box's own devpts, and its relay to the caller's. */
#ifndef BOX_TERMINAL_H
#define BOX_TERMINAL_H

#include <termios.h>

#include "box/birth.h"

/* Child: makes the terminal its controlling one and standard streams, sends the master home. */
int terminal_open(struct box *box, struct err *err);

/* Parent: the caller's terminal in raw mode while it is relayed. */
struct terminal {
	int master;
	bool raw;
	struct termios saved;
};
void terminal_init(struct terminal *t, int master);
/* Copies the caller's window size to the box's terminal. */
void terminal_resize(const struct terminal *t);
/* One round from `from` to `to`; false: that direction has ended. */
bool terminal_copy(int from, int to);
/* What the program wrote last, then the caller's terminal as it was. */
void terminal_done(struct terminal *t);

#endif
