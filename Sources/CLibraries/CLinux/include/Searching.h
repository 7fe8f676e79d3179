/// Searching in memory.
#ifndef CLINUX_SEARCHING_H
#define CLINUX_SEARCHING_H

#include <stddef.h>
#include <sys/types.h>

/// memmem(3): where the pattern begins in the text for the first time, or -1. An empty pattern is at 0.
ssize_t clinux_find_bytes(const void *text, size_t text_size, const void *pattern, size_t pattern_size);

#endif
