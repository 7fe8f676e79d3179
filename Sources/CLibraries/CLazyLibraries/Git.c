// The functions of libgit2 that bake calls: libgit2 brings thirteen other libraries, among them those of Kerberos.
#include "CLazyLibraries.h"

#include <git2.h>

static struct lazy_library library = {.name = "libgit2.so." LIBGIT2_SOVERSION};

#define FORWARD(type, name, parameters, arguments) LAZY_FUNCTION(library, type, name, parameters, arguments)

FORWARD(int, git_blob_create_from_buffer, (git_oid *a, git_repository *b, const void *c, size_t d), (a, b, c, d))
FORWARD(int, git_blob_create_from_disk, (git_oid *a, git_repository *b, const char *c), (a, b, c))
FORWARD(int, git_commit_create,
    (git_oid *a, git_repository *b, const char *c, const git_signature *d, const git_signature *e, const char *f, const char *g, const git_tree *h, size_t i, const git_commit **j),
    (a, b, c, d, e, f, g, h, i, j))
FORWARD(void, git_commit_free, (git_commit *a), (a))
FORWARD(const git_oid *, git_commit_id, (const git_commit *a), (a))
FORWARD(int, git_commit_lookup, (git_commit **a, git_repository *b, const git_oid *c), (a, b, c))
FORWARD(int, git_commit_tree, (git_tree **a, const git_commit *b), (a, b))
FORWARD(const git_oid *, git_commit_tree_id, (const git_commit *a), (a))
FORWARD(int, git_credential_ssh_key_from_agent, (git_credential **a, const char *b), (a, b))
FORWARD(int, git_credential_username_new, (git_credential **a, const char *b), (a, b))
FORWARD(void, git_error_clear, (void), ())
FORWARD(const git_error *, git_error_last, (void), ())
FORWARD(int, git_fetch_options_init, (git_fetch_options *a, unsigned int b), (a, b))
FORWARD(int, git_graph_descendant_of, (git_repository *a, const git_oid *b, const git_oid *c), (a, b, c))
FORWARD(int, git_libgit2_init, (void), ())
FORWARD(void, git_object_free, (git_object *a), (a))
FORWARD(const git_oid *, git_object_id, (const git_object *a), (a))
FORWARD(int, git_object_lookup, (git_object **a, git_repository *b, const git_oid *c, git_object_t d), (a, b, c, d))
FORWARD(int, git_odb_exists, (git_odb *a, const git_oid *b), (a, b))
FORWARD(void, git_odb_free, (git_odb *a), (a))
FORWARD(const void *, git_odb_object_data, (git_odb_object *a), (a))
FORWARD(void, git_odb_object_free, (git_odb_object *a), (a))
FORWARD(size_t, git_odb_object_size, (git_odb_object *a), (a))
FORWARD(git_object_t, git_odb_object_type, (git_odb_object *a), (a))
FORWARD(int, git_odb_read, (git_odb_object **a, git_odb *b, const git_oid *c), (a, b, c))
FORWARD(int, git_odb_read_header, (size_t *a, git_object_t *b, git_odb *c, const git_oid *d), (a, b, c, d))
FORWARD(int, git_odb_write, (git_oid *a, git_odb *b, const void *c, size_t d, git_object_t e), (a, b, c, d, e))
FORWARD(int, git_oid_equal, (const git_oid *a, const git_oid *b), (a, b))
FORWARD(int, git_oid_fromstr, (git_oid *a, const char *b), (a, b))
FORWARD(int, git_proxy_options_init, (git_proxy_options *a, unsigned int b), (a, b))
FORWARD(int, git_push_options_init, (git_push_options *a, unsigned int b), (a, b))
FORWARD(void, git_packbuilder_free, (git_packbuilder *a), (a))
FORWARD(int, git_packbuilder_insert, (git_packbuilder *a, const git_oid *b, const char *c), (a, b, c))
FORWARD(int, git_packbuilder_new, (git_packbuilder **a, git_repository *b), (a, b))
FORWARD(unsigned int, git_packbuilder_set_threads, (git_packbuilder *a, unsigned int b), (a, b))
FORWARD(int, git_packbuilder_write,
    (git_packbuilder *a, const char *b, unsigned int c, git_indexer_progress_cb d, void *e),
    (a, b, c, d, e))
FORWARD(int, git_reference_create,
    (git_reference **a, git_repository *b, const char *c, const git_oid *d, int e, const char *f),
    (a, b, c, d, e, f))
FORWARD(void, git_reference_free, (git_reference *a), (a))
FORWARD(int, git_reference_list, (git_strarray *a, git_repository *b), (a, b))
FORWARD(int, git_reference_lookup, (git_reference **a, git_repository *b, const char *c), (a, b, c))
FORWARD(int, git_reference_name_to_id, (git_oid *a, git_repository *b, const char *c), (a, b, c))
FORWARD(int, git_reference_remove, (git_repository *a, const char *b), (a, b))
FORWARD(const char *, git_reference_symbolic_target, (const git_reference *a), (a))
FORWARD(int, git_remote_connect,
    (git_remote *a, git_direction b, const git_remote_callbacks *c, const git_proxy_options *d, const git_strarray *e),
    (a, b, c, d, e))
