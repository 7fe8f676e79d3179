/// Extended attributes of a file itself, never of what it links to; flags of a directory.
#ifndef CLINUX_ATTRIBUTES_H
#define CLINUX_ATTRIBUTES_H

#include <stddef.h>
#include <sys/types.h>

/// lgetxattr(2): how many bytes the value has, or -1 with errno.
ssize_t clinux_attribute(const char *path, const char *name, void *value, size_t size);

/// llistxattr(2): how many bytes of names, each closed by NUL, or -1 with errno.
ssize_t clinux_attribute_names(const char *path, void *names, size_t size);

/// lsetxattr(2): 0, or -1 with errno.
int clinux_set_attribute(const char *path, const char *name, const void *value, size_t size);

/// Asks the file system to put each new directory in this one, with what comes into it, into another part of the disk:
/// FS_TOPDIR_FL, `chattr +T`. Returns 0, or -1 with errno where it knows no such thing or this user may not ask.
int clinux_spread_directories(int directory);

#endif
