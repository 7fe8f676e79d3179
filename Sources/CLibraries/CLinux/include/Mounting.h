/// Mounts and unusual kinds of files.
#ifndef CLINUX_MOUNTING_H
#define CLINUX_MOUNTING_H

/// Mounts a file system: mount(2) with flags 0. Returns 0 or -1 with errno.
int clinux_mount(const char *source, const char *target, const char *type, const char *options);

/// Takes a mount away, at once from the tree and later where it is busy: umount2(2) with MNT_DETACH. 0 or -1 with errno.
int clinux_unmount(const char *target);

/// Makes an overlay's whiteout, the character device 0:0. Returns 0 or -1 with errno.
int clinux_make_whiteout(int directory, const char *name);

#endif
