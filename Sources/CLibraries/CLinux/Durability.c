#define _GNU_SOURCE
#include "Durability.h"

#include <fcntl.h>
#include <errno.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_open(const char *path, int flags, unsigned mode) {
    return open(path, flags | O_CLOEXEC, mode);
}

int clinux_openat(int directory, const char *path, int flags, unsigned mode) {
    return openat(directory, path, flags | O_CLOEXEC, mode);
}

int clinux_memory_file(const char *name) {
    return memfd_create(name, MFD_CLOEXEC);
}

int clinux_open_in_root(int root, const char *path, int flags, unsigned mode) {
    struct open_how how = {
        .flags = (uint64_t)(flags | O_CLOEXEC),
        .mode = (flags & (O_CREAT | O_TMPFILE)) ? mode : 0,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    /* Any rename or mount on the machine while ".." is looked up makes the kernel say EAGAIN: openat2(2) asks to try again. */
    int file;
    int tries = 0;
    do {
        file = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    } while (file < 0 && errno == EAGAIN && ++tries < 10000);
    return file;
}

int clinux_rename_noreplace(int from_directory, const char *from, int to_directory, const char *to) {
    return renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE);
}

int clinux_syncfs(int file) {
    return syncfs(file);
}
