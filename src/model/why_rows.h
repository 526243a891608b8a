/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reasons, a row each: WHY(name, errno, what, fix). No include guard: whoever includes it says
 * what a row becomes.
 */
/* clang-format off: rows */

/* rights */
WHY(MAY_NOT, EPERM,
    "the caller has no CAP_SYS_ADMIN in the user namespace that owns its mount namespace",
    "run it as root of that user namespace, or in a user and a mount namespace of one's own")
WHY(FS_MAY_NOT, EPERM,
    "the file system belongs to a user namespace above the caller's, and only who may rule that "
    "one changes the file system itself",
    "change the mount alone (remount,bind; mount_setattr), or do it from the namespace that the "
    "file system was mounted in")
WHY(FORCE_MAY_NOT, EPERM,
    "to force an umount takes CAP_SYS_ADMIN in the user namespace that owns the file system",
    "umount without force; or lazily")
WHY(CHROOT_MAY_NOT, EPERM, "the caller has no CAP_SYS_CHROOT in its own user namespace",
    "make a user namespace first, which gives it")
WHY(NS_FILE_MAY_NOT, EACCES,
    "the process is in a user namespace that the caller has no rights over, so its files in /proc "
    "are closed",
    "do it from that process's user namespace or from one above it")

/* paths */
WHY(PATH_EMPTY, ENOENT, "the path is empty", "name a path")
WHY(NOT_THERE, ENOENT, "there is no such name in that directory",
    "create it first, or look whether a mount covers it")
WHY(NOT_DIR, ENOTDIR, "the path goes through, or must end at, a directory, and this is none",
    "name a directory")
WHY(NOT_OPEN, EBADF, "the descriptor is not open", "open it first")
WHY(DIR_REMOVED, ENOENT, "the directory was removed, and nothing can be made in it any more",
    "nothing makes it work on this directory; create another one and use its path")

/* where something is to be mounted */
WHY(TARGET_REMOVED, ENOENT,
    "the mount point was removed while somebody still held it, and nothing can be mounted on what "
    "was removed",
    "nothing makes it work on this directory; create it again and use its path")
WHY(TARGET_UNMOUNTED, ENOENT,
    "the mount point is on a mount that was unmounted, and only the caller's reference keeps it",
    "nothing makes it work there: leave it (cd /) and name a path in the namespace")
WHY(TARGET_OTHER_NS, EINVAL,
    "the mount point is in another mount namespace, reached through a descriptor, a working "
    "directory or /proc/PID/root",
    "enter that namespace first (setns, nsenter), or mount something that propagates there")
WHY(DIR_ON_FILE, ENOTDIR,
    "a directory can only be mounted on a directory, and the mount point is a file",
    "create a directory as the mount point")
WHY(FILE_ON_DIR, ENOTDIR,
    "a file can only be mounted on a file, and the mount point is a directory",
    "create an empty file as the mount point")
WHY(SOURCE_ROOT_REMOVED, ENOENT,
    "the root of what is to be mounted was removed, and a mount on it could not be attached",
    "nothing makes it work with this source; take a directory that exists")
WHY(NS_FULL, ENOSPC, "the mount namespace would have more mounts than fs.mount-max allows",
    "unmount what is not needed (see mntns leaks), or raise /proc/sys/fs/mount-max")
WHY(RECEIVER_FULL, ENOSPC,
    "a namespace that the mount propagates to would have more mounts than fs.mount-max allows",
    "raise /proc/sys/fs/mount-max, or make the mount point's mount private so that nothing "
    "propagates")
WHY(PASSES_NS_FILE, EINVAL,
    "the mount point is on a shared mount, and the file of a mount namespace is not propagated: "
    "copies of it could keep namespaces alive in a circle",
    "bind it below a private mount: mount --bind DIR DIR; mount --make-private DIR")
WHY(PASSES_UNBINDABLE, EINVAL,
    "the mount would propagate, and it is unbindable: no copy can be made of it",
    "make it private first: mount --make-private")
WHY(PASSES_LOCKED, EPERM,
    "below it is a locked mount that is unbindable: it may neither be copied nor left out",
    "nothing in this namespace makes it work: do it in the namespace that the mounts came from")

