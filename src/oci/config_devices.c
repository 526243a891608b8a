// SPDX-License-Identifier: Apache-2.0
/* linux.devices on top of those that the specification gives every container. */
#include "base/mem.h"
#include "oci/config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
	const char *path;
	unsigned major, minor;
} usual[] = {
	{"/dev/null", 1, 3},   {"/dev/zero", 1, 5},    {"/dev/full", 1, 7},
	{"/dev/random", 1, 8}, {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0},
};

static bool has_device(const struct spec *spec, const char *path)
{
	for (size_t i = 0; i < spec->n_devices; i++)
		if (!strcmp(spec->devices[i].path, path))
			return true;
	return false;
}

static int read_type(const struct place *p, mode_t *ret, struct err *err)
{
	struct place type = place_in(p, "type");
	const char *text = place_text(&type, err);

	if (!text)
		return -EINVAL;
	if (strcmp(text, "c") && strcmp(text, "u") && strcmp(text, "b") && strcmp(text, "p"))
		return place_refuse(&type, err, "expected c, u, b or p, not '%s'", text);
	*ret = *text == 'b' ? S_IFBLK : *text == 'p' ? S_IFIFO : S_IFCHR;
	return 0;
}

static int read_device(const struct place *p, void *arg, struct err *err)
{
	struct spec *spec = arg;
	struct spec_device device = {0};
	struct place path = place_in(p, "path");
	int64_t mode = 0666, major = 0, minor = 0;
	mode_t type = 0;
	const char *text = place_is_object(p, err) < 0 ? NULL : place_text(&path, err);

	if (!text)
		return -EINVAL;
	if (*text != '/' || strstr(text, "/..") || text[strlen(text) - 1] == '/')
		return place_refuse(&path, err, "expected an absolute path, not '%s'", text);
	if (read_type(p, &type, err) < 0 ||
	    (type != S_IFIFO &&
	     (place_need(p, "major", err) < 0 || place_need(p, "minor", err) < 0)) ||
	    place_int(p, "major", 0, 4095, &major, err) < 0 ||
	    place_int(p, "minor", 0, 1048575, &minor, err) < 0 ||
	    place_int(p, "fileMode", 0, UINT32_MAX, &mode, err) < 0 ||
	    place_u32(p, "uid", &device.uid, err) < 0 || place_u32(p, "gid", &device.gid, err) < 0)
		return -EINVAL;
	if (has_device(spec, text))
		return place_refuse(&path, err, "%s is there twice", text);
	/* Some engines hand on all of st_mode. */
	device.mode = type | ((mode_t)mode & 07777);
	device.major = type == S_IFIFO ? 0 : (unsigned)major;
	device.minor = type == S_IFIFO ? 0 : (unsigned)minor;
	device.path = xstrdup(text);
	VEC_PUSH(spec->devices, spec->n_devices, device);
	return 0;
}

int config_devices(const struct place *lin, struct spec *spec, struct err *err)
{
	if (place_each(lin, "devices", read_device, spec, err) < 0)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(usual); i++) {
		struct spec_device device = {xstrdup(usual[i].path),
					     S_IFCHR | 0666,
					     usual[i].major,
					     usual[i].minor,
					     0,
					     0};
		if (has_device(spec, device.path))
			free(device.path);
		else
			VEC_PUSH(spec->devices, spec->n_devices, device);
	}
	spec->dev_links = true;
	return 0;
}
