#include "include/Attributes.h"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>

ssize_t clinux_attribute(const char *path, const char *name, void *value, size_t size) {
    return lgetxattr(path, name, value, size);
}

ssize_t clinux_attribute_names(const char *path, void *names, size_t size) {
    return llistxattr(path, names, size);
}

int clinux_set_attribute(const char *path, const char *name, const void *value, size_t size) {
    return lsetxattr(path, name, value, size, 0);
}

int clinux_spread_directories(int directory) {
    // The number says long; the kernel reads and writes an int.
    int flags = 0;
    if (ioctl(directory, FS_IOC_GETFLAGS, &flags) != 0) return -1;
    if (flags & FS_TOPDIR_FL) return 0;
    flags |= FS_TOPDIR_FL;
    return ioctl(directory, FS_IOC_SETFLAGS, &flags);
}
