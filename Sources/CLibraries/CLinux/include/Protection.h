/// Protection of the machine from a program of the machine.
#ifndef CLINUX_PROTECTION_H
#define CLINUX_PROTECTION_H

#include <stddef.h>

/// A file or directory of the machine that stays in sight, at its path. A link stays a link; what is missing is left out.
struct clinux_sight {
    const char *path;
    /// Not zero: it can be written, and nothing but this is kept. Else it can only be read.
    int writable;
};

/// Gives the calling thread, and what it starts from now on, a root in which there is nothing of the machine but what is
/// listed and the name spaces' own /proc, and the system calls that a sandbox has. Only inside a user namespace.
/// - Parameter root: an empty directory of the machine, on which the new root is mounted.
/// Returns 0 or -1 with errno.
int clinux_show_only(const char *root, const struct clinux_sight *sights, size_t count);

#endif
