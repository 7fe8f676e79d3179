#define _GNU_SOURCE
#include "include/Protection.h"

#include "SystemCallFilter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int make_parents(const char *path) {
    char parent[PATH_MAX];
    for (const char *end = strchr(path + 1, '/'); end; end = strchr(end + 1, '/')) {
        memcpy(parent, path, (size_t)(end - path));
        parent[end - path] = 0;
        if (mkdir(parent, 0755) != 0 && errno != EEXIST) return -1;
    }
    return 0;
}

static int copy_link(const char *path, const char *target) {
    char text[PATH_MAX];
    ssize_t length = readlink(path, text, sizeof text - 1);
    if (length < 0) return -1;
    text[length] = 0;
    return symlink(text, target);
}

/// With everything that is mounted below it: a part alone would show what the machine has hidden under a mount.
static int attach(const char *path, const char *target, int writable) {
    int tree = (int)syscall(
        SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW);
    if (tree < 0) return -1;
    struct mount_attr attributes = {.attr_set = writable ? 0 : MOUNT_ATTR_RDONLY};
    int result = (int)syscall(
        SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes);
    if (result == 0)
        result = (int)syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH);
    int error = errno;
    close(tree);
    errno = error;
    return result;
}

static int show(const char *root, const char *path, int writable) {
    char target[PATH_MAX];
    struct stat status;
    if (lstat(path, &status) != 0) return errno == ENOENT ? 0 : -1;
    if ((size_t)snprintf(target, sizeof target, "%s%s", root, path) >= sizeof target) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (make_parents(target) != 0) return -1;
    if (S_ISLNK(status.st_mode)) return copy_link(path, target);
    if (S_ISDIR(status.st_mode)) {
        if (mkdir(target, 0755) != 0 && errno != EEXIST) return -1;
    } else {
        int file = open(target, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (file < 0 || close(file) != 0) return -1;
    }
    return attach(path, target, writable);
}

int clinux_show_only(const char *root, const struct clinux_sight *sights, size_t count) {
    if (unshare(CLONE_NEWNS) != 0) return -1;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -1;
    if (mount("tmpfs", root, "tmpfs", MS_NOSUID, "mode=755,size=16m") != 0) return -1;
    for (size_t at = 0; at < count; at++)
        if (show(root, sights[at].path, sights[at].writable) != 0) return -1;
    if (show(root, "/proc", 1) != 0) return -1;
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
    if (syscall(SYS_mount_setattr, AT_FDCWD, root, 0, &attributes, sizeof attributes) != 0) return -1;
    if (chdir(root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0) return -1;
    if (umount2(".", MNT_DETACH) != 0 || chdir("/") != 0) return -1;
    return clinux_filter_system_calls();
}
