/// Calls that Glibc's Swift overlay does not import: variadics and Linux-only system calls.
#ifndef CLINUX_DURABILITY_H
#define CLINUX_DURABILITY_H

/// open(2) with close-on-exec always set; returns the descriptor or -1 with errno.
int clinux_open(const char *path, int flags, unsigned mode);

/// openat(2) with close-on-exec always set; returns the descriptor or -1 with errno.
int clinux_openat(int directory, const char *path, int flags, unsigned mode);

/// memfd_create(2) with close-on-exec set; returns the descriptor or -1 with errno.
int clinux_memory_file(const char *name);

/// openat2(2) with RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS: no path leaves `root`, absolute symlinks start at it.
int clinux_open_in_root(int root, const char *path, int flags, unsigned mode);

/// renameat2(2) with RENAME_NOREPLACE; returns 0 or -1 with errno (EEXIST where `to` exists).
int clinux_rename_noreplace(int from_directory, const char *from, int to_directory, const char *to);

/// syncfs(2): forces everything of the file system that holds a file to the disk; returns 0 or -1 with errno.
int clinux_syncfs(int file);

#endif
