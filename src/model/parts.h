/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the model share. Names are those of docs/model.md. */
#ifndef MODEL_PARTS_H
#define MODEL_PARTS_H

#include "model/model.h"
#include "model/why.h"

enum dentry_kind {
	DENTRY_DIR,
	DENTRY_UNKNOWN, /* from a table, which does not say; it passes for both */
	DENTRY_FILE,
	DENTRY_MNT_NS, /* the nsfs file of a mount namespace */
};
/* A node of a superblock's tree. Mountpoints and roots are these, not paths: a rename moves them.
 */
struct dentry {
	struct sb *sb;
	struct dentry *parent; /* itself: the root of the superblock */
	struct dentry *hash_next, *sb_next;
	struct mount *mounts;  /* those that are mounted on it, the newest first */
	struct model_ns *ns;   /* DENTRY_MNT_NS: which */
	uint32_t n_kids, refs; /* refs: roots of mounts and places of tasks */
	uint8_t kind;
	bool dead;
	bool is_bare;  /* the name is all of what tables show: "net:[4026531840]" */
	bool is_whole; /* loaded, and looked at: what is not known in it is not there */
	char *name;
};

struct sb {
	struct sb *next, *prev;
	struct dentry *root, *dentries;
	struct model_userns *owner;
	uint32_t major, minor, n_mounts, writers;
	bool ro, is_new; /* is_new: made here, so what no name says is not there */
	char *fstype, *source, *options;
};

enum mount_flag {
	MOUNT_SHARED = 1 << 0, /* set with the group, but for a moment: see attach.c */
	MOUNT_UNBINDABLE = 1 << 1,
	MOUNT_LOCKED = 1 << 2, /* may not be taken off its parent */
	MOUNT_EXPIRES = 1 << 3,
	MOUNT_DOOMED = 1 << 4, /* scratch of umount_tree.c: will go */
	MOUNT_MAYBE = 1 << 5,  /* a candidate */
	MOUNT_LEAKY = 1 << 6,  /* something on it stays */
	MOUNT_HEIR = 1 << 7,   /* `copy` is its heir */
	MOUNT_IDMAPPED = 1 << 8,
	MOUNT_EMPTY = 1 << 9, /* scratch of umount_older.c: locked, but nothing on it stays */
};
/* 168 bytes: 10,000 namespaces of 100 mounts are a million of these. */
struct mount {
	uint64_t uid;
	struct mount *parent; /* itself: not attached */
	struct dentry *mp, *root;
	struct model_ns *ns;			  /* NULL: being made, or unmounted */
	struct mount *kids, *kid_next, *kid_prev; /* kid_prev of the first is the last */
	struct mount *peer_next, *peer_prev;	  /* a ring */
	struct mount *master, *slaves, *slave_next, *slave_prev;
	struct mount *place_next;	  /* in the hash of (parent, mp) */
	struct mount *at_next, **at_link; /* in mp->mounts */
	struct mount *copy;		  /* scratch */
	uint32_t group, attr, refs, writers;
	uint16_t flags, locks; /* enum mount_flag; MODEL_ATTR_* & 0xff that may not be dropped */
};

_Static_assert(sizeof(struct mount) <= 176, "a mount and its slot in the hash take 200 bytes");

struct model_userns {
	struct model_userns *parent, *next;
	uint64_t id;
};

struct model_ns {
	struct model_ns *next, *prev;
	struct model_userns *owner;
	struct mount *root; /* the absolute one; NULL: ended */
	uint64_t id, origin;
	struct dentry *file; /* of nsfs; NULL: it is anonymous */
	uint32_t n, pending; /* mounts, and those on their way */
	uint32_t users, pins;
	bool anonymous; /* a detached tree: `origin` is the namespace it was cloned from, 0: none */
};

struct place {
	struct mount *mnt;
	struct dentry *d;
};

struct file {
	struct place at;
	bool used, writes, owns_tree; /* closing it ends the detached tree that it is the root of */
};

struct model_task {
	struct model_task *next, *prev;
	struct model_ns *ns;
	struct model_userns *userns;
	struct place root, cwd;
	struct file *files;
	int n_files;
};

struct mounts {
	struct mount **v;
	size_t n;
};
static inline void mounts_done(struct mounts *list)
{
	free(list->v);
}

/* The last one: see why.h. */
struct refusal {
	enum model_why why;
	uint64_t mount; /* mount.uid; 0: none */
	char name[64];
};

