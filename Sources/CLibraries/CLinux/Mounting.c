#define _GNU_SOURCE
#include "include/Mounting.h"

#include "include/Durability.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

int clinux_mount(const char *source, const char *target, const char *type, const char *options) {
    return mount(source, target, type, 0, options);
}

int clinux_unmount(const char *target) {
    return umount2(target, MNT_DETACH);
}

int clinux_make_whiteout(int directory, const char *name) {
    return mknodat(directory, name, S_IFCHR, makedev(0, 0));
}

int clinux_find_in_root(int root, const char *path) {
    return clinux_open_in_root(root, path, O_PATH, 0);
}
