/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.json of the OCI runtime specification, read into a spec of box/ and the few things that
 * are not a process's view: cgroups, hooks, annotations. Unknown keys are passed over, values that
 * are unknown, or that this runtime cannot apply, are refused with their place.
 */
#ifndef OCI_CONFIG_H
#define OCI_CONFIG_H

#include "box/spec.h"
#include "oci/place.h"
#include "oci/resources.h"

#define OCI_VERSION "1.2.0"

enum hook_kind {
	HOOK_PRESTART,
	HOOK_CREATE_RUNTIME,
	HOOK_CREATE_CONTAINER,
	HOOK_START_CONTAINER,
	HOOK_POSTSTART,
	HOOK_POSTSTOP,
	HOOK_MAX,
};

struct hook {
	enum hook_kind kind;
	char *path;
	struct strv args, env;
	int64_t timeout; /* seconds, 0: none */
};

struct config {
	json_t *json;	    /* all of it */
	const char *bundle; /* borrowed */
	const char *kept;   /* directory for what need not be made anew (borrowed), NULL: none */
	struct spec spec;
	char *version;	    /* ociVersion */
	char *cgroups_path; /* NULL: unsaid */
	struct resources resources;
	struct hook *hooks;
	size_t n_hooks;
	char *listener_path, *listener_metadata; /* of seccomp, NULL: there is none */
	struct strv warnings;
};

/* What a file has, unchecked, and its text. */
json_t *config_load(const char *file, struct buf *ret_text, struct err *err);
/*
 * `bundle`: absolute path of the directory that root.path is relative to. Takes over the reference.
 * Pure where nothing is kept.
 */
int config_parse(json_t *json, const char *bundle, const char *kept, struct config *ret,
		 struct err *err);
void config_done(struct config *config);

/* The namespaces, CLONE_NEW*, of one that is to be made with new ones alone; unchecked JSON. */
uint64_t config_new_namespaces(const json_t *json);

/* --- parts, each of one file --- */
int config_process(const struct place *process, struct spec *ret, struct strv *warnings,
		   struct err *err);
int config_mounts(const struct place *top, struct config *config, struct err *err);
/* "mounts" of `top` in place of those the configuration has. */
int config_other_mounts(const struct place *top, struct config *config, struct err *err);
/* The same, of which only `destination` is read. */
int config_destinations(const struct place *top, struct config *config, struct err *err);
/* A range of ids, one more in a map of `kind`: u or g. */
struct config_ranges {
	struct buf *map;
	char kind;
};
int config_range(const struct place *p, void *ranges, struct err *err);
int config_namespaces(const struct place *lin, struct spec *spec, struct err *err);
int config_check_shared(const struct place *top, struct config *config, struct err *err);
int config_devices(const struct place *lin, struct spec *spec, struct err *err);
int config_hooks(const struct place *top, struct config *config, struct err *err);
/* Scheduler, I/O priority, affinity; personality and memory policy. */
int config_scheduling(const struct place *process, struct spec_process *ret, struct err *err);
int config_domain(const struct place *lin, struct spec_process *ret, struct err *err);
/* What confines the container confines whatever is in it: those that are not of "process". */
void config_confine_alike(const struct spec_process *own, struct spec_process *ret);
int config_seccomp(const struct place *lin, struct config *config, struct err *err);

#endif
