/// Mounts, and places in trees that nobody vouches for.
#ifndef CLINUX_MOUNTING_H
#define CLINUX_MOUNTING_H

/// Mounts a file system: mount(2) with flags 0. Returns 0 or -1 with errno.
int clinux_mount(const char *source, const char *target, const char *type, const char *options);

/// Takes a mount away, at once from the tree and later where it is busy: umount2(2) with MNT_DETACH. 0 or -1 with errno.
int clinux_unmount(const char *target);

/// Makes an overlay's whiteout, the character device 0:0. Returns 0 or -1 with errno.
int clinux_make_whiteout(int directory, const char *name);

/// openat2(2) with O_PATH, RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS: where a path leads inside `root`, whatever lies
/// there; it is not opened for reading. Returns the descriptor or -1 with errno.
int clinux_find_in_root(int root, const char *path);

#endif
