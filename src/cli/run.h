/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the run command: what its options fill before they become a spec. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "box/spec.h"
#include "cli/option.h"

enum tristate {
	UNSAID,
	NO,
	YES
};

struct run_args {
	struct spec spec; /* what the options say directly */
	enum tristate proc, dev, sys, mask, keep_env;
	uint64_t unshare, share; /* CLONE_NEW* said by --unshare and --share, the later one wins */
	struct buf idmap;	 /* of --uidmap and --gidmap */
	bool dry_run, json, interactive;
	bool in_profile; /* --file was given */
};

extern const struct option run_options[];

/* The path made absolute by the working directory, without . and repeated or final slashes. */
int run_absolute(const char *path, char **ret, struct err *err);
/* The same for a path that is absolute already, inside the box: a sentence if it is not. */
int run_inside(const char *path, char **ret, struct err *err);

/* The mount syntaxes: each adds to spec->mounts what op/lower.h understands. */
int run_add_bind(struct spec *spec, const char *type, const char *option, const char *text,
		 struct err *err);
int run_add_volume(struct spec *spec, const char *text, struct err *err);
int run_add_tmpfs(struct spec *spec, const char *text, struct err *err);
int run_add_private_tmp(struct spec *spec, struct err *err);
int run_add_mount(struct spec *spec, const char *text, struct err *err);
/* What they share. Takes the words over, checks them, puts the usual ones of a type in front. */
struct run_mount {
	const char *type, *source, *target, *option, *text;
	struct strv *words;
};
int run_push_mount(struct spec *spec, const struct run_mount *m, struct err *err);
/* One word of a mount; the ranges of an id map, which commas cut in pieces, are joined again. */
void run_add_word(struct strv *words, const char *word);
/* A /var/tmp that no directory of the root has needs no hiding: drops that of --private-tmp. */
void run_settle_private_tmp(struct spec *spec);

/* Applies a profile file through the option rows; see mntns-run.json(5). */
int profile_apply(struct run_args *args, const char *file, struct err *err);
/* The same for its text; `file` is for messages. */
int profile_apply_text(struct run_args *args, const char *file, const char *text, struct err *err);

/* What the user left unsaid: the defaults, which depend on ROOT. `environment` as environ. */
void run_finish(struct run_args *args, char *const *environment);
void run_args_done(struct run_args *args);

#endif
