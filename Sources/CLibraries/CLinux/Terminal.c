#define _GNU_SOURCE
#include "include/Terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int clinux_open_terminal(char *path, size_t size) {
    int controller = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (controller < 0) return -1;
    int error = unlockpt(controller) != 0 ? errno : ptsname_r(controller, path, size);
    if (error == 0) return controller;
    close(controller);
    errno = error;
    return -1;
}

int clinux_open_terminal_of(const char *multiplexer, int *number) {
    int controller = open(multiplexer, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (controller < 0) return -1;
    unsigned found = 0;
    if (unlockpt(controller) == 0 && ioctl(controller, TIOCGPTN, &found) == 0) {
        *number = (int)found;
        return controller;
    }
    int error = errno;
    close(controller);
    errno = error;
    return -1;
}

int clinux_copy_window_size(int from, int to) {
    struct winsize wanted, present;
    if (ioctl(from, TIOCGWINSZ, &wanted) != 0 || ioctl(to, TIOCGWINSZ, &present) != 0) return -1;
    // Setting it tells the programs of the terminal, so only where there is something to tell.
    if (memcmp(&wanted, &present, sizeof wanted) == 0) return 0;
    return ioctl(to, TIOCSWINSZ, &wanted);
}

int clinux_window_size(int terminal, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(terminal, TIOCGWINSZ, &size) != 0) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}