/* what is to be mounted */
WHY(NO_SOURCE, EINVAL, "no source is given", "name what is to be bound or moved")
WHY(NO_FSTYPE, EINVAL, "no type of file system is given", "name one: tmpfs, ext4, ...")
WHY(SOURCE_UNBINDABLE, EINVAL, "the source is on an unbindable mount, of which no copy can be made",
    "make it private first: mount --make-private")
WHY(SOURCE_OTHER_NS, EINVAL,
    "the source is in another mount namespace, reached through a descriptor, a working directory "
    "or /proc/PID/root, and only mounts of one's own can be copied",
    "enter that namespace and call open_tree there; the descriptor can be attached here")
WHY(SOURCE_UNMOUNTED, EINVAL,
    "the source is on a mount that was unmounted, and only references keep it",
    "nothing makes it work with this mount; take another one of the same file system")
WHY(SOURCE_OTHER_ORIGIN, EINVAL,
    "the source is in a detached tree that was cloned from another mount namespace",
    "attach the tree itself with move_mount; or copy it in the namespace that it came from")
WHY(SOURCE_CLOSED, EINVAL,
    "the source is in a detached tree, of which no copies can be made before Linux 6.15",
    "attach the tree itself with move_mount, and copy it then")
WHY(SOURCE_LOCKED_CHILD, EINVAL,
    "a locked mount hides what is below it, and a bind without what is mounted on the source would "
    "reveal that",
    "bind recursively (rbind); to see what is below it nothing helps: a locked mount cannot be "
    "revealed")
WHY(NS_FILE_NOT_YOUNGER, EINVAL,
    "the file of a mount namespace can only be bound in an older namespace, else two could keep "
    "each other alive",
    "bind it in a namespace that was made before that one")

/* moves */
WHY(MOVE_NOT_ROOT, EINVAL, "the source is no mount point: only whole mounts are moved",
    "bind it instead, or bind it on itself and move that")
WHY(MOVE_KIND, EINVAL, "one of source and target is a directory and the other one is a file",
    "create a mount point of the same kind")
WHY(MOVE_ROOT, EINVAL,
    "the source is the root of the mount namespace, which hangs on nothing that it could be taken "
    "off",
    "use pivot_root, or bind it")
WHY(MOVE_LOCKED, EINVAL,
    "the source is locked to its place, because it came from a more privileged namespace together "
    "with what is around it",
    "nothing in this namespace moves it; bind it recursively instead")
WHY(MOVE_PARENT_SHARED, EINVAL,
    "the source hangs on a shared mount, whose peers would keep their copies",
    "make the parent private first (mount --make-private), or bind it and umount the source")
WHY(MOVE_TARGET_OTHER_NS, EINVAL,
    "the source is in the caller's namespace and the target is not, and attached mounts stay in "
    "their namespace",
    "move a detached copy instead: open_tree with OPEN_TREE_CLONE, and attach it after setns")
WHY(MOVE_SOURCE_OTHER_NS, EINVAL, "the source is attached in another mount namespace",
    "in that namespace, detach a copy with open_tree and OPEN_TREE_CLONE, and attach that here")
WHY(MOVE_SOURCE_UNMOUNTED, EINVAL, "the source was unmounted, and only references keep it",
    "nothing mounts it again; mount or bind its file system anew")
WHY(MOVE_SOURCE_IN_TREE, EINVAL,
    "the source is inside of a detached tree, of which only the root can be moved",
    "attach the whole tree, and move it from there")
WHY(MOVE_INTO_SOURCE, EINVAL, "the target is inside of the detached tree that is to be moved",
    "name a target outside of it")
WHY(MOVE_TARGET_ATTACHED_ELSEWHERE, EINVAL,
    "the target is in a mount namespace that is neither the caller's nor a detached tree",
    "enter that namespace first (setns)")
WHY(MOVE_TARGET_OTHER_ORIGIN, EINVAL,
    "the target is in a detached tree that was cloned from another mount namespace",
    "do it in the namespace that the tree came from")
WHY(MOVE_TARGET_CLOSED, EINVAL,
    "the target is in a detached tree, in which nothing can be mounted before Linux 6.15",
    "attach that tree first with move_mount")
WHY(MOVE_UNBINDABLE, EINVAL,
    "in the source is an unbindable mount, and the target is shared: no copies can be made for its "
    "peers",
    "make that mount private, or the target's mount private")
