/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of config_mount*.c share: the parts of one element of "mounts", `p`. */
#ifndef OCI_CONFIG_PARTS_H
#define OCI_CONFIG_PARTS_H

#include "oci/config.h"

/* --- config_mounts.c --- */
/* A word that asks for a bind: it may stand as a type or among the options. */
bool config_is_bind(const char *word);

/* --- config_mount_words.c --- */
int config_mount_options(const struct place *p, const struct strv *options, struct spec_mount *m,
			 const struct spec *spec, struct err *err);
/* Once all of the configuration is read. `label`: of all mounts, NULL: none. */
void config_mount_finish(const char *label, struct spec_mount *m);

/* --- config_mount_proc.c --- */
int config_mount_check_proc(const struct place *p, const struct spec_mount *m, struct err *err);

#endif
