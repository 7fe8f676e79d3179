#define _GNU_SOURCE
#include "include/Searching.h"

#include <string.h>

ssize_t clinux_find_bytes(const void *text, size_t text_size, const void *pattern, size_t pattern_size) {
    const char *found = memmem(text, text_size, pattern, pattern_size);
    return found ? found - (const char *)text : -1;
}