WHY(MOVE_NS_LOOP, ELOOP,
    "in the source is the file of a mount namespace that is not younger than the caller's; two "
    "could keep each other alive",
    "umount that file first")
WHY(MOVE_INTO_ITSELF, ELOOP, "the target is inside of what is to be moved",
    "name a target outside of it")
WHY(MOVE_FLAGS, EINVAL, "move_mount(2) does not know one of the flags", "leave it out")
WHY(MOVE_BOTH, EINVAL, "MOVE_MOUNT_BENEATH and MOVE_MOUNT_SET_GROUP exclude each other",
    "give one of them")
WHY(BENEATH_NOT_ROOT, EINVAL,
    "the target is no mount point, so there is nothing beneath which a mount could go",
    "leave out beneath")
WHY(BENEATH_ROOT, EINVAL, "the target is a mount that hangs on nothing",
    "name a mount that is on another one")
WHY(BENEATH_LOCKED, EINVAL,
    "the mount at the target is locked, and what is under it may not change",
    "nothing in this namespace makes it work: do it in the namespace that it came from")
WHY(BENEATH_COVERED, EINVAL,
    "the source is covered by another mount, which would come to lie between",
    "umount what is on top of the source first")
WHY(BENEATH_OWN_ROOT, EINVAL,
    "the target is the caller's root directory, beneath which nothing may be put", "use pivot_root")
WHY(BENEATH_NS_ROOT, EINVAL,
    "the target is the root of the mount namespace: it sits on the one below all, which stays bare",
    "use pivot_root")
WHY(BENEATH_SOURCE, EINVAL, "the source is the mount at the target itself, or hangs on it",
    "name a target that the source does not hang on")
WHY(BENEATH_COMES_BACK, EINVAL,
    "the mount at the target would get a copy of the newcomer by propagation, on top of itself",
    "make the mount at the target private first")
WHY(BENEATH_SOURCE_COMES_BACK, EINVAL, "the source would get a copy of itself by propagation",
    "make the source private first")

/* set-group */
WHY(GROUP_NOT_ROOT, EINVAL, "one of the two is no mount point", "name two mount points")
WHY(GROUP_OTHER_FS, EINVAL, "the two mounts are of different file systems, and a group is of one",
    "nothing makes it work for these two; bind the one that has the group")
WHY(GROUP_OUTSIDE, EINVAL, "the second mount shows a directory that is not in the first one",
    "take as the first a mount that shows a directory above")
WHY(GROUP_LOCKED_CHILD, EINVAL,
    "a locked mount on the first one hides a part of what the second one shows",
    "nothing in this namespace makes it work: a locked mount cannot be revealed")
WHY(GROUP_HAS_ONE, EINVAL, "the second mount is in a group, or a slave, already",
    "make it private first: mount --make-private")
WHY(GROUP_NONE, EINVAL, "the first mount is private: there is nothing to join",
    "make it shared first: mount --make-shared")

/* types */
WHY(TYPE_NOT_ROOT, EINVAL, "the path is no mount point, and only mounts have a propagation type",
    "bind it on itself first: mount --bind DIR DIR")
WHY(TYPE_FLAGS, EINVAL,
    "a flag is given together with a propagation type, and all but MS_REC and MS_SILENT exclude it",
    "make two calls")
WHY(TYPE_TWO, EINVAL, "more than one propagation type is given",
    "make two calls: a slave becomes shared too by make-slave, then make-shared")
WHY(TYPE_UNMOUNTED, EINVAL, "the mount was unmounted, and only references keep it",
    "nothing makes it work with this mount")
WHY(TYPE_OTHER_NS, EINVAL,
    "the mount is in another mount namespace; this kernel changes only types of one's own (newer "
    "ones do, since 6.17)",
    "enter that namespace first (setns, nsenter)")
WHY(TYPE_MAY_NOT, EPERM, "the mount is in a namespace whose owner the caller has no rights over",
    "do it from that namespace or from one above it")

/* attributes */
WHY(LOCKED_RO, EPERM, "the mount came read-only from a more privileged namespace, and so it stays",
    "nothing in this namespace makes it work; make it writable where it came from, before it is "
    "copied")
WHY(LOCKED_NOSUID, EPERM,
    "the mount came nosuid from a more privileged namespace, and so it stays: a remount must "
    "repeat it",
    "give nosuid as well")