FORWARD(int, git_remote_create_anonymous, (git_remote **a, git_repository *b, const char *c), (a, b, c))
FORWARD(int, git_remote_download, (git_remote *a, const git_strarray *b, const git_fetch_options *c), (a, b, c))
FORWARD(void, git_remote_free, (git_remote *a), (a))
FORWARD(int, git_remote_init_callbacks, (git_remote_callbacks *a, unsigned int b), (a, b))
FORWARD(int, git_remote_lookup, (git_remote **a, git_repository *b, const char *c), (a, b, c))
FORWARD(int, git_remote_ls, (const git_remote_head ***a, size_t *b, git_remote *c), (a, b, c))
FORWARD(int, git_remote_push, (git_remote *a, const git_strarray *b, const git_push_options *c), (a, b, c))
FORWARD(int, git_remote_update_tips,
    (git_remote *a, const git_remote_callbacks *b, int c, git_remote_autotag_option_t d, const char *e),
    (a, b, c, d, e))
FORWARD(const char *, git_remote_url, (const git_remote *a), (a))
FORWARD(const char *, git_repository_commondir, (const git_repository *a), (a))
FORWARD(void, git_repository_free, (git_repository *a), (a))
FORWARD(int, git_repository_head_unborn, (git_repository *a), (a))
FORWARD(int, git_repository_init_ext, (git_repository **a, const char *b, git_repository_init_options *c), (a, b, c))
FORWARD(int, git_repository_init_options_init, (git_repository_init_options *a, unsigned int b), (a, b))
FORWARD(int, git_repository_is_bare, (const git_repository *a), (a))
FORWARD(int, git_repository_is_shallow, (git_repository *a), (a))
FORWARD(int, git_repository_odb, (git_odb **a, git_repository *b), (a, b))
FORWARD(int, git_repository_open_ext,
    (git_repository **a, const char *b, unsigned int c, const char *d),
    (a, b, c, d))
FORWARD(const char *, git_repository_path, (const git_repository *a), (a))
FORWARD(int, git_repository_set_head, (git_repository *a, const char *b), (a, b))
FORWARD(const char *, git_repository_workdir, (const git_repository *a), (a))
FORWARD(int, git_revparse_single, (git_object **a, git_repository *b, const char *c), (a, b, c))
FORWARD(void, git_revwalk_free, (git_revwalk *a), (a))
FORWARD(int, git_revwalk_hide, (git_revwalk *a, const git_oid *b), (a, b))
FORWARD(int, git_revwalk_new, (git_revwalk **a, git_repository *b), (a, b))
FORWARD(int, git_revwalk_next, (git_oid *a, git_revwalk *b), (a, b))
FORWARD(int, git_revwalk_push, (git_revwalk *a, const git_oid *b), (a, b))
FORWARD(int, git_revwalk_sorting, (git_revwalk *a, unsigned int b), (a, b))
FORWARD(void, git_signature_free, (git_signature *a), (a))
FORWARD(int, git_signature_new,
    (git_signature **a, const char *b, const char *c, git_time_t d, int e),
    (a, b, c, d, e))
FORWARD(const git_status_entry *, git_status_byindex, (git_status_list *a, size_t b), (a, b))
FORWARD(size_t, git_status_list_entrycount, (git_status_list *a), (a))
FORWARD(void, git_status_list_free, (git_status_list *a), (a))
FORWARD(int, git_status_list_new, (git_status_list **a, git_repository *b, const git_status_options *c), (a, b, c))
FORWARD(int, git_status_options_init, (git_status_options *a, unsigned int b), (a, b))
FORWARD(void, git_strarray_dispose, (git_strarray *a), (a))
FORWARD(void, git_tree_free, (git_tree *a), (a))
FORWARD(const git_oid *, git_tree_id, (const git_tree *a), (a))
FORWARD(void, git_treebuilder_free, (git_treebuilder *a), (a))
FORWARD(int, git_treebuilder_insert,
    (const git_tree_entry **a, git_treebuilder *b, const char *c, const git_oid *d, git_filemode_t e),
    (a, b, c, d, e))
FORWARD(int, git_treebuilder_new, (git_treebuilder **a, git_repository *b, const git_tree *c), (a, b, c))
FORWARD(int, git_treebuilder_write, (git_oid *a, git_treebuilder *b), (a, b))

// git_libgit2_opts is variadic, so Swift does not import it: one function for each shape of arguments.

typedef int (*options_function)(int option, ...);

static int (*options(void))(int option, ...) { return (options_function)CLazyLibraries_find(&library, "git_libgit2_opts"); }

int clibgit2_set_flag(int option, int value) { return options()(option, value); }

int clibgit2_set_size(int option, size_t value) { return options()(option, value); }

int clibgit2_set_search_path(int level, const char *path) { return options()(GIT_OPT_SET_SEARCH_PATH, level, path); }

int clibgit2_set_certificates(const char *file) {
    return options()(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, (const char *)0);
}

int clibgit2_set_extensions(const char **names, size_t count) {
    return options()(GIT_OPT_SET_EXTENSIONS, names, count);
}

void clibgit2_load(void) { options(); }
