/// Calls on terminals that Glibc's Swift overlay does not import.
#ifndef CLINUX_TERMINAL_H
#define CLINUX_TERMINAL_H

#include <stddef.h>

/// Makes a pseudoterminal. Returns the controlling side and writes the path of the other into `path`, or -1 with errno.
int clinux_open_terminal(char *path, size_t size);

/// Makes a pseudoterminal by the `ptmx` of a file system of terminals. Returns the controlling side and writes the name of
/// the other there, a number, into `number`; or -1 with errno.
int clinux_open_terminal_of(const char *multiplexer, int *number);

/// Gives one terminal the size of another, where it differs. Returns 0 or -1 with errno.
int clinux_copy_window_size(int from, int to);

/// The size of a terminal in letters. Returns 0 or -1 with errno.
int clinux_window_size(int terminal, int *columns, int *rows);

#endif
