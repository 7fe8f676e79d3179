#ifndef CLIBGIT2_SHIM_H
#define CLIBGIT2_SHIM_H

#include <git2.h>

/* CLazyLibraries defines what is declared here. */

/// Loads the library, which the first call of any function does as well.
void clibgit2_load(void);

/// git_libgit2_opts with one int.
int clibgit2_set_flag(int option, int value);

/// git_libgit2_opts with one size.
int clibgit2_set_size(int option, size_t value);

/// GIT_OPT_SET_SEARCH_PATH.
int clibgit2_set_search_path(int level, const char *path);

/// GIT_OPT_SET_SSL_CERT_LOCATIONS with a file.
int clibgit2_set_certificates(const char *file);

/// GIT_OPT_SET_EXTENSIONS.
int clibgit2_set_extensions(const char **names, size_t count);

#endif
