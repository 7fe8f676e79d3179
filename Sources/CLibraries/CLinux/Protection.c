#define _GNU_SOURCE
#include "include/Protection.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static int set_mount(const char *path, unsigned flags, uint64_t set, uint64_t clear) {
    struct mount_attr attributes = {.attr_set = set, .attr_clr = clear};
    return (int)syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &attributes, sizeof attributes);
}

int clinux_protect_machine(const char *except) {
    if (unshare(CLONE_NEWNS) != 0) return -1;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -1;
    if (mount(except, except, NULL, MS_BIND, NULL) != 0) return -1;
    if (set_mount("/", AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0) != 0) return -1;
    return set_mount(except, 0, 0, MOUNT_ATTR_RDONLY);
}
