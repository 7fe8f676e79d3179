#ifndef CLIBGIT2_SHIM_H
#define CLIBGIT2_SHIM_H

#include <git2.h>

/* git_libgit2_opts is variadic, so Swift does not import it: one line for each shape of arguments. */

/// git_libgit2_opts with one int.
static inline int clibgit2_set_flag(int option, int value) { return git_libgit2_opts(option, value); }

/// git_libgit2_opts with one size.
static inline int clibgit2_set_size(int option, size_t value) { return git_libgit2_opts(option, value); }

/// GIT_OPT_SET_SEARCH_PATH.
static inline int clibgit2_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

/// GIT_OPT_SET_SSL_CERT_LOCATIONS with a file.
static inline int clibgit2_set_certificates(const char *file) {
    return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, (const char *)0);
}

/// GIT_OPT_SET_EXTENSIONS.
static inline int clibgit2_set_extensions(const char **names, size_t count) {
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, count);
}

#endif
