// The functions of libarchive.so.13 that bake calls: libarchive brings nine other libraries, among them ICU.
#include "CLazyLibraries.h"

#include <archive.h>
#include <archive_entry.h>

static struct lazy_library library = {.name = "libarchive.so.13"};

#define FORWARD(type, name, parameters, arguments) LAZY_FUNCTION(library, type, name, parameters, arguments)

FORWARD(void, archive_clear_error, (struct archive *a), (a))
FORWARD(struct archive_entry *, archive_entry_clear, (struct archive_entry *a), (a))
FORWARD(void, archive_entry_copy_hardlink, (struct archive_entry *a, const char *b), (a, b))
FORWARD(void, archive_entry_copy_pathname, (struct archive_entry *a, const char *b), (a, b))
FORWARD(void, archive_entry_copy_symlink, (struct archive_entry *a, const char *b), (a, b))
FORWARD(mode_t, archive_entry_filetype, (struct archive_entry *a), (a))
FORWARD(void, archive_entry_free, (struct archive_entry *a), (a))
FORWARD(la_int64_t, archive_entry_gid, (struct archive_entry *a), (a))
FORWARD(const char *, archive_entry_hardlink, (struct archive_entry *a), (a))
FORWARD(struct archive_entry *, archive_entry_new, (void), ())
FORWARD(const char *, archive_entry_pathname, (struct archive_entry *a), (a))
FORWARD(void, archive_entry_set_filetype, (struct archive_entry *a, unsigned int b), (a, b))
FORWARD(void, archive_entry_set_gid, (struct archive_entry *a, la_int64_t b), (a, b))
FORWARD(void, archive_entry_set_mtime, (struct archive_entry *a, time_t b, long c), (a, b, c))
FORWARD(void, archive_entry_set_perm, (struct archive_entry *a, mode_t b), (a, b))
FORWARD(void, archive_entry_set_size, (struct archive_entry *a, la_int64_t b), (a, b))
FORWARD(void, archive_entry_set_uid, (struct archive_entry *a, la_int64_t b), (a, b))
FORWARD(la_int64_t, archive_entry_size, (struct archive_entry *a), (a))
FORWARD(const char *, archive_entry_symlink, (struct archive_entry *a), (a))
FORWARD(la_int64_t, archive_entry_uid, (struct archive_entry *a), (a))
FORWARD(void, archive_entry_xattr_add_entry,
    (struct archive_entry *a, const char *b, const void *c, size_t d),
    (a, b, c, d))
FORWARD(int, archive_entry_xattr_next,
    (struct archive_entry *a, const char **b, const void **c, size_t *d),
    (a, b, c, d))
FORWARD(int, archive_entry_xattr_reset, (struct archive_entry *a), (a))
FORWARD(const char *, archive_error_string, (struct archive *a), (a))
FORWARD(la_int64_t, archive_filter_bytes, (struct archive *a, int b), (a, b))
FORWARD(int, archive_read_append_filter, (struct archive *a, int b), (a, b))
FORWARD(la_ssize_t, archive_read_data, (struct archive *a, void *b, size_t c), (a, b, c))
FORWARD(int, archive_read_free, (struct archive *a), (a))
FORWARD(struct archive *, archive_read_new, (void), ())
FORWARD(int, archive_read_next_header, (struct archive *a, struct archive_entry **b), (a, b))
FORWARD(int, archive_read_open,
    (struct archive *a, void *b, archive_open_callback *c, archive_read_callback *d, archive_close_callback *e),
    (a, b, c, d, e))
FORWARD(int, archive_read_set_format, (struct archive *a, int b), (a, b))
FORWARD(int, archive_read_support_format_tar, (struct archive *a), (a))
FORWARD(const char *, archive_version_string, (void), ())
FORWARD(int, archive_write_close, (struct archive *a), (a))
FORWARD(la_ssize_t, archive_write_data, (struct archive *a, const void *b, size_t c), (a, b, c))
FORWARD(int, archive_write_fail, (struct archive *a), (a))
FORWARD(int, archive_write_free, (struct archive *a), (a))
FORWARD(int, archive_write_header, (struct archive *a, struct archive_entry *b), (a, b))
FORWARD(struct archive *, archive_write_new, (void), ())
FORWARD(int, archive_write_open,
    (struct archive *a, void *b, archive_open_callback *c, archive_write_callback *d, archive_close_callback *e),
    (a, b, c, d, e))
FORWARD(int, archive_write_set_bytes_in_last_block, (struct archive *a, int b), (a, b))
FORWARD(int, archive_write_set_bytes_per_block, (struct archive *a, int b), (a, b))
FORWARD(int, archive_write_set_format_option,
    (struct archive *a, const char *b, const char *c, const char *d),
    (a, b, c, d))
FORWARD(int, archive_write_set_format_pax_restricted, (struct archive *a), (a))
