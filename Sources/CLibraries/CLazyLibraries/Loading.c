#include "CLazyLibraries.h"

#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

static void end(void) {
    // dlerror(3) names the library and the reason.
    dprintf(STDERR_FILENO, "bake: error while loading shared libraries: %s\n", dlerror());
    _exit(127);
}

void *CLazyLibraries_find(struct lazy_library *library, const char *name) {
    // Two threads may both load it: the second is given the same handle.
    if (!library->handle) library->handle = dlopen(library->name, RTLD_LAZY | RTLD_LOCAL);
    if (!library->handle) end();
    void *function = dlsym(library->handle, name);
    if (!function) end();
    return function;
}
