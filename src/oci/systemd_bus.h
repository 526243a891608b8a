/* SPDX-License-Identifier: Apache-2.0 */
/* The way to a systemd manager: the system's, or the caller's own. */
#ifndef OCI_SYSTEMD_BUS_H
#define OCI_SYSTEMD_BUS_H

#include <stdbool.h>
#include <systemd/sd-bus.h>

#define MANAGER                                                                                    \
	"org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"

/* -errno: there is none that can be spoken to. */
int bus_open(bool user, sd_bus **ret);
/* Why, to standard error, with what would help. */
void bus_explain(bool user, int code);

#endif