struct model {
	struct model_rules rules;
	struct refusal refusal;
	uint64_t next_uid, last_ns_id;
	uint32_t mount_max, next_minor;
	struct mount **places; /* the hash of (parent, mp) */
	size_t n_places, places_size;
	struct dentry **names; /* the hash of (directory, name) */
	size_t n_names, names_size;
	struct mount *free_mounts;
	void **chunks;
	size_t n_chunks;
	uint64_t *groups;      /* bits of the ids in use */
	uint64_t *seen_groups; /* as they were at the last model_see_groups */
	size_t n_groups, n_seen_groups, group_hint;
	struct sb *sbs, *nsfs;
	struct mount *nsfs_mount;
	struct model_ns *namespaces;
	struct model_userns *userns;
	struct model_task *tasks;
	bool knows_not_all; /* loaded: a path that no table names may be there */
	bool may_end;	    /* a namespace may have lost the last that held it */
};

/* task.c */
struct model *model_alloc(const struct model_rules *rules);
struct model_task *task_new(struct model *m, struct model_ns *ns, struct model_userns *userns);

/* dentry.c */
size_t spread(uint64_t a, uint64_t b, size_t size); /* a slot of a hash of pairs */
struct sb *sb_new(struct model *m, const char *fstype, const char *source,
		  struct model_userns *owner, enum dentry_kind kind);
void sb_free(struct model *m, struct sb *sb);
struct dentry *dentry_child(const struct model *m, const struct dentry *dir, const char *name,
			    size_t len);
struct dentry *dentry_add(struct model *m, struct dentry *dir, const char *name, size_t len,
			  enum dentry_kind kind);
int sb_make_read_only(struct model *m, struct sb *sb);
void dentry_unlink(struct model *m, struct dentry *d);
void dentry_move(struct model *m, struct dentry *d, struct dentry *dir, const char *name);
bool dentry_is_under(const struct dentry *d, const struct dentry *top);
static inline bool dentry_is_dir(const struct dentry *d)
{
	return d->kind == DENTRY_DIR || d->kind == DENTRY_UNKNOWN;
}
bool dentries_fit(const struct dentry *a, const struct dentry *b); /* one may cover the other */

/* mount.c */
struct mount *mount_new(struct model *m, struct dentry *root);
void mount_drop(struct model *m, struct mount *mnt); /* frees it if nothing uses it any more */
struct mount *mount_at(const struct model *m, const struct mount *parent, const struct dentry *mp);
void mount_place(struct model *m, struct mount *mnt, struct mount *parent, struct dentry *mp);
void mount_unplace(struct model *m, struct mount *mnt);
static inline bool mount_has_parent(const struct mount *mnt)
{
	return mnt->parent != mnt;
}
int mount_check_writable(struct model *m, const struct mount *mnt);
struct mount *mount_cover(const struct model *m, const struct mount *mnt);
struct mount *mount_top(const struct model *m, struct mount *mnt);
bool mount_is_below(const struct mount *mnt, const struct mount *top);
/* Preorder of the tree on `top`; mount_skip passes over what hangs on mnt. */
struct mount *mount_next(struct mount *mnt, const struct mount *top);
struct mount *mount_skip(struct mount *mnt, const struct mount *top);
uint32_t mount_count(struct mount *top);
struct place place_hold(struct place at);
void place_set(struct model *m, struct place *at, struct place to);

/* group.c: ids, rings, lists of slaves */
uint32_t group_alloc(struct model *m);
void group_free(struct model *m, uint32_t group);
void group_join(struct mount *mnt, struct mount *old);
void group_leave(struct model *m, struct mount *mnt);
static inline bool group_is_alone(const struct mount *mnt)
{
	return mnt->peer_next == mnt;
}
void slave_leave(struct mount *mnt);
void slave_put_first(struct mount *mnt, struct mount *master);
void slave_put_behind(struct mount *mnt, struct mount *other);
void slaves_give(struct mount *mnt, struct mount *heir);

/* detach.c */
struct file *task_file(const struct model_task *task, int fd); /* NULL: not open */

/* lookup.c */
int lookup(struct model *m, const struct model_task *task, const struct model_at *at,
	   bool may_be_empty, struct place *ret);
/* As if nobody had come: for who only asks. */
int lookup_unseen(struct model *m, const struct model_task *task, const struct model_at *at,
		  bool may_be_empty, struct place *ret);
int lookup_path(struct model *m, const struct model_task *task, const char *path,
		struct place *ret);
int lookup_mountpoint(struct model *m, const struct model_task *task, const char *path,
		      struct place *ret);
int lookup_parent(struct model *m, const struct model_task *task, const struct model_at *at,
		  struct place *ret, const char **ret_name, size_t *ret_len);
