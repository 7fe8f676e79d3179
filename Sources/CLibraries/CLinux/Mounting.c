#define _GNU_SOURCE
#include "include/Mounting.h"

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
