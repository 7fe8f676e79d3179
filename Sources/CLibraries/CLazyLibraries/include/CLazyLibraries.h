/// Functions of shared libraries under their own names, each library loaded when the first of its functions is called.
///
/// A bake that has nothing to do calls none of them, and loading them took it longer than its work. What is declared in the
/// library's own header is defined here, and passed on.
#ifndef CLAZYLIBRARIES_H
#define CLAZYLIBRARIES_H

#include <stddef.h>

/// A library that may be loaded already.
struct lazy_library {
    /// As the dynamic linker finds it, `libgit2.so.1.5`.
    const char *name;
    /// What dlopen(3) gave; NULL before.
    void *_Atomic handle;
};

/// Finds a function and loads its library first. Where that cannot be done the process ends as the dynamic linker would end
/// it: a message and exit status 127.
void *CLazyLibraries_find(struct lazy_library *library, const char *name);

/// Defines a function of a library.
#define LAZY_FUNCTION(library, type, name, parameters, arguments)                         \
    type name parameters {                                                                \
        static __typeof__(&name) _Atomic function;                                        \
        if (!function) function = (__typeof__(&name))CLazyLibraries_find(&library, #name); \
        return function arguments;                                                        \
    }

#endif