struct place place_top(const struct model *m, struct place at);
/* why.c: keeps the reason, about that mount; returns the negative errno of its row */
int refuse(struct model *m, enum model_why why);
int refuse_at(struct model *m, enum model_why why, const struct mount *mnt);
int refuse_name(struct model *m, enum model_why why, const struct mount *mnt, const char *name,
		size_t len);

bool place_is_reachable(const struct place *at, const struct place *root);

/* clone.c */
enum clone_how {
	CLONE_AS_SLAVE = 1 << 0,
	CLONE_AS_SHARED = 1 << 1,
	CLONE_ALL_TYPES = 1 << 2, /* unbindable ones too: a namespace is copied */
	CLONE_NS_FILES = 1 << 3,  /* files of mount namespaces too: bind, rbind */
};
struct mount *mount_clone(struct model *m, struct mount *old, struct dentry *root, unsigned how);
int copy_tree(struct model *m, struct mount *src, struct dentry *root, unsigned how,
	      struct mount **ret);
const struct mount *find_locked_child(const struct mount *mnt, const struct dentry *root);

/* propagate.c */
struct mount *receiver_next(struct mount *mnt, const struct mount *origin);
struct copy {
	struct mount *tree, *parent;
};
struct copies {
	struct copy *v;
	size_t n;
};
int propagate_mount(struct model *m, struct mount *src, struct mount *dest, struct dentry *mp,
		    struct copies *ret);

/* attach.c */
int attach_tree(struct model *m, const struct model_ns *acting, struct mount *src,
		struct mount *dest, struct dentry *mp);
int target_top(struct model *m, struct place at, struct place *ret);
int clone_source(struct model *m, const struct model_task *task, const struct place *at, bool rec,
		 struct mount **ret);
bool is_ns_loop(const struct model_task *task, const struct dentry *d);
struct mount *new_fs(struct model *m, const struct model_task *task, const char *fstype,
		     const char *source, unsigned attr);

/* move.c */
int move(struct model *m, const struct model_task *task, struct place from, struct place to,
	 bool beneath);

/* umount_tree.c */
enum umount_how {
	UMOUNT_APART,	  /* all are cut from each other */
	UMOUNT_LAZY,	  /* so they are, but for those that are locked */
	UMOUNT_CONNECTED, /* none is: who holds one still finds those that are on it */
};
void umount_tree(struct model *m, struct mount *mnt, bool propagates, enum umount_how how);
void discard_tree(struct model *m, struct mount *mnt);
void detach_mounts(struct model *m, struct dentry *d);

/* umount_older.c */
void doom_older(struct model *m, struct mounts *doomed);

/* idmap.c */
int idmap_check_words(struct model *m, const struct model_task *task,
		      const struct model_setattr *attr, bool is_copy);
int idmap_check_mount(struct model *m, const struct model_task *task, const struct mount *mnt,
		      const struct model_setattr *attr, bool is_copy);
void idmap_set(struct mount *mnt, const struct model_setattr *attr);

/* type.c */
void type_change(struct model *m, struct mount *mnt, unsigned type);
int type_of_mount(struct model *m, const struct model_task *task, const struct place *at,
		  unsigned flags);
int set_group(struct model *m, const struct model_task *task, const struct place *from,
	      const struct place *to);

/* attr.c */
unsigned attr_of_ms(unsigned flags);
bool is_atime_mode(uint64_t mode);
int remount(struct model *m, const struct model_task *task, const struct place *at, unsigned flags);
void lock_tree(struct mount *top);

/* namespace.c */
/* A detached tree that was cloned from that namespace, or from none. */
static inline bool ns_is_of(const struct model_ns *ns, const struct model_ns *origin)
{
	return ns->anonymous && (!ns->origin || ns->origin == origin->id);
}
bool userns_has_cap(const struct model_task *task, const struct model_userns *owner);
bool task_may(const struct model_task *task);
struct model_ns *ns_new(struct model *m, struct model_userns *owner, uint64_t id);
struct model_ns *ns_new_anonymous(struct model *m, const struct model_task *task, uint64_t origin,
				  struct mount *tree);
void ns_take_tree(struct model_ns *ns, struct mount *tree);
void ns_forget_anonymous(struct model *m, struct model_ns *ns);
struct model_userns *userns_new(struct model *m, struct model_userns *parent);
static inline bool ns_is_unused(const struct model_ns *ns)
{
	return !ns->users && !ns->pins;
}
/* Ends the namespaces that nothing holds any more: the last act of each call. */
void ns_settle(struct model *m);

#endif