WHY(LOCKED_NODEV, EPERM,
    "the mount came nodev from a more privileged namespace, and so it stays: a remount must repeat "
    "it",
    "give nodev as well")
WHY(LOCKED_NOEXEC, EPERM,
    "the mount came noexec from a more privileged namespace, and so it stays: a remount must "
    "repeat it",
    "give noexec as well")
WHY(LOCKED_ATIME, EPERM,
    "the mount came from a more privileged namespace, and its atime mode stays as it was",
    "leave the atime mode out, or repeat the one that it has")
WHY(MOUNT_WRITTEN, EBUSY,
    "a file is open for writing through this mount, so it cannot become read-only",
    "end the writers (mntns who PATH), then try again")
WHY(FS_WRITTEN, EBUSY,
    "a file of the file system is open for writing, through this mount or through another one, so "
    "it cannot become read-only",
    "end the writers (mntns who PATH); or make the mount alone read-only: remount,bind,ro")
WHY(FS_REMOVED_IN_USE, EBUSY,
    "a removed file of the file system is still in use, and its space must be freed by writing "
    "when it goes",
    "end who uses it (mntns who PATH), then try again")
WHY(REMOUNT_OTHER_NS, EINVAL, "the mount is in another mount namespace",
    "enter that namespace first (setns, nsenter)")
WHY(REMOUNT_NOT_ROOT, EINVAL,
    "the path is no mount point, so there is no mount of its own whose attributes could change",
    "bind it on itself first: mount --bind DIR DIR")
WHY(RECONFIGURE_NOT_ROOT, EINVAL,
    "the path is no mount point, and a file system is changed at the root of one of its mounts",
    "name the mount point above it")
WHY(SETATTR_NOT_ROOT, EINVAL,
    "the path is no mount point, so there is no mount of its own whose attributes could change",
    "bind it on itself first; in a chroot / is no mount point unless the directory was bound on "
    "itself")
WHY(SETATTR_OTHER_NS, EINVAL, "the mount is attached in another mount namespace",
    "enter that namespace first (setns, nsenter)")
WHY(SETATTR_IN_TREE, EINVAL,
    "the mount is inside of a detached tree, of which only the root can be named",
    "name the root of the tree, recursively; or attach it first")
WHY(SETATTR_UNMOUNTED, EINVAL, "the mount was unmounted, and only references keep it",
    "nothing makes it work with this mount")
WHY(SETATTR_TYPES, EINVAL,
    "mount_setattr(2) takes one propagation type, and nothing else beside it in that field",
    "give one of shared, slave, private, unbindable")
WHY(SETATTR_UNKNOWN, EINVAL, "mount_setattr(2) does not know one of the attributes", "leave it out")
WHY(ATIME_PART, EINVAL, "atime modes are one field, and only a part of it is to be cleared",
    "clear MOUNT_ATTR__ATIME as a whole")
WHY(ATIME_TWO, EINVAL, "two atime modes are given", "give one of relatime, noatime, strictatime")
WHY(ATIME_NOT_CLEARED, EINVAL, "an atime mode is set without clearing the field that it is in",
    "clear MOUNT_ATTR__ATIME too")
WHY(IDMAP_CLEARED, EINVAL, "the id map of a mount cannot be taken away",
    "make a copy without it (open_tree_attr(2), Linux 6.15)")
WHY(IDMAP_INITIAL, EPERM,
    "the id map would be that of the initial user namespace, which maps nothing",
    "make a user namespace with the map, and give its file")
WHY(IDMAP_FS_OWNER, EINVAL,
    "the id map would be that of the user namespace that owns the file system, which is in force "
    "anyway",
    "give the file of another user namespace")
WHY(IDMAP_TWICE, EPERM, "the mount has an id map already, and that cannot be replaced",
    "make a copy with another one (open_tree_attr(2), Linux 6.15)")
WHY(IDMAP_FS, EINVAL, "the file system does not support id maps of mounts",
    "nothing makes it work with this file system")
WHY(IDMAP_FS_MAY_NOT, EPERM,
    "the file system belongs to a user namespace above the caller's, and only who may rule that "
    "one "
    "maps its ids",
    "do it from the namespace that the file system was mounted in, and pass the tree on")
