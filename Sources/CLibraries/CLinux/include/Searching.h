/// Searching in memory.
#ifndef CLINUX_SEARCHING_H
#define CLINUX_SEARCHING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Bits of a filter for `clinux_find_candidate`, one for each value of `clinux_filter_place`.
#define CLINUX_FILTER_BITS 65536

/// The bit of a filter that stands for four bytes.
uint32_t clinux_filter_place(const void *four_bytes);

/// Finds the first place from `start` on where a filter lets the next four bytes through.
/// - Returns: its offset; -1 where there is none, which is so where fewer than four bytes are left.
ssize_t clinux_find_candidate(const void *text, size_t text_size, size_t start, const uint8_t *filter);

/// Whether bytes occur in others, one after the other; none occur everywhere. memmem(3), in time linear in both.
int clinux_contains(const void *text, size_t text_size, const void *wanted, size_t wanted_size);

#endif
