#define _GNU_SOURCE
#include "include/Searching.h"

#include <string.h>

uint32_t clinux_filter_place(const void *four_bytes) {
    uint32_t value;
    memcpy(&value, four_bytes, sizeof value);
    // Knuth's multiplicative hash: the upper bits depend on all four bytes.
    return (value * 2654435761u) >> 16;
}

ssize_t clinux_find_candidate(const void *text, size_t text_size, size_t start, const uint8_t *filter) {
    const uint8_t *bytes = text;
    for (size_t place = start; place + 4 <= text_size; place++) {
        uint32_t bit = clinux_filter_place(bytes + place);
        if (filter[bit >> 3] >> (bit & 7) & 1) return (ssize_t)place;
    }
    return -1;
}

int clinux_contains(const void *text, size_t text_size, const void *wanted, size_t wanted_size) {
    return wanted_size == 0 || (text_size >= wanted_size && memmem(text, text_size, wanted, wanted_size) != NULL);
}