WHY(IDMAP_ATTACHED, EINVAL, "an id map can only be given to a mount that was never attached",
    "copy it with open_tree(2), give the copy the map, and attach that")
WHY(FSMOUNT_UNKNOWN, EINVAL, "fsmount(2) does not know one of the attributes", "leave it out")
WHY(FSMOUNT_ATIME, EINVAL, "two atime modes are given to fsmount(2)",
    "give one of relatime, noatime, strictatime")

/* umount */
WHY(UMOUNT_FLAGS, EINVAL, "umount2(2) does not know one of the flags", "leave it out")
WHY(UMOUNT_NOT_ROOT, EINVAL, "the path is no mount point",
    "name the mount point above it, or nothing is to be done")
WHY(UMOUNT_OTHER_NS, EINVAL,
    "the mount is in another mount namespace, reached through a descriptor, a working directory or "
    "/proc/PID/root",
    "enter that namespace first (setns, nsenter)")
WHY(UMOUNT_UNMOUNTED, EINVAL, "the mount was unmounted already, and only references keep it",
    "close what refers to it (mntns who PATH)")
WHY(UMOUNT_LOCKED, EINVAL,
    "the mount is locked to its place, because it came from a more privileged namespace together "
    "with what it covers",
    "nothing in this namespace removes it: a locked mount cannot be revealed; umount it where it "
    "came from, or umount the whole tree that came with it")
WHY(UMOUNT_NS_ROOT, EINVAL, "this is the root that all of the mount namespace hangs on",
    "nothing unmounts it; it goes with its namespace")
WHY(UMOUNT_HAS_MOUNTS, EBUSY, "other mounts are on it",
    "umount those first, or the whole tree lazily")
WHY(UMOUNT_IN_USE, EBUSY, "something refers to it: an open file, a working directory, a root",
    "see who does (mntns who PATH) and end that, or umount lazily")
WHY(UMOUNT_COPY_IN_USE, EBUSY,
    "the umount propagates, and the copy of the mount in a peer or slave is in use",
    "end who uses that copy (mntns who PATH), umount lazily, or make the mount that it hangs on "
    "private first")
WHY(EXPIRE_OWN_ROOT, EINVAL, "the caller's own root does not expire", "leave out expire")
WHY(EXPIRE_FLAGS, EINVAL, "an umount that expires is neither forced nor lazy",
    "leave out the others")
WHY(EXPIRE_IN_USE, EBUSY, "what is in use, or has mounts on it, does not expire",
    "see who uses it (mntns who PATH)")
WHY(EXPIRE_MARKED, EAGAIN,
    "it was in use since the last time, and is marked now: the next such umount does it if nobody "
    "comes",
    "call it again later")

/* pivot_root */
WHY(PIVOT_NOT_DIR, ENOTDIR, "new root and put_old must be directories", "name directories")
WHY(PIVOT_PUT_SHARED, EINVAL, "put_old is on a shared mount, so the old root would be propagated",
    "make it private first: mount --make-rprivate /, or that mount alone")
WHY(PIVOT_NEW_PARENT_SHARED, EINVAL,
    "the new root hangs on a shared mount, so taking it off there would have to be propagated",
    "make its parent private first: mount --make-rprivate /, or that mount alone")
WHY(PIVOT_OLD_PARENT_SHARED, EINVAL,
    "what is below the old root is shared, so the change would have to be propagated",
    "make it private first; in a chroot, that is the mount that the old root is mounted on")
WHY(PIVOT_OLD_OTHER_NS, EINVAL,
    "the caller's root directory is in another mount namespace than the caller",
    "enter the namespace of the root (setns), which sets the root as well")
WHY(PIVOT_NEW_OTHER_NS, EINVAL, "the new root is in another mount namespace than the caller",
    "enter that namespace, or bind the tree in this one")
WHY(PIVOT_NEW_LOCKED, EINVAL,
    "the new root is locked to its place, because it came from a more privileged namespace",
    "bind it on itself, recursively, and make that the new root")
WHY(PIVOT_NEW_REMOVED, ENOENT, "the new root was removed",
    "nothing makes it work with this directory")
WHY(PIVOT_SAME, EBUSY, "the new root is on the current root's mount",
    "bind it on itself first: mount --rbind NEW NEW")
WHY(PIVOT_PUT_ON_OLD, EBUSY,
    "put_old is on the current root's mount, which would then hang on itself",
    "name a directory below the new root; or . twice, with the new root as working directory")
