#include "include/Arguments.h"

#include <stddef.h>

static char **arguments = NULL;

/// glibc gives constructors what it gives main.
__attribute__((constructor)) static void keep(int count, char **words, char **environment) {
    (void)count;
    (void)environment;
    arguments = words;
}

char **clinux_arguments(void) {
    return arguments;
}

extern char **environ;

char **clinux_environment(void) {
    return environ;
}
