// SPDX-License-Identifier: Apache-2.0
/*
 * Whose systemd is spoken to. In a user namespace the bus knows the caller by the user outside it:
 * sd-bus leaves it to the socket to say who that is (since systemd 247).
 */
#include "oci/systemd_bus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int bus_open(bool user, sd_bus **ret)
{
	sd_bus *bus = NULL;
	const char *name;
	int n = user ? sd_bus_open_user(&bus) : sd_bus_open_system(&bus);

	/* It is asked for its name only now, and whether we may. */
	if (n >= 0)
		n = sd_bus_get_unique_name(bus, &name);
	if (n < 0)
		sd_bus_unref(bus);
	else
		*ret = bus;
	return n;
}

#define START_ONE "`loginctl enable-linger USER` keeps one running, a login has one while it lasts"

static void explain_place(const char *dir, int code)
{
	fprintf(stderr, "the bus of this user's systemd manager, %s/bus: %s", dir, strerror(-code));
	if (code == -ENOENT || code == -ECONNREFUSED)
		fputs(": no manager runs, or it has no bus (package dbus-user-session); " START_ONE,
		      stderr);
	fputc('\n', stderr);
}

void bus_explain(bool user, int code)
{
	const char *dir = getenv("XDG_RUNTIME_DIR"), *address = getenv("DBUS_SESSION_BUS_ADDRESS");

	if (!user)
		fprintf(stderr, "systemd is not running on this host, or its bus is not: %s\n",
			strerror(-code));
	else if (address)
		fprintf(stderr, "the bus of this user's systemd manager, %s %s: %s\n",
			"by DBUS_SESSION_BUS_ADDRESS", address, strerror(-code));
	else if (dir)
		explain_place(dir, code);
	else
		fputs("XDG_RUNTIME_DIR is not set: below it is the bus of this user's systemd "
		      "manager (/run/user/UID, where one runs: " START_ONE ")\n",
		      stderr);
}