WHY(PIVOT_CHROOTED, EINVAL, "the caller's root directory is no mount point: it is in a chroot",
    "bind the root directory on itself before the chroot")
WHY(PIVOT_ROOTFS, EINVAL,
    "the current root is the one that all of the namespace hangs on (rootfs, as in an initramfs), "
    "which cannot be taken off",
    "use switch_root: mount --move NEW /, then chroot; container engines have --no-pivot")
WHY(PIVOT_NEW_NOT_ROOT, EINVAL, "the new root is no mount point",
    "bind it on itself first: mount --rbind NEW NEW")
WHY(PIVOT_NEW_NS_ROOT, EINVAL, "the new root is the one that all of the namespace hangs on",
    "nothing makes it work; it stays at the bottom")
WHY(PIVOT_PUT_OUTSIDE, EINVAL, "put_old is not at or below the new root",
    "name a directory below the new root")
WHY(PIVOT_NEW_OUTSIDE, EINVAL, "the new root is not below the caller's root directory",
    "name a directory that is reached from /")

/* namespaces */
WHY(UNSHARE_MAY_NOT, EPERM,
    "the caller has no CAP_SYS_ADMIN in its user namespace, and a new mount namespace takes that",
    "make a user namespace along with it")
WHY(UNSHARE_CHROOTED, EPERM,
    "the caller is in a chroot, and from there no user namespace can be made",
    "use pivot_root instead of chroot")
WHY(SETNS_NOT_NS, EINVAL, "the file is no namespace's", "open /proc/PID/ns/mnt")
WHY(SETNS_MAY_NOT, EPERM,
    "the caller has no CAP_SYS_ADMIN in the user namespace that owns that mount namespace",
    "enter that user namespace first: its root may")
WHY(SETNS_MAY_NOT_SELF, EPERM, "the caller has no CAP_SYS_ADMIN in its own user namespace",
    "run it as root of that")

/* directories and files */
WHY(READ_ONLY_MOUNT, EROFS, "the mount is read-only", "make it writable: mount -o remount,bind,rw")
WHY(READ_ONLY_FS, EROFS, "the file system is read-only", "make it writable: mount -o remount,rw")
WHY(EXISTS, EEXIST, "it exists already", "choose another name")
WHY(WRITE_DIR, EISDIR, "a directory cannot be opened for writing", "name a file")
WHY(IS_MOUNTPOINT, EBUSY, "something is mounted on it in the caller's namespace",
    "umount that first")
WHY(RMDIR_ROOT, EBUSY, "the root directory cannot be removed", "nothing makes it work")
WHY(RMDIR_DOT, EINVAL, "a directory cannot be removed by the name .", "name it in its parent")
WHY(RMDIR_DOTDOT, ENOTEMPTY,
    "the path ends in .., which has at least the directory that it was reached from",
    "name it in its parent")
WHY(RMDIR_FILE, ENOTDIR, "it is a file", "use unlink(2)")
WHY(NOT_EMPTY, ENOTEMPTY, "there are names in the directory",
    "remove what is in it first; look below what is mounted on it")
WHY(UNLINK_DOTS, EISDIR, "the path names a directory without a name of its own", "use rmdir(2)")
WHY(UNLINK_DIR, EISDIR, "it is a directory", "use rmdir(2)")
WHY(RENAME_OTHER_MOUNT, EXDEV,
    "the two directories are on different mounts, even where the file system is the same",
    "copy it, or rename through a mount that has both")
WHY(RENAME_DOTS, EBUSY, "., .. and / are not renamed", "name it in its parent")
WHY(RENAME_TOO_LONG, ENAMETOOLONG, "a name has 255 bytes at most", "choose a shorter one")
WHY(RENAME_INTO_ITSELF, EINVAL, "the new name would be inside of what is renamed",
    "choose a directory outside of it")
WHY(RENAME_ONTO_PARENT, ENOTEMPTY,
    "the new name is a directory above the old one, so it is not empty", "choose another name")
WHY(RENAME_DIR_ON_FILE, ENOTDIR, "a directory cannot replace a file", "remove the file first")
WHY(RENAME_FILE_ON_DIR, EISDIR, "a file cannot replace a directory", "remove the directory first")
