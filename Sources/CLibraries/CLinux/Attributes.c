#include "include/Attributes.h"

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
